package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.Policies.BLUE;
import static net.nvgate.fabric.ovs.Policies.RED;
import static net.nvgate.fabric.ovs.TraceSwitch.BLUE_103;
import static net.nvgate.fabric.ovs.TraceSwitch.BLUE_3;
import static net.nvgate.fabric.ovs.TraceSwitch.BLUE_4;
import static net.nvgate.fabric.ovs.TraceSwitch.RED_3;
import static net.nvgate.fabric.ovs.TraceSwitch.TUNNEL;
import static net.nvgate.fabric.ovs.TraceSwitch.assertDropped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.ovs.Policies.Tenant;
import net.nvgate.fabric.policy.PolicyObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Packets traced through the program in a real switch (dummy datapath): what leaves, where, with which key and MACs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlowTraceTest {

    private TraceSwitch traced;

    @BeforeAll
    void start() throws Exception {
        Assumptions.assumeTrue(OvsSandbox.isPossible(), "SKIPPED: Open vSwitch is not installed, nothing was traced");
        traced = new TraceSwitch(Policies.hostA());
    }

    @AfterAll
    void stop() throws Exception {
        if (traced != null) {
            traced.close();
        }
    }

    private String trace(String flow) throws CommandException {
        return traced.trace(flow);
    }

    private String send(int inPort, Tenant tenant, int last, String destination) throws CommandException {
        return trace(tcp(inPort, tenant, last, destination) + ",nw_ttl=64");
    }

    private static String tcp(int inPort, Tenant tenant, int last, String destination) {
        return "tcp,in_port=" + inPort + ",dl_src=" + tenant.mac(last) + ",dl_dst=" + tenant.mac(1) + ",nw_src="
                + tenant.vmAddress(last) + ",nw_dst=" + destination + ",tcp_src=4000,tcp_dst=80";
    }

    private static String fromWire(Tenant tenant, String key, String pa, String source, int last) {
        return "tcp,in_port=" + TUNNEL + ",tun_id=" + key + ",tun_src=" + pa + ",tun_dst=10.0.0.11,dl_src="
                + tenant.mac(0xfe) + ",dl_dst=" + tenant.mac(last) + ",nw_src=" + source + ",nw_dst="
                + tenant.vmAddress(last) + ",nw_ttl=64,tcp_src=80,tcp_dst=4000";
    }

    private static void assertTunnelled(String trace, int vsid, String pa, String mac, int ttl) {
        assertThat(trace)
                .contains("NXM_NX_TUN_ID[8..31] is now 0x" + Integer.toHexString(vsid))
                .contains("output to native tunnel")
                .containsPattern("Final flow: .*tun_src=10.0.0.11,tun_dst=" + pa + ",")
                .containsPattern("Final flow: .*dl_dst=" + mac + ",")
                .containsPattern("Final flow: .*nw_ttl=" + ttl + ",");
    }

    @Test
    void vmOnAnotherHostInTheSameSubnet() throws Exception {
        String trace = send(BLUE_3, BLUE, 3, "192.168.1.5");
        assertTunnelled(trace, 6000, "10.0.0.12", BLUE.mac(5).toString(), 64);
        assertThat(trace).containsPattern("Final flow: .*dl_src=" + BLUE.mac(3) + ",");
    }

    @Test
    void vmOnAnotherHostInAnotherSubnetIsRouted() throws Exception {
        String trace = send(BLUE_3, BLUE, 3, "192.168.2.105");
        assertTunnelled(trace, 6001, "10.0.0.12", BLUE.mac(105).toString(), 63);
        assertThat(trace).containsPattern("Final flow: .*dl_src=" + BLUE.mac(0xf1) + ",");
    }

    @Test
    void outsideGoesToTheGatewayWithItsVsidAndMacAndTheGatewayCountsTheTtl() throws Exception {
        assertTunnelled(
                send(BLUE_3, BLUE, 3, "203.0.113.10"),
                5000,
                "10.0.0.1",
                BLUE.mac(0xfe).toString(),
                64);
        assertTunnelled(
                trace(tcp(BLUE_3, BLUE, 3, "203.0.113.10") + ",nw_ttl=1"),
                5000,
                "10.0.0.1",
                BLUE.mac(0xfe).toString(),
                1);
    }

    @Test
    void tenantsWithTheSameAddressesStayApart() throws Exception {
        assertTunnelled(
                send(RED_3, RED, 3, "192.168.1.5"),
                16_000_000,
                "10.0.0.12",
                RED.mac(5).toString(),
                64);
    }

    @Test
    void flowIdFollowsTheFlow() throws Exception {
        Pattern flowId = Pattern.compile("TUN_ID\\[0\\.\\.7\\] is now (\\S+)");
        Set<String> seen = new HashSet<>();
        for (int port = 1000; port < 1032; port++) {
            String flow = tcp(BLUE_3, BLUE, 3, "192.168.1.5").replace("tcp_src=4000", "tcp_src=" + port);
            Matcher first = flowId.matcher(trace(flow + ",nw_ttl=64"));
            Matcher again = flowId.matcher(trace(flow + ",nw_ttl=64"));
            assertThat(first.find() && again.find()).isTrue();
            assertThat(again.group(1)).isEqualTo(first.group(1));
            seen.add(first.group(1));
        }
        assertThat(seen).hasSizeGreaterThan(16);
    }

    @Test
    void vmsOfOneTenantOnThisHostTalkWithoutTheWire() throws Exception {
        assertThat(send(BLUE_3, BLUE, 3, "192.168.1.4"))
                .contains("Datapath actions: set(eth(dst=" + BLUE.mac(4) + "))," + BLUE_4 + "\n");
        assertThat(send(BLUE_3, BLUE, 3, "192.168.2.103"))
                .contains(
                        "set(eth(src=" + BLUE.mac(0xf1) + ",dst=" + BLUE.mac(103) + ")),set(ipv4(ttl=63))," + BLUE_103);
    }

    @Test
    void spoofedSendersAreDropped() throws Exception {
        assertDropped(send(BLUE_3, BLUE, 4, "192.168.1.5"), FlowCounter.SPOOFED_MAC);
        String address = tcp(BLUE_3, BLUE, 3, "192.168.1.5").replace("nw_src=192.168.1.3", "nw_src=192.168.1.4");
        assertDropped(trace(address), FlowCounter.SPOOFED_ADDRESS);
        assertDropped(trace("dl_type=0x88cc,in_port=10,dl_src=" + BLUE.mac(3)), FlowCounter.NOT_IP);
        assertDropped(trace(tcp(BLUE_3, BLUE, 3, "192.168.1.5") + ",dl_vlan=7,dl_vlan_pcp=0"), FlowCounter.VLAN_TAG);
        assertDropped(trace("tcp,in_port=77,dl_src=" + BLUE.mac(3)), FlowCounter.UNKNOWN_PORT);
    }

    @Test
    void undeliverableDestinationsAreDroppedByReason() throws Exception {
        assertDropped(send(BLUE_3, BLUE, 3, "192.168.1.77"), FlowCounter.NO_RECORD);
        assertDropped(send(BLUE_3, BLUE, 3, "192.168.1.1"), FlowCounter.TO_ROUTER);
        assertDropped(send(RED_3, RED, 3, "192.168.1.4"), FlowCounter.NOT_PLUGGED);
        assertDropped(trace(tcp(BLUE_3, BLUE, 3, "192.168.2.105") + ",nw_ttl=1"), FlowCounter.TTL_EXPIRED);
        String broadcast =
                tcp(BLUE_3, BLUE, 3, "192.168.1.255").replace("dl_dst=" + BLUE.mac(1), "dl_dst=ff:ff:ff:ff:ff:ff");
        assertDropped(trace(broadcast), FlowCounter.MULTICAST);
        assertDropped(send(BLUE_3, BLUE, 3, "239.1.1.1"), FlowCounter.MULTICAST);
    }

    private static String arp(int inPort, Tenant tenant, int last, String sender, String target) {
        return "arp,in_port=" + inPort + ",dl_src=" + tenant.mac(last) + ",dl_dst=ff:ff:ff:ff:ff:ff,arp_op=1,arp_sha="
                + tenant.mac(last) + ",arp_spa=" + sender + ",arp_tpa=" + target;
    }

    @Test
    void arpIsAnsweredHereFromTheRecords() throws Exception {
        assertThat(trace(arp(BLUE_3, BLUE, 3, "192.168.1.3", "192.168.1.1")))
                .contains("sip=192.168.1.1,tip=192.168.1.3,op=2,sha=" + BLUE.mac(1) + ",tha=" + BLUE.mac(3) + ")),"
                        + BLUE_3);
        assertThat(trace(arp(RED_3, RED, 3, "192.168.1.3", "192.168.1.5")))
                .contains("sip=192.168.1.5,tip=192.168.1.3,op=2,sha=" + RED.mac(5) + ",tha=" + RED.mac(3) + ")),"
                        + RED_3);
        assertDropped(trace(arp(BLUE_3, BLUE, 3, "192.168.1.3", "192.168.1.77")), FlowCounter.ARP_UNKNOWN);
        // A record of another virtual subnet is out of reach of ARP.
        assertDropped(trace(arp(BLUE_3, BLUE, 3, "192.168.1.3", "192.168.2.105")), FlowCounter.ARP_UNKNOWN);
        assertDropped(trace(arp(BLUE_3, BLUE, 3, "192.168.1.4", "192.168.1.1")), FlowCounter.SPOOFED_ARP);
        assertDropped(trace(arp(BLUE_3, BLUE, 3, "192.168.1.3", "192.168.1.3")), FlowCounter.GRATUITOUS_ARP);
    }

    @Test
    void wireDeliversWhatTheRecordsAllow() throws Exception {
        String fromVm = fromWire(BLUE, "0x177042", "10.0.0.12", "192.168.1.5", 3);
        assertThat(trace(fromVm)).contains("Datapath actions: " + BLUE_3 + "\n");
        assertThat(trace(fromVm.replace("0x177042", "0x177000"))).contains("Datapath actions: " + BLUE_3 + "\n");
        assertThat(trace(fromWire(BLUE, "0x177001", "10.0.0.1", "203.0.113.10", 3)))
                .contains("Datapath actions: " + BLUE_3 + "\n");
        assertThat(trace(fromWire(BLUE, "0x177001", "10.0.0.1", "10.254.254.2", 3)))
                .contains("Datapath actions: " + BLUE_3 + "\n");
    }

    @Test
    void wireDropsTheRestByReason() throws Exception {
        assertDropped(trace(fromWire(BLUE, "0x177001", "10.0.0.1", "192.168.1.5", 3)), FlowCounter.SPOOFED_SOURCE);
        assertDropped(trace(fromWire(BLUE, "0x177001", "10.0.0.12", "203.0.113.10", 3)), FlowCounter.SPOOFED_SOURCE);
        assertDropped(trace(fromWire(BLUE, "0x177001", "10.0.0.99", "192.168.1.5", 3)), FlowCounter.SPOOFED_SOURCE);
        assertDropped(trace(fromWire(BLUE, "0x999901", "10.0.0.12", "192.168.1.5", 3)), FlowCounter.UNKNOWN_VSID);
        // The key's tenant decides: blue's frame with red's MAC reaches nobody.
        assertDropped(trace(fromWire(RED, "0x177001", "10.0.0.12", "192.168.1.5", 3)), FlowCounter.UNKNOWN_DESTINATION);
        // Known VM of another host: never back to the wire.
        assertDropped(
                trace(fromWire(BLUE, "0x177001", "10.0.0.12", "192.168.1.5", 5)), FlowCounter.UNKNOWN_DESTINATION);
        assertDropped(
                trace("arp,in_port=1,tun_id=0x177001,tun_src=10.0.0.12,dl_dst=" + BLUE.mac(3)), FlowCounter.NOT_IP);
        assertDropped(
                trace(fromWire(BLUE, "0x177001", "10.0.0.12", "192.168.1.5", 3) + ",dl_vlan=7"), FlowCounter.VLAN_TAG);
    }

    @Test
    void switchTakesChangesAndKeepsTheRest() throws Exception {
        List<Flow> before = FlowProgram.of(HostPolicy.of(1, Policies.hostA()), TraceSwitch.ofports(), TUNNEL);
        List<PolicyObject> objects = new ArrayList<>(Policies.hostA());
        objects.remove(BLUE.vmRecord(5, Policies.PA_B));
        objects.add(BLUE.vmRecord(5, IpAddress.parse("10.0.0.13")));
        List<Flow> after = FlowProgram.of(HostPolicy.of(2, objects), TraceSwitch.ofports(), TUNNEL);
        try {
            traced.vswitch.changeFlows(FlowChanges.between(before, after));
            assertThat(traced.vswitch.flowCount()).isEqualTo(after.size());
            assertTunnelled(
                    send(BLUE_3, BLUE, 3, "192.168.1.5"),
                    6000,
                    "10.0.0.13",
                    BLUE.mac(5).toString(),
                    64);
        } finally {
            traced.vswitch.changeFlows(FlowChanges.between(after, before));
        }
        assertTunnelled(
                send(BLUE_3, BLUE, 3, "192.168.1.5"),
                6000,
                "10.0.0.12",
                BLUE.mac(5).toString(),
                64);
    }

    @Test
    void switchRefusesABundleWhole() throws Exception {
        FlowChanges broken = new FlowChanges(List.of(
                "add table=0,priority=9999,actions=drop",
                "add table=0,priority=9998,actions=output:65530,goto_table:0"));
        assertThatThrownBy(() -> traced.vswitch.changeFlows(broken))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("ovs-ofctl");
        assertTunnelled(
                send(BLUE_3, BLUE, 3, "192.168.1.5"),
                6000,
                "10.0.0.12",
                BLUE.mac(5).toString(),
                64);
    }
}
