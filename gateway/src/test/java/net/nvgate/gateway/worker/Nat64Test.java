package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.FibRow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions of IPv6 hosts with IPv4 servers, packet by packet. */
@ExtendWith(EalExtension.class)
class Nat64Test {

    private static final int SYN = 2;
    private static final int ACK = 16;
    private static final byte[] VM1 = Net6.VM1;

    private TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = Net6.on(new TestGateway());
        prefix(1, "2001:db8:64::", 96);
        prefix(2, "2001:db8:64::", 96);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private void prefix(int rdid, String prefix, int length) {
        gateway.tables.nat64.put(rdid, Ipv6Address.parse(prefix), length);
        gateway.tables.nat64.putDefault(rdid, Ipv6Address.parse(prefix), length);
        gateway.tables.epochs.bump(rdid);
    }

    /** An IPv4 address as hosts see it. */
    private static byte[] seen(int ipv4) {
        return Wire6.address("2001:db8:64::" + Wire.dotted(ipv4));
    }

    private byte[] out(int tenant, byte[] ip6) {
        byte[] sent = TestGateway.ip(gateway.intoPa(Net6.fromVm1(tenant, ip6)).onlyExt());
        Wire.requireRight(sent);
        return sent;
    }

    private byte[] in(int tenant, byte[] ip4) {
        return Net6.inHostA(gateway.intoExt(Net.fromOutside(ip4)).onlyPa(), Net.VM_VSID[tenant], Net.VM1_MAC);
    }

    /** ICMPv6 to VM 1 that its packet has caused. */
    private byte[] refused(byte[] ip6) {
        byte[] error = Net6.inHostA(gateway.intoPa(Net6.fromVm1(1, ip6)).onlyPa(), Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire.u8(error, 6)).isEqualTo(Wire6.ICMPV6);
        assertThat(Wire6.source(error)).isEqualTo(Net6.GATEWAY_CA);
        assertThat(Wire6.destination(error)).isEqualTo(VM1);
        return error;
    }

