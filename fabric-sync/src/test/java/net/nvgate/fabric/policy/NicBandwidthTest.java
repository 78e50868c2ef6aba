package net.nvgate.fabric.policy;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static net.nvgate.fabric.policy.PolicyFixture.gateway;
import static net.nvgate.fabric.policy.PolicyFixture.host;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.PortProfile.Bandwidth;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.PolicyObject.NicBandwidth;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bandwidth of port profiles on its way to gateways and hosts. The fixture compares each step with a projection from scratch. */
@Timeout(300)
class NicBandwidthTest {

    private static final NodeId GW = gateway("gw");
    private static final NodeId H1 = host("h1");
    private static final Bandwidth WEIGHT_30 = new Bandwidth(Optional.empty(), Optional.of(30), Optional.empty());
    private static final Bandwidth MOST_100 = new Bandwidth(Optional.of(10), Optional.empty(), Optional.of(100));

    @TempDir
    private Path directory;

    private PolicyFixture fixture;
    private TestFabric fabric;
    private Host host;
    private VmNetwork blue;
    private VmSubnet web;
    private FabricObject silver;
    private FabricObject profile;
    private FabricObject uplink;
    private FabricObject logicalSwitch;
    private Vm vm;

    @BeforeEach
    void build() {
        fixture = new PolicyFixture(directory, 1);
        fabric = fixture.fabric;
        host = fabric.host("h1");
        blue = fabric.vmNetwork("blue");
        web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        fabric.attach("blue-gw", blue, fabric.gateway("gw", 50));
        silver = fabric.make(Kind.PORT_CLASSIFICATION, named("silver"));
        profile = profile("silver", "{\"minimumWeight\":30}");
        uplink = fabric.make(Kind.UPLINK_PORT_PROFILE, named("uplink"));
        logicalSwitch = logicalSwitch("switch", profile);
        fabric.vm("plain", host, web);
        vm = (Vm) fabric.make(
                Kind.VM,
                named("vm") + field("hostId", host.id()) + ",\"nics\":[{\"vmSubnetId\":\"" + web.id() + "\""
                        + field("portClassificationId", silver.id()) + "}]");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private FabricObject profile(String name, String bandwidth) {
        return fabric.make(Kind.PORT_PROFILE, named(name) + ",\"bandwidth\":" + bandwidth);
    }

    private FabricObject logicalSwitch(String name, FabricObject means) {
        return fabric.make(
                Kind.LOGICAL_SWITCH,
                named(name) + ",\"uplinkPortProfileIds\":[\"" + uplink.id() + "\"]," + virtualPorts(means));
    }

    private String virtualPorts(FabricObject means) {
        return "\"virtualPorts\":[{\"portClassificationId\":\"" + silver.id() + "\",\"portProfileId\":\"" + means.id()
                + "\"}]";
    }

    private String connects(FabricObject which) {
        return "\"switches\":[{\"logicalSwitchId\":\"" + which.id() + "\",\"uplinkPortProfileId\":\"" + uplink.id()
                + "\",\"adapters\":[\"eth0\"]}]";
    }

    private PolicyChange.Put atGateway(Bandwidth bandwidth) {
        Vm.Nic nic = vm.nics().getFirst();
        return new PolicyChange.Put(new NicBandwidth(nic.id(), blue.rdid(), nic.addresses(), bandwidth));
    }

    private PolicyChange.Remove goneAtGateway() {
        return new PolicyChange.Remove("bandwidth/" + vm.nics().getFirst().id());
    }

    private Bandwidth onHost() {
        PolicyObject port =
                fixture.policy(H1).get("port/" + vm.nics().getFirst().id());
        return ((VirtualPort) Objects.requireNonNull(port)).bandwidth();
    }

    @Test
    void aProfileIsFoundByTheClassificationOfTheNic() {
        assertThat(fixture.news(GW)).contains(atGateway(WEIGHT_30));
        assertThat(fixture.policy(GW).keySet())
                .filteredOn(key -> key.startsWith("bandwidth/"))
                .hasSize(1);
        assertThat(onHost()).isEqualTo(WEIGHT_30);
        assertThat(fixture.policy(H1).keySet()).noneMatch(key -> key.startsWith("bandwidth/"));
    }

    @Test
    void aChangedProfileChangesThePolicyOfItsNicsAlone() {
        fixture.policy(GW);
        fabric.patch(profile, "\"bandwidth\":{\"minimumWeight\":null,\"minimumMbps\":10,\"maximumMbps\":100}");
        assertThat(fixture.news(GW)).containsExactly(atGateway(MOST_100));
        assertThat(onHost()).isEqualTo(MOST_100);
        fabric.patch(profile, "\"security\":{\"dhcpGuard\":true}");
        assertThat(fixture.news(GW)).isEmpty();
        fabric.patch(profile, "\"bandwidth\":null");
        assertThat(fixture.news(GW)).containsExactly(goneAtGateway());
        assertThat(onHost()).isEqualTo(Bandwidth.UNLIMITED);
    }

    @Test
    void aSwitchAndAHostMayMeanAnotherProfile() {
        fixture.policy(GW);
        fabric.patch(host, connects(logicalSwitch));
        assertThat(fixture.news(GW))
                .as("of which nobody says anything has all switches")
                .isEmpty();
        FabricObject other = profile("other", "{\"minimumMbps\":10,\"maximumMbps\":100}");
        fabric.patch(logicalSwitch, virtualPorts(other));
        assertThat(fixture.news(GW)).containsExactly(atGateway(MOST_100));
        FabricObject second = logicalSwitch("second", profile);
        fixture.policy(GW);
        fabric.patch(host, connects(second));
        assertThat(fixture.news(GW)).containsExactly(atGateway(WEIGHT_30));
        assertThat(onHost()).isEqualTo(WEIGHT_30);
        fabric.patch(logicalSwitch, virtualPorts(profile));
        assertThat(fixture.news(GW)).as("the host does not have that switch").isEmpty();
        fabric.patch(second, "\"virtualPorts\":[]");
        assertThat(fixture.news(GW)).containsExactly(goneAtGateway());
    }

    @Test
    void whatGoesByTheAdapterItselfIsNotLimited() {
        fixture.policy(GW);
        fabric.patch(profile, "\"offload\":{\"sriov\":true}");
        assertThat(fixture.news(GW)).as("the switch does not offer it").isEmpty();
        fabric.patch(logicalSwitch, "\"sriov\":true");
        assertThat(fixture.news(GW)).containsExactly(goneAtGateway());
    }

    @Test
    void theDifferenceOfARevisionNamesWhatAProfileChanged() {
        FabricObject changed = fabric.patch(profile, "\"bandwidth\":null");
        fabric.patch(profile, "\"bandwidth\":{\"minimumWeight\":50}");
        try (PolicyProjection projection = new PolicyProjection(fixture.store, 1000, new SimpleMeterRegistry())) {
            List<PolicyDifference> differences =
                    projection.difference(changed.changedRevision()).orElseThrow();
            assertThat(differences).extracting(PolicyDifference::node).containsExactlyInAnyOrder(GW, H1);
            assertThat(differences)
                    .flatExtracting(PolicyDifference::objects)
                    .extracting(PolicyDifference.Item::key)
                    .containsExactlyInAnyOrder(
                            goneAtGateway().key(),
                            "port/" + vm.nics().getFirst().id());
        }
    }
}
