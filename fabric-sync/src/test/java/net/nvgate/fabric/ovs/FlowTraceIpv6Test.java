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

import net.nvgate.fabric.ovs.Policies.Tenant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@link FlowTraceTest} for IPv6: tenants with both families, and a VM that has IPv6 only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlowTraceIpv6Test {

    private TraceSwitch traced;

    @BeforeAll
    void start() throws Exception {
        Assumptions.assumeTrue(OvsSandbox.isPossible(), "SKIPPED: Open vSwitch is not installed, nothing was traced");
        traced = new TraceSwitch(Policies.hostAWithIpv6());
    }

    @AfterAll
    void stop() throws Exception {
        if (traced != null) {
            traced.close();
        }
    }

    private static String tcp(int inPort, Tenant tenant, int last, String destination) {
        return "tcp6,in_port=" + inPort + ",dl_src=" + tenant.mac(last) + ",dl_dst=" + tenant.mac(1) + ",ipv6_src="
                + tenant.vmAddress6(last) + ",ipv6_dst=" + destination + ",tcp_src=4000,tcp_dst=80,nw_ttl=64";
    }

    private static String fromWire(Tenant tenant, String pa, String source, int last) {
        String vsid = Integer.toHexString(tenant.vsid());
        return "tcp6,in_port=" + TUNNEL + ",tun_id=0x" + vsid + "42,tun_src=" + pa + ",tun_dst=10.0.0.11,dl_src="
                + tenant.mac(0xfe) + ",dl_dst=" + tenant.mac(last) + ",ipv6_src=" + source + ",ipv6_dst="
                + tenant.vmAddress6(last) + ",nw_ttl=64,tcp_src=80,tcp_dst=4000";
    }

    private void assertTunnelled(String flow, int vsid, String pa, String mac, int hopLimit) throws Exception {
        assertThat(traced.trace(flow))
                .contains("NXM_NX_TUN_ID[8..31] is now 0x" + Integer.toHexString(vsid))
                .contains("output to native tunnel")
                .containsPattern("Final flow: .*tun_src=10.0.0.11,tun_dst=" + pa + ",")
                .containsPattern("Final flow: .*dl_dst=" + mac + ",")
                .containsPattern("Final flow: .*nw_ttl=" + hopLimit + ",");
    }

    @Test
    void vmOnAnotherHost() throws Exception {
        assertTunnelled(tcp(BLUE_3, BLUE, 3, "fd00:1::5"), 6000, "10.0.0.12", BLUE.mac(5) + "", 64);
        assertTunnelled(tcp(BLUE_3, BLUE, 3, "fd00:2::69"), 6001, "10.0.0.12", BLUE.mac(105) + "", 63);
        assertTunnelled(tcp(RED_3, RED, 3, "fd00:1::5"), 16_000_000, "10.0.0.12", RED.mac(5) + "", 64);
    }

    @Test
    void outsideAndTheNat64PrefixGoToTheGateway() throws Exception {
        String gateway = BLUE.mac(0xfe).toString();
        assertTunnelled(tcp(BLUE_4, BLUE, 4, "64:ff9b::c633:6450"), 5000, "10.0.0.1", gateway, 64);
        assertTunnelled(tcp(BLUE_3, BLUE, 3, "2001:db8::1"), 5000, "10.0.0.1", gateway, 64);
        // As with IPv4 the gateway says that the hop limit ran out.
        assertTunnelled(
                tcp(BLUE_3, BLUE, 3, "2001:db8::1").replace("nw_ttl=64", "nw_ttl=1"), 5000, "10.0.0.1", gateway, 1);
    }

    @Test
    void vmsOfOneTenantOnThisHost() throws Exception {
        assertThat(traced.trace(tcp(BLUE_3, BLUE, 3, "fd00:1::4")))
                .contains("Datapath actions: set(eth(dst=" + BLUE.mac(4) + "))," + BLUE_4 + "\n");
        assertThat(traced.trace(tcp(BLUE_3, BLUE, 3, "fd00:2::67")))
                .contains("set(eth(src=" + BLUE.mac(0xf1) + ",dst=" + BLUE.mac(103) + ")),set(ipv6(hlimit=63)),"
                        + BLUE_103);
    }

    @Test
    void whatCannotBeDeliveredIsDroppedByReason() throws Exception {
        assertDropped(traced.trace(tcp(BLUE_3, BLUE, 3, "fd00:1::77")), FlowCounter.NO_RECORD);
        assertDropped(traced.trace(tcp(BLUE_3, BLUE, 3, "fd00:1::1")), FlowCounter.TO_ROUTER);
        assertDropped(traced.trace(tcp(RED_3, RED, 3, "fd00:1::4")), FlowCounter.NOT_PLUGGED);
        assertDropped(
                traced.trace(tcp(BLUE_3, BLUE, 3, "fd00:2::69").replace("nw_ttl=64", "nw_ttl=1")),
                FlowCounter.TTL_EXPIRED);
        String multicast =
                tcp(BLUE_3, BLUE, 3, "ff02::16").replace("dl_dst=" + BLUE.mac(1), "dl_dst=33:33:00:00:00:16");
        assertDropped(traced.trace(multicast), FlowCounter.MULTICAST);
        // Unicast MAC, multicast address: no subnet of the tenant and nothing for the gateway.
        assertDropped(traced.trace(tcp(BLUE_3, BLUE, 3, "ff02::1")), FlowCounter.MULTICAST);
    }

    @Test
    void spoofedSendersAreDropped() throws Exception {
        assertDropped(traced.trace(tcp(BLUE_3, BLUE, 4, "fd00:1::5")), FlowCounter.SPOOFED_MAC);
        String honest = tcp(BLUE_3, BLUE, 3, "fd00:1::5");
        for (String source : new String[] {"fd00:1::4", "fe80::3", "::", "2001:db8::9"}) {
            assertDropped(
                    traced.trace(honest.replace("ipv6_src=fd00:1::3", "ipv6_src=" + source)),
                    FlowCounter.SPOOFED_ADDRESS);
        }
    }

    private static String solicitation(int inPort, Tenant tenant, int last, String source, String target) {
        return "icmp6,in_port=" + inPort + ",dl_src=" + tenant.mac(last) + ",dl_dst=33:33:ff:00:00:01,ipv6_src="
                + source + ",ipv6_dst=ff02::1:ff00:1,nw_ttl=255,icmpv6_type=135,icmpv6_code=0,nd_target=" + target
                + ",nd_options_type=1,nd_sll=" + tenant.mac(last);
    }

    @Test
    void solicitationsAreAnsweredHereFromTheRecords() throws Exception {
        assertThat(traced.trace(solicitation(BLUE_3, BLUE, 3, "fd00:1::3", "fd00:1::5")))
                .contains("Datapath actions: set(eth(src=" + BLUE.mac(5) + ",dst=" + BLUE.mac(3)
                        + ")),set(ipv6(src=fd00:1::5,dst=fd00:1::3)),"
                        + "set(nd_ext(nd_reserved=0x60000000,nd_options_type=2)),set(nd(tll=" + BLUE.mac(5)
                        + ")),set(icmpv6(type=136,code=0))," + BLUE_3 + "\n");
        // The default gateway says that it is a router.
        assertThat(traced.trace(solicitation(BLUE_3, BLUE, 3, "fd00:1::3", "fd00:1::1")))
                .contains("set(nd_ext(nd_reserved=0xe0000000,nd_options_type=2)),set(nd(tll=" + BLUE.mac(1) + "))");
        // Neighbour unreachability detection comes from the link-local address.
        assertThat(traced.trace(solicitation(RED_3, RED, 3, "fe80::1234", "fd00:1::5")))
                .containsPattern(
                        "Datapath actions: .*dst=fe80::1234.*set\\(nd\\(tll=" + RED.mac(5) + ".*," + RED_3 + "\n");
    }

    @Test
    void solicitationsThatGetNoAnswer() throws Exception {
        String asked = solicitation(BLUE_3, BLUE, 3, "fd00:1::3", "fd00:1::5");
        assertDropped(
                traced.trace(asked.replace("nd_target=fd00:1::5", "nd_target=fd00:1::77")), FlowCounter.ND_UNKNOWN);
        // A record of another virtual subnet is out of reach.
        assertDropped(
                traced.trace(asked.replace("nd_target=fd00:1::5", "nd_target=fd00:2::69")), FlowCounter.ND_UNKNOWN);
        assertDropped(
                traced.trace(asked.replace("nd_target=fd00:1::5", "nd_target=fd00:1::3")), FlowCounter.OWN_ADDRESS_ND);
        assertDropped(traced.trace(asked.replace("nw_ttl=255", "nw_ttl=254")), FlowCounter.SPOOFED_ND);
        assertDropped(traced.trace(asked.replace("ipv6_src=fd00:1::3", "ipv6_src=fd00:1::4")), FlowCounter.SPOOFED_ND);
        assertDropped(
                traced.trace(asked.replace("nd_sll=" + BLUE.mac(3), "nd_sll=" + BLUE.mac(4))), FlowCounter.SPOOFED_ND);
    }

    /** RFC 4862 section 5.4: the asker's address is unspecified. */
    @Test
    void duplicateAddressDetectionFindsTheOwner() throws Exception {
        String probe = solicitation(BLUE_3, BLUE, 3, "::", "fd00:1::5")
                .replace(",nd_options_type=1,nd_sll=" + BLUE.mac(3), "");
        assertThat(traced.trace(probe))
                .contains("Datapath actions: set(eth(src=" + BLUE.mac(5)
                        + ",dst=33:33:00:00:00:01)),set(ipv6(src=fd00:1::5,dst=ff02::1)),"
                        + "set(nd_ext(nd_reserved=0x20000000)),set(icmpv6(type=136,code=0))," + BLUE_3 + "\n");
        assertDropped(
                traced.trace(probe.replace("nd_target=fd00:1::5", "nd_target=fd00:1::3")), FlowCounter.OWN_ADDRESS_ND);
    }

    @Test
    void noVmPlaysTheRouter() throws Exception {
        for (int type : new int[] {133, 134, 136, 137}) {
            String message = "icmp6,in_port=10,dl_src=" + BLUE.mac(3) + ",dl_dst=" + BLUE.mac(4)
                    + ",ipv6_src=fd00:1::3,ipv6_dst=fd00:1::4,nw_ttl=255,icmpv6_code=0,icmpv6_type=" + type;
            assertDropped(traced.trace(message), FlowCounter.ND_UNKNOWN);
            assertDropped(
                    traced.trace("icmp6,in_port=1,tun_id=0x177042,tun_src=10.0.0.12,tun_dst=10.0.0.11,dl_src="
                            + BLUE.mac(5) + ",dl_dst=" + BLUE.mac(3) + ",ipv6_src=fd00:1::5,ipv6_dst=fd00:1::3,"
                            + "nw_ttl=255,icmpv6_code=0,icmpv6_type=" + type),
                    FlowCounter.ND_UNKNOWN);
        }
    }

    @Test
    void wireDeliversWhatTheRecordsAllow() throws Exception {
        assertThat(traced.trace(fromWire(BLUE, "10.0.0.12", "fd00:1::5", 3)))
                .contains("Datapath actions: " + BLUE_3 + "\n");
        for (String outside : new String[] {"64:ff9b::c633:6450", "2001:db8::1", "fd0a:fefe::2"}) {
            assertThat(traced.trace(fromWire(BLUE, "10.0.0.1", outside, 4)))
                    .contains("Datapath actions: " + BLUE_4 + "\n");
        }
        assertDropped(traced.trace(fromWire(BLUE, "10.0.0.1", "fd00:1::5", 3)), FlowCounter.SPOOFED_SOURCE);
        assertDropped(traced.trace(fromWire(BLUE, "10.0.0.12", "2001:db8::1", 3)), FlowCounter.SPOOFED_SOURCE);
        assertDropped(traced.trace(fromWire(BLUE, "10.0.0.12", "fd00:1::5", 5)), FlowCounter.UNKNOWN_DESTINATION);
        assertDropped(
                traced.trace(fromWire(BLUE, "10.0.0.12", "fd00:1::5", 3).replace("fd00:1::3", "fd00:1::4")),
                FlowCounter.UNKNOWN_DESTINATION);
    }
}