    private void dropped(DropReason reason, byte[] frame) {
        assertThat(gateway.intoPa(frame).isEmpty()).isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(reason, 1L));
    }

    @Test
    @Requirement({"RFC 6146 2", "RFC 6146 3.5.1", "RFC 6146 3.5.4", "RFC 6146 3.6"})
    void udpGoesOutAndComesBack() {
        byte[] sent = out(1, Wire6.udpPacket(VM1, seen(Net.SERVER), 4000, 53));
        assertThat(Wire.i32(sent, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.i32(sent, 16)).isEqualTo(Net.SERVER);
        assertThat(Wire.u16(sent, 20)).as("free port is preserved").isEqualTo(4000);
        assertThat(Wire.u8(sent, 8)).isEqualTo(63);
        byte[] back = in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        assertThat(Wire6.source(back)).isEqualTo(seen(Net.SERVER));
        assertThat(Wire6.destination(back)).isEqualTo(VM1);
        assertThat(Wire.u16(back, 42)).isEqualTo(4000);
        assertThat(Wire.u8(back, 7)).isEqualTo(63);
        assertThat(gateway.drops()).isEmpty();
        assertThat(gateway.count(WorkerCounter.NAT64_OUT)).isOne();
        assertThat(gateway.count(WorkerCounter.NAT64_IN)).isOne();
        assertThat(gateway.worker.counters().vsid(3, VsidCounter.RX_PACKETS))
                .as("counted once")
                .isOne();
    }

    @Test
    @Requirement({"RFC 6146 2", "RFC 6146 3.5.2"})
    void tcpIsFollowed() {
        out(1, Wire6.tcpPacket(VM1, seen(Net.SERVER), 4001, 80, SYN));
        in(1, Net.tcp(Net.SERVER, Net.NAT[1], 80, 4001, SYN | ACK));
        byte[] data = out(1, Wire6.tcpPacket(VM1, seen(Net.SERVER), 4001, 80, ACK));
        assertThat(Wire.slice(data, 40)).containsExactly(9, 8, 7);
        assertThat(gateway.worker.sessions().list(SessionFilter.ALL, 9, 5_000))
                .singleElement()
                .satisfies(row -> assertThat(row.state()).isEqualTo("established"));
    }

    @Test
    @Requirement({"RFC 6146 2", "RFC 6146 3.5.3", "RFC 7915 5.2"})
    void pingGoesOutAndComesBack() {
        byte[] sent = out(1, Wire6.ping(VM1, seen(Net.SERVER), 7777));
        assertThat(Wire.u8(sent, 20)).isEqualTo(8);
        byte[] back = in(1, Net.pong(Net.SERVER, Net.NAT[1], Wire.u16(sent, 24)));
        assertThat(Wire.u8(back, 40)).isEqualTo(129);
        assertThat(Wire.u16(back, 44)).isEqualTo(7777);
    }

    /** One external port for one inside endpoint, whatever the server; NAT44 and NAT64 share the ports. */
    @Test
    @Requirement({"RFC 6146 3.1", "RFC 6146 3.5.4"})
    void mappingIsEndpointIndependentAndShared() {
        byte[] first = out(1, Wire6.udpPacket(VM1, seen(Net.SERVER), 4001, 53));
        byte[] second = out(1, Wire6.udpPacket(VM1, seen(Net.FAR), 4001, 9));
        assertThat(Wire.u16(second, 20)).isEqualTo(Wire.u16(first, 20)).isEqualTo(4001);
        byte[] other = TestGateway.ip(gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, 4001, 53)))
                .onlyExt());
        assertThat(Wire.u16(other, 20))
                .as("IPv4 host with the same port")
                .isNotEqualTo(4001)
                .isOdd();
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 4001));
    }

    @Test
    @Requirement("RFC 6146 3.1")
    void tenantsWithTheSameAddressesDoNotMeet() {
        assertThat(Wire.i32(out(1, Wire6.udpPacket(VM1, seen(Net.SERVER), 4000, 53)), 12))
                .isEqualTo(Net.NAT[1]);
        assertThat(Wire.i32(out(2, Wire6.udpPacket(VM1, seen(Net.SERVER), 4000, 53)), 12))
                .isEqualTo(Net.NAT[2]);
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        in(2, Net.udp(Net.SERVER, Net.NAT[2], 53, 4000));
    }

    @Test
    @Requirement("RFC 6146 3.5.1")
    void othersCannotUseTheMapping() {
        out(1, Wire6.udpPacket(VM1, seen(Net.SERVER), 4000, 53));
        assertThat(gateway.intoExt(Net.fromOutside(Net.udp(Net.FAR, Net.NAT[1], 53, 4000)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.UNSOLICITED, 1L));
    }

    @Test
    @Requirement({"RFC 6146 4", "RFC 6146 3.5.1"})
    void udpLivesFiveMinutesAfterItsLastPacket() {
        out(1, Wire6.udpPacket(VM1, seen(Net.SERVER), 4000, 53));
        gateway.turnAfter(299_000);
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        gateway.turnAfter(299_000);
        in(1, Net.udp(Net.SERVER, Net.NAT[1], 53, 4000));
        gateway.turnAfter(302_000);
        assertThat(gateway.worker.sessions().list(SessionFilter.ALL, 9, 5_000)).isEmpty();
    }

    /** A host behind a VM that routes for it, and one whose host has IPv6. */
    @Test
    @Requirement("RFC 6146 2")
    void hostsBehindOthersAndByOuterIpv6() {
        byte[] sent = TestGateway.ip(gateway.intoPa(
                        Net6.fromVm2(1, Wire6.udpPacket(Net6.BEHIND_VM2, seen(Net.SERVER), 4000, 53)))
                .onlyExt());
        assertThat(Wire.i32(sent, 12)).isEqualTo(Net.NAT[1]);
        byte[] frame = gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)))
                .onlyPa();
        assertThat(Wire6.destination(Net6.inHostB(frame, Net.VM_VSID[1], Net.VM2_MAC)))
                .isEqualTo(Net6.BEHIND_VM2);
    }

    /** The table of RFC 6052 §2.4, through the worker. */
    @ParameterizedTest
    @CsvSource({
        "2001:dba::, 32, 2001:dba:c633:6407::", "2001:dba:100::, 40, 2001:dba:1c6:3364:7::",
        "2001:dba:122::, 48, 2001:dba:122:c633:64:700::", "2001:dba:122:300::, 56, 2001:dba:122:3c6:33:6407::",
        "2001:dba:122:344::, 64, 2001:dba:122:344:c6:3364:700::",
                "2001:dba:122:344::, 96, 2001:dba:122:344::198.51.100.7"
    })
    @Requirement({"RFC 6052 2.2", "RFC 6052 2.3"})
    void everyPrefixLength(String prefix, int length, String server) {
        prefix(1, prefix, length);
        byte[] remote = Wire6.address(server);
        assertThat(Wire.i32(out(1, Wire6.udpPacket(VM1, remote, 4000, 53)), 16))
                .isEqualTo(Wire.address("198.51.100.7"));
        byte[] back = in(1, Net.udp(Wire.address("198.51.100.7"), Net.NAT[1], 53, 4000));
        assertThat(Wire6.source(back)).isEqualTo(remote);
    }

    @Test
    @Requirement({"RFC 6052 2.1", "RFC 6052 3.1"})
    void wellKnownPrefixIsForGlobalAddresses() {
        byte[] sent = outByTheWellKnownPrefix();
        assertThat(Wire.i32(sent, 16)).isEqualTo(Wire.address("8.8.8.8"));
        dropped(
                DropReason.NAT64_ADDRESS,
                Net6.fromVm1(1, Wire6.udpPacket(VM1, Wire6.address("64:ff9b::10.0.0.1"), 4000, 53)));
    }

    private byte[] outByTheWellKnownPrefix() {
        prefix(1, "64:ff9b::", 96);
        gateway.tables.externalFib.put(
                new FibRow(0, Wire.address("8.0.0.0"), 8, FibEntry.VIA_ROUTER, Net.ROUTER, 0, 0, Net.EXTERNAL, 0));
        gateway.tables.epochs.bumpExternal();
        return out(1, Wire6.udpPacket(VM1, Wire6.address("64:ff9b::8.8.8.8"), 4000, 53));
    }

    /** A router with a private address has to say something: the gateway says it. */
    @Test
    @Requirement({"RFC 6052 3.1", "RFC 7915 6"})
    void errorOfAPrivateRouterBehindTheWellKnownPrefix() {
        outByTheWellKnownPrefix();
        byte[] embedded = Wire.ipv4(
                Net.NAT[1],
                Wire.address("8.8.8.8"),
                Wire.UDP,
                Wire.udp(Net.NAT[1], Wire.address("8.8.8.8"), 4000, 53, new byte[1400]));
        byte[] error = in(
                1,
                Wire.ipv4(
                        Wire.address("10.1.1.1"),
                        Net.NAT[1],
                        Wire.ICMP,
                        Wire.icmp(3, 4, 1400, Arrays.copyOf(embedded, 60))));
        assertThat(Wire6.source(error)).isEqualTo(Net6.GATEWAY_CA);
        assertThat(Wire.i32(error, 44)).isEqualTo(1420);
    }

    @Test
    @Requirement({"RFC 6146 3.5", "RFC 6052 2.2"})
    void addressesThatStandForNothing() {
        prefix(1, "2001:dba::", 64);
        byte[] wrongOctet = Wire6.address("2001:dba::1c6:3364:700:0");
        dropped(DropReason.NAT64_ADDRESS, Net6.fromVm1(1, Wire6.udpPacket(VM1, wrongOctet, 4000, 53)));
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(VM1, seen(Wire.address("224.0.0.1")), 4000, 53)));
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(VM1, seen(Wire.address("127.0.0.1")), 4000, 53)));
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(VM1, seen(Wire.address("0.0.0.0")), 4000, 53)));
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(VM1, seen(Wire.address("240.0.0.1")), 4000, 53)));
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NAT64_ADDRESS, 5L));
    }

    @Test
    @Requirement("RFC 6146 3.5")
    void sourceOfThePrefixGoesRound() {
        byte[] loop = Wire6.address("2001:db8:64::192.0.2.1");
        Net6.record(gateway, 1, loop, Net.VM_VSID[1], Net.VM1_MAC, Net.HOST_A, 0);
        dropped(DropReason.NAT64_SOURCE, Net6.fromVm1(1, Wire6.udpPacket(loop, seen(Net.SERVER), 4000, 53)));
    }

    @Test
    @Requirement("RFC 6146 3.5")
    void anotherTenantsHostIsASpoofedSource() {
        dropped(
                DropReason.SPOOFED_SOURCE,
                Net6.fromVm1(1, Wire6.udpPacket(Wire6.address("fd00:1::99"), seen(Net.SERVER), 4000, 53)));
    }

    @Test
    @Requirement({"RFC 6146 3.4", "RFC 7915 5.4"})
    void otherProtocolsAreRefused() {
        byte[] error = refused(Wire6.ipv6(VM1, seen(Net.SERVER), 132, new byte[20]));
        assertThat(Wire.u16(error, 40)).isEqualTo(1 << 8 | 4);
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NAT64_PROTOCOL, 1L));
    }

    @Test
    @Requirement({"RFC 7915 5.1", "RFC 7915 5.4"})
    void hopLimitRunsOut() {
        byte[] udp = Wire6.udp(VM1, seen(Net.SERVER), 4000, 53, new byte[3]);
        byte[] error = refused(Wire6.ipv6(VM1, seen(Net.SERVER), Wire.UDP, 1, 0, 0, udp));
        assertThat(Wire.u16(error, 40)).isEqualTo(3 << 8);
    }

    @Test
    @Requirement("RFC 7915 5.1")
    void extensionHeadersAreLeftOutButSourceRoutes() {
        byte[] udp = Wire6.udp(VM1, seen(Net.SERVER), 4000, 53, new byte[3]);
        byte[] options = Wire6.extension(Wire6.DESTINATION_OPTIONS, 1, Wire6.extension(Wire.UDP, 2, udp));
        assertThat(out(1, Wire6.ipv6(VM1, seen(Net.SERVER), Wire6.HOP_BY_HOP, options)))
                .hasSize(31);
        byte[] route = Wire6.extension(Wire.UDP, 3, udp);
        route[3] = 0;
        assertThat(out(1, Wire6.ipv6(VM1, seen(Net.SERVER), 43, route))).hasSize(31);
        route[3] = 1;
        dropped(DropReason.NAT64_HEADER, Net6.fromVm1(1, Wire6.ipv6(VM1, seen(Net.SERVER), 43, route)));
        gateway.intoPa(Net6.fromVm1(1, Wire6.ipv6(VM1, seen(Net.SERVER), 51, Wire6.extension(Wire.UDP, 2, udp))));
        assertThat(gateway.drops()).containsEntry(DropReason.NAT64_HEADER, 2L);
    }

    @Test
    @Requirement("RFC 7915 4.1")
    void sourceRoutedIpv4IsNotTranslated() {
        out(1, Wire6.udpPacket(VM1, seen(Net.SERVER), 4000, 53));
        byte[] plain = Net.udp(Net.SERVER, Net.NAT[1], 53, 4000);
        byte[] routed = new byte[plain.length + 8];
        System.arraycopy(plain, 0, routed, 0, 20);
        routed[0] = 0x47;
        routed[3] = (byte) routed.length;
        routed[20] = (byte) 131;
        routed[21] = 7;
        routed[22] = 4;
        System.arraycopy(plain, 20, routed, 28, plain.length - 20);
        assertThat(gateway.intoExt(Net.fromOutside(Wire.fixIp(routed))).isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NAT64_HEADER, 1L));
        routed[22] = 8;
        assertThat(in(1, Wire.fixIp(routed))).hasSize(plain.length + 20);
    }

    @Test
    @Requirement("RFC 7915 4.5")
    void udpWithoutChecksumGetsOne() {
        out(1, Wire6.udpPacket(VM1, seen(Net.SERVER), 4000, 53));
        byte[] without = Net.udp(Net.SERVER, Net.NAT[1], 53, 4000);
        without[26] = 0;
        without[27] = 0;
        assertThat(Wire.u16(in(1, without), 46)).isNotZero();
        byte[] fragment = Wire.ipv4(
                Net.SERVER, Net.NAT[1], Wire.UDP, 64, 5, 0x2000, 0, Arrays.copyOf(Wire.slice(without, 20), 16));
        assertThat(gateway.intoExt(Net.fromOutside(fragment)).isEmpty()).isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NAT64_FRAGMENT, 1L));
    }

    /** Two IPv6 hosts, each by the other's external endpoint: the first packet opens the way of the second. */
    @Test
    @Requirement("RFC 6146 3.8")
    void hostsReachEachOtherByTheirExternalAddress() {
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(VM1, seen(Net.NAT[1]), 4000, 5000)));
        byte[] frame = gateway.intoPa(Net6.fromVm2(1, Wire6.udpPacket(Net6.VM2, seen(Net.NAT[1]), 5000, 4000)))
                .onlyPa();
        byte[] there = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire6.source(there)).as("external address (RFC 4787 REQ-9)").isEqualTo(seen(Net.NAT[1]));
        assertThat(Wire6.destination(there)).isEqualTo(VM1);
        assertThat(Wire.u16(there, 40)).isEqualTo(5000);
        assertThat(Wire.u16(there, 42)).isEqualTo(4000);
    }

    /** And an IPv4 server of another tenant. */
    @Test
    @Requirement("RFC 6146 3.8")
    void hostReachesAnIpv4ServerByItsExternalAddress() {
        gateway.rule(2, Wire.TCP, 8080, Net.VM1, 80);
        byte[] frame = gateway.intoPa(Net6.fromVm1(1, Wire6.tcpPacket(VM1, seen(Net.NAT[2]), 4001, 8080, SYN)))
                .onlyPa();
        byte[] syn = Wire.slice(TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[2]), 14);
        Wire.requireRight(syn);
        assertThat(Wire.i32(syn, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.i32(syn, 16)).isEqualTo(Net.VM1);
        byte[] answer = Net6.inHostA(
                gateway.intoPa(Net.fromVm1(2, Net.tcp(Net.VM1, Net.NAT[1], 80, 4001, SYN | ACK)))
                        .onlyPa(),
                Net.VM_VSID[1],
                Net.VM1_MAC);
        assertThat(Wire6.source(answer)).isEqualTo(seen(Net.NAT[2]));
        assertThat(Wire.u16(answer, 40)).isEqualTo(8080);
    }

    @Test
    @Requirement("RFC 6146 3.5")
    void sessionEndsWithItsPrefix() {
        out(1, Wire6.udpPacket(VM1, seen(Net.SERVER), 4000, 53));
        gateway.tables.nat64.remove(1, Ipv6Address.parse("2001:db8:64::"), 96);
        gateway.tables.nat64.removeDefault(1);
        gateway.tables.epochs.bump(1);
        assertThat(gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NO_NAT64, 1L));
    }

    @Test
    @Requirement("RFC 6146 5.3")
    void hostsAreLimited() {
        // Of room for 64, two tenants leave 9 to a third.
        for (int i = 1; i <= 55; i++) {
            byte[] host = Wire6.address("fd00:7::" + Integer.toHexString(i));
            gateway.intoPa(Net6.fromVm2(1 + i % 2, Wire6.udpPacket(host, seen(Net.SERVER), 4000, 53)));
            gateway.turnAfter(i == 30 ? 302_000 : 0);
        }
        assertThat(gateway.drops()).isEmpty();
        gateway.intoPa(Net6.fromVm2(1, Wire6.udpPacket(Net6.VM2, seen(Net.SERVER), 4000, 53)));
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NAT64_HOSTS_FULL, 1L));
        gateway.turnAfter(61_000);
        gateway.intoPa(Net6.fromVm2(1, Wire6.udpPacket(Net6.VM2, seen(Net.SERVER), 4000, 53)));
        assertThat(gateway.drops()).hasSize(1).containsValue(1L);
    }
}
