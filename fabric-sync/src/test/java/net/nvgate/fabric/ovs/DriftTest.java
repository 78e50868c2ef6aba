package net.nvgate.fabric.ovs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.ovs.DriftKind.Finding;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the agent finds changed in a real Open vSwitch (dummy datapath), and that it finds nothing where nothing is. */
@Timeout(180)
class DriftTest {

    @Test
    void theWholeProgramIsFoundUnchangedAndEachChangeIsFound() throws Exception {
        Assumptions.assumeTrue(OvsSandbox.isPossible(), "SKIPPED: no Open vSwitch");
        List<Flow> program =
                FlowProgram.of(HostPolicy.of(1, Policies.hostAWithIpv6()), TraceSwitch.ofports(), TraceSwitch.TUNNEL);
        try (OvsSandbox ovs = new OvsSandbox()) {
            OvsSwitch vswitch = new OvsSwitch(ovs.commands, ovs.settings());
            vswitch.ensureBridges();
            vswitch.replaceFlows(program);
            assertThat(vswitch.difference(program)).isEmpty();

            String bridge = ovs.settings().rundir() + "/br-vs.mgmt";
            String[] strict = {"ovs-ofctl", "-O", "OpenFlow15", "--strict"};
            ovs.commands.run(strict[0], strict[1], strict[2], strict[3], "del-flows", bridge, "table=30,priority=0");
            ovs.commands.run(strict[0], strict[1], strict[2], "add-flow", bridge, "table=0,priority=7,actions=drop");
            ovs.commands.run(strict[0], strict[1], strict[2], "add-flow", bridge, "table=50,priority=0,actions=drop");
            assertThat(vswitch.flowCount()).isEqualTo(program.size());
            Optional<Finding> found = vswitch.difference(program);
            assertThat(found).isPresent();
            assertThat(found.get().kind()).isEqualTo(DriftKind.FLOWS);
            // One missing, one foreign, one with another cookie.
            assertThat(found.get().count()).isEqualTo(2);
            vswitch.replaceFlows(program);
            assertThat(vswitch.difference(program)).isEmpty();
        }
    }

    /** The provider bridge may be somebody's who lets it speak older OpenFlow only. */
    @Test
    void aProviderBridgeOfOtherVersionsIsLookedAtToo() throws Exception {
        Assumptions.assumeTrue(OvsSandbox.isPossible(), "SKIPPED: no Open vSwitch");
        try (OvsSandbox ovs = new OvsSandbox()) {
            OvsSwitch vswitch = new OvsSwitch(ovs.commands, ovs.settings());
            vswitch.ensureBridges();
            for (String protocols : List.of("OpenFlow13", "OpenFlow10", "OpenFlow14,OpenFlow15")) {
                ovs.vsctl("set", "bridge", "br-prv", "protocols=" + protocols);
                String first = protocols.split(",", 2)[0];
                ovs.commands.run(
                        "ovs-ofctl", "-O", first, "del-flows", ovs.settings().rundir() + "/br-prv.mgmt");
                assertThat(vswitch.providerForwards()).isFalse();
                vswitch.letProviderForward();
                assertThat(vswitch.providerForwards()).isTrue();
            }
        }
    }

    @Test
    void settingsThatOthersChangeAreNamed() throws Exception {
        Assumptions.assumeTrue(OvsSandbox.isPossible(), "SKIPPED: no Open vSwitch");
        BlockingQueue<SwitchView> views = new ArrayBlockingQueue<>(1000);
        try (OvsSandbox ovs = new OvsSandbox()) {
            AgentSettings.Switch settings = ovs.settings();
            OvsSwitch vswitch = new OvsSwitch(ovs.commands, settings);
            vswitch.ensureBridges();
            try (OvsdbMonitor monitor = new OvsdbMonitor(settings.database(), "br-vs", "br-prv", views::add)) {
                monitor.start();
                awaitKinds(views, settings);
                ovs.vsctl("set", "bridge", "br-vs", "fail_mode=standalone");
                awaitKinds(views, settings, DriftKind.BRIDGE_SETTING);
                ovs.vsctl("set-controller", "br-vs", "unix:/nonexistent");
                awaitKinds(views, settings, DriftKind.BRIDGE_SETTING, DriftKind.BRIDGE_SETTING);
                ovs.vsctl("set", "bridge", "br-vs", "protocols=OpenFlow10");
                ovs.vsctl("set", "interface", "nvgre0", "options:csum=true");
                vswitch.ensureBridges();
                awaitKinds(views, settings);
                ovs.vsctl("del-port", "nvgre0");
                awaitKinds(views, settings, DriftKind.TUNNEL);
                ovs.vsctl("set", "port", "br-prv", "tag=7");
                awaitKinds(views, settings, DriftKind.TUNNEL, DriftKind.PROVIDER_VLAN);
                ovs.vsctl("del-br", "br-prv", "--", "del-br", "br-vs");
                awaitKinds(views, settings, DriftKind.BRIDGE, DriftKind.BRIDGE);
                vswitch.ensureBridges();
                awaitKinds(views, settings);
            }
        }
    }

    /** The agent itself sets the VLAN; until the database has told so, what it told before is nobody's doing. */
    @Test
    void aViewFromBeforeTheVlanWasSetIsNoDrift() throws Exception {
        Assumptions.assumeTrue(OvsSandbox.isPossible(), "SKIPPED: no Open vSwitch");
        try (OvsSandbox ovs = new OvsSandbox()) {
            OvsSwitch vswitch = new OvsSwitch(ovs.commands, ovs.settings());
            vswitch.ensureBridges();
            ProviderVlan vlan = new ProviderVlan(vswitch);
            assertThat(vlan.expectedOf(tagged(3))).as("nothing was set").isEqualTo(ProviderVlan.UNKNOWN);
            vlan.set(7);
            assertThat(vswitch.providerVlan()).isEqualTo(7);
            assertThat(vlan.expectedOf(tagged(0))).as("told before").isEqualTo(ProviderVlan.UNKNOWN);
            assertThat(vlan.expectedOf(tagged(7))).isEqualTo(7);
            assertThat(vlan.expectedOf(tagged(0)))
                    .as("changed after it was right")
                    .isEqualTo(7);

            vlan.set(0);
            assertThat(vswitch.providerVlan()).isZero();
            ovs.vsctl("set", "port", "br-prv", "tag=9");
            assertThat(vlan.expectedOf(tagged(9)))
                    .as("changed before it was told")
                    .isZero();
            vlan.forget();
            vlan.set(0);
            assertThat(vswitch.providerVlan()).as("written anew").isZero();
        }
    }

    private static SwitchView tagged(int tag) {
        return new SwitchView(
                Optional.empty(),
                Optional.of(new BridgeView("1", "dummy", "", Set.of(), false, Map.of(), tag, List.of())));
    }

    /** Waits for a view in which exactly this is wrong. */
    private static void awaitKinds(BlockingQueue<SwitchView> views, AgentSettings.Switch settings, DriftKind... kinds)
            throws Exception {
        List<Finding> found = List.of();
        SwitchView view;
        while ((view = views.poll(60, TimeUnit.SECONDS)) != null) {
            found = SwitchRules.differences(view, settings, 0);
            if (found.stream().map(Finding::kind).toList().equals(List.of(kinds))) {
                return;
            }
        }
        assertThat(found).extracting(Finding::kind).containsExactly(kinds);
    }
}
