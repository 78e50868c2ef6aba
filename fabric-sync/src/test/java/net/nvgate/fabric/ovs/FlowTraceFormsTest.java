package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.Policies.BLUE;
import static net.nvgate.fabric.ovs.TraceSwitch.BLUE_103;
import static net.nvgate.fabric.ovs.TraceSwitch.BLUE_3;
import static net.nvgate.fabric.ovs.TraceSwitch.TUNNEL;
import static net.nvgate.fabric.ovs.TraceSwitch.assertDropped;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Packets through the program of policy in its other forms: a PA per VSID, a gateway in the VMs' subnet, L2Only records. */
class FlowTraceFormsTest {

    private static final IpAddress PA_A2 = IpAddress.parse("10.0.0.21");
    private static final IpAddress PA_B2 = IpAddress.parse("10.0.0.22");
    private static final IpAddress ANY = IpAddress.parse("0.0.0.0");

    @BeforeAll
    static void needsOvs() {
        Assumptions.assumeTrue(OvsSandbox.isPossible(), "SKIPPED: Open vSwitch is not installed, nothing was traced");
    }

    private static String send(int inPort, int last, String destination) {
        return "tcp,in_port=" + inPort + ",dl_src=" + BLUE.mac(last) + ",dl_dst=" + BLUE.mac(1) + ",nw_src="
                + BLUE.vmAddress(last) + ",nw_dst=" + destination + ",nw_ttl=64,tcp_src=4000,tcp_dst=80";
    }

    private static String fromWire(int vsid, IpAddress from, IpAddress to, String source, int last) {
        return "tcp,in_port=" + TUNNEL + ",tun_id=0x" + Integer.toHexString(vsid << 8) + ",tun_src=" + from
                + ",tun_dst=" + to + ",dl_src=" + BLUE.mac(0xfe) + ",dl_dst=" + BLUE.mac(last) + ",nw_src=" + source
                + ",nw_dst=" + BLUE.vmAddress(last) + ",nw_ttl=64,tcp_src=80,tcp_dst=4000";
    }

    /** Blue's second VSID has PAs of its own on both hosts. */
    private static List<PolicyObject> paPerVsid() {
        List<PolicyObject> objects = new ArrayList<>(Policies.hostA());
        objects.removeAll(List.of(BLUE.vmRecord(103, Policies.PA_A), BLUE.vmRecord(105, Policies.PA_B)));
        objects.addAll(
                List.of(new ProviderAddress(PA_A2, 24, 0), BLUE.vmRecord(103, PA_A2), BLUE.vmRecord(105, PA_B2)));
        return objects;
    }

    @Test
    void eachVmSendsFromThePaOfItsVsidAndIsBelievedFromItAlone() throws Exception {
        try (TraceSwitch traced = new TraceSwitch(paPerVsid())) {
            assertThat(traced.trace(send(BLUE_3, 3, "192.168.2.105")))
                    .containsPattern("Final flow: .*tun_src=10.0.0.11,tun_dst=10.0.0.22,");
            assertThat(traced.trace(send(BLUE_103, 103, "192.168.1.5")))
                    .containsPattern("Final flow: .*tun_src=10.0.0.21,tun_dst=10.0.0.12,");
            assertThat(traced.trace(send(BLUE_103, 103, "203.0.113.10")))
                    .containsPattern("Final flow: .*tun_src=10.0.0.21,tun_dst=10.0.0.1,");
            assertThat(traced.trace(fromWire(6001, PA_B2, PA_A2, "192.168.2.105", 103)))
                    .contains("Datapath actions: " + BLUE_103 + "\n");
            assertDropped(
                    traced.trace(fromWire(6001, Policies.PA_B, PA_A2, "192.168.2.105", 103)),
                    FlowCounter.SPOOFED_SOURCE);
        }
    }

    /** The gateway is 192.168.1.2 of the VMs' subnet, with the VMs' VSID; its wildcard is on all hosts. */
    private static List<PolicyObject> sharedVsid() {
        IpAddress gateway = IpAddress.parse("192.168.1.2");
        List<PolicyObject> objects = new ArrayList<>();
        for (PolicyObject object : Policies.hostA()) {
            boolean ofGatewaySubnet = switch (object) {
                case LookupRecord record -> record.vsid().equals(BLUE.gatewayVsid());
                case CustomerRoute route -> route.vsid().equals(BLUE.gatewayVsid());
                case VirtualSubnet subnet -> subnet.vsid().equals(BLUE.gatewayVsid());
                default -> false;
            };
            if (!ofGatewaySubnet) {
                objects.add(object);
            }
        }
        objects.add(BLUE.record(BLUE.vmVsid(), gateway, BLUE.mac(0xfe), Policies.PA_GATEWAY, ""));
        objects.add(new CustomerRoute(BLUE.rdid(), BLUE.vmVsid(), IpPrefix.parse("0.0.0.0/0"), gateway, 255));
        objects.add(new LookupRecord(
                BLUE.rdid(),
                BLUE.vmVsid(),
                ANY,
                BLUE.mac(0xfe),
                Policies.PA_GATEWAY,
                LookupRecord.Type.GATEWAY_WILDCARD,
                ""));
        return objects;
    }

    @Test
    void aGatewayInTheVmsSubnetIsTheHopThatTenantsSee() throws Exception {
        try (TraceSwitch traced = new TraceSwitch(sharedVsid())) {
            for (String out : List.of(
                    traced.trace(send(BLUE_3, 3, "203.0.113.10")), traced.trace(send(BLUE_103, 103, "203.0.113.10")))) {
                assertThat(out)
                        .contains("NXM_NX_TUN_ID[8..31] is now 0x1770")
                        .containsPattern("Final flow: .*tun_dst=10.0.0.1,")
                        .containsPattern("Final flow: .*dl_dst=" + BLUE.mac(0xfe) + ",")
                        .containsPattern("Final flow: .*nw_ttl=64,");
            }
            assertThat(traced.trace(fromWire(6000, Policies.PA_GATEWAY, Policies.PA_A, "203.0.113.10", 3)))
                    .contains("Datapath actions: " + BLUE_3 + "\n");
            assertDropped(
                    traced.trace(fromWire(6000, Policies.PA_GATEWAY, Policies.PA_A, "192.168.1.5", 3)),
                    FlowCounter.SPOOFED_SOURCE);
        }
    }

    @Test
    void aVmWithAnL2OnlyRecordAloneIsOutOfReachAndRefusesNothing() throws Exception {
        List<PolicyObject> objects = new ArrayList<>(Policies.hostA());
        objects.add(new LookupRecord(
                BLUE.rdid(), BLUE.vmVsid(), ANY, BLUE.mac(77), Policies.PA_B, LookupRecord.Type.L2_ONLY, "guest"));
        try (TraceSwitch traced = new TraceSwitch(objects)) {
            assertDropped(traced.trace(send(BLUE_3, 3, "192.168.1.77")), FlowCounter.NO_RECORD);
            assertThat(traced.trace(send(BLUE_3, 3, "203.0.113.10")))
                    .containsPattern("Final flow: .*tun_src=10.0.0.11,tun_dst=10.0.0.1,");
        }
    }
}
