package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** ICMP errors, path MTU and fragments between IPv6 hosts and IPv4 servers. The PA side carries 1458 bytes, so 1438 of IPv4. */
@ExtendWith(EalExtension.class)
class Nat64PathTest {

    private static final byte[] VM1 = Net6.VM1;
    private static final byte[] SERVER = Wire6.address("2001:db8:64::" + Wire.dotted(Net.SERVER));

    private TestGateway gateway;

    @BeforeEach
    void open() {
        gateway = Net6.on(new TestGateway());
        gateway.tables.nat64.put(1, Ipv6Address.parse("2001:db8:64::"), 96);
        gateway.tables.nat64.putDefault(1, Ipv6Address.parse("2001:db8:64::"), 96);
        gateway.tables.epochs.bump(1);
        out(Wire6.udpPacket(VM1, SERVER, 4000, 53));
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private byte[] out(byte[] ip6) {
        return gateway.intoPa(Net6.fromVm1(1, ip6)).outside();
    }

    private byte[] in(byte[] ip4) {
        return toVm1(gateway.intoExt(Net.fromOutside(ip4)).onlyPa());
    }

    private static byte[] toVm1(byte[] frame) {
        byte[] ip = Net6.inHostA(frame, Net.VM_VSID[1], Net.VM1_MAC);
        assertThat(Wire6.destination(ip)).isEqualTo(VM1);
        return ip;
    }

    /** What we sent for the session of {@link #open}. */
    private static byte[] ours(int data) {
        return Wire.ipv4(
                Net.NAT[1],
                Net.SERVER,
                Wire.UDP,
                60,
                7,
                0x4000,
                0,
                Wire.udp(Net.NAT[1], Net.SERVER, 4000, 53, new byte[data]));
    }

    private static byte[] error4(int source, int type, int code, int rest, byte[] embedded) {
        return Wire.ipv4(source, Net.NAT[1], Wire.ICMP, Wire.icmp(type, code, rest, embedded));
    }

    @Test
    @Requirement({"RFC 7915 4.2", "RFC 7915 4.3", "RFC 6146 3.6"})
    void serverSaysPortUnreachable() {
        byte[] error = in(error4(Net.SERVER, 3, 3, 0, ours(10)));
        assertThat(Wire6.source(error)).isEqualTo(SERVER);
        assertThat(Wire.u16(error, 40)).isEqualTo(1 << 8 | 4);
        byte[] embedded = Wire.slice(error, 48);
        Wire6.requireRight(embedded);
        assertThat(Wire6.source(embedded)).isEqualTo(VM1);
        assertThat(Wire6.destination(embedded)).isEqualTo(SERVER);
        assertThat(Wire.u16(embedded, 40)).isEqualTo(4000);
    }

    @Test
    @Requirement({"RFC 7915 4.2", "RFC 7915 6"})
    void routerSaysFragmentationNeeded() {
        byte[] error = in(error4(Net.ROUTER, 3, 4, 1400, Arrays.copyOf(ours(1410), 28)));
        assertThat(Wire.u16(error, 40)).isEqualTo(2 << 8);
        assertThat(Wire.i32(error, 44)).isEqualTo(1420);
        assertThat(Wire.i32(in(error4(Net.ROUTER, 3, 4, 576, Arrays.copyOf(ours(1410), 28))), 44))
                .as("no host goes below")
                .isEqualTo(1280);
    }

    @Test
    @Requirement("RFC 7915 4.2")
    void messagesWithoutCounterpartAreDropped() {
        assertThat(gateway.intoExt(Net.fromOutside(error4(Net.ROUTER, 12, 0, 5 << 24, ours(10))))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NAT64_ICMP, 1L));
    }

    @Test
    @Requirement({"RFC 7915 5.2", "RFC 7915 5.3", "RFC 6146 3.6"})
    void hostSaysPortUnreachable() {
        byte[] sent = out(Wire6.icmpPacket(VM1, SERVER, 1, 4, 0, Wire6.udpPacket(SERVER, VM1, 53, 4000)));
        assertThat(Wire.i32(sent, 12)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.i32(sent, 16)).isEqualTo(Net.SERVER);
        assertThat(Wire.u16(sent, 20)).isEqualTo(3 << 8 | 3);
        byte[] embedded = Wire.slice(sent, 28);
        Wire.requireRight(embedded);
        assertThat(Wire.i32(embedded, 12)).isEqualTo(Net.SERVER);
        assertThat(Wire.i32(embedded, 16)).isEqualTo(Net.NAT[1]);
        assertThat(Wire.u16(embedded, 22)).isEqualTo(4000);
    }

    /** A router behind the host: its error comes from the host's mapping, too. */
    @Test
    @Requirement({"RFC 7915 5.2", "RFC 7915 6"})
    void hostSaysPacketTooBig() {
        byte[] sent = out(Wire6.icmpPacket(VM1, SERVER, 2, 0, 1300, Wire6.udpPacket(SERVER, VM1, 53, 4000)));
        assertThat(Wire.u16(sent, 20)).isEqualTo(3 << 8 | 4);
        assertThat(Wire.i32(sent, 24)).isEqualTo(1280);
    }

    @Test
    @Requirement("RFC 7915 5.3")
    void errorsThatNobodyCausedAreDropped() {
        byte[] unknown = Wire6.udpPacket(SERVER, VM1, 53, 4002);
        byte[] wrong = Wire6.icmpPacket(VM1, SERVER, 1, 4, 0, Wire6.udpPacket(SERVER, VM1, 53, 4000));
        wrong[60] ^= 1;
        byte[] elsewhere = Wire6.udpPacket(Wire6.address("2001:db8:64::9.9.9.9"), VM1, 53, 4000);
        byte[] stranger = Wire6.udpPacket(SERVER, Net6.VM2, 53, 4000);
        assertThat(gateway.intoPa(
                                Net6.fromVm1(1, Wire6.icmpPacket(VM1, SERVER, 1, 4, 0, unknown)),
                                Net6.fromVm1(1, wrong),
                                Net6.fromVm1(1, Wire6.icmpPacket(VM1, SERVER, 1, 4, 0, elsewhere)),
                                Net6.fromVm1(1, Wire6.icmpPacket(VM1, SERVER, 1, 4, 0, stranger)),
                                Net6.fromVm1(1, Wire6.icmpPacket(VM1, SERVER, 1, 4, 0, Arrays.copyOf(unknown, 47))),
                                Net6.fromVm1(1, Wire6.icmpPacket(VM1, SERVER, 1, 4, 0, Arrays.copyOf(unknown, 20))),
                                Net6.fromVm1(1, Wire6.icmpPacket(VM1, SERVER, 130, 0, 0, new byte[16])),
                                Net6.fromVm1(
                                        1,
                                        Wire6.icmpPacket(VM1, SERVER, 1, 6, 0, Wire6.udpPacket(SERVER, VM1, 53, 4000))))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops())
                .containsOnly(
                        Map.entry(DropReason.ICMP_NO_SESSION, 3L),
                        Map.entry(DropReason.ICMP_CHECKSUM, 1L),
                        Map.entry(DropReason.TRUNCATED_L4, 2L),
                        Map.entry(DropReason.NAT64_ICMP, 2L));
    }

    /** The IPv4 packet does not fit the IPv6 side: the server is told 20 bytes less. */
    @Test
    @Requirement({"RFC 7915 4.4", "RFC 7915 6"})
    void serverIsToldTheMtuOfTheHost() {
        byte[] big = Wire.ipv4(
                Net.SERVER,
                Net.NAT[1],
                Wire.UDP,
                64,
                7,
                0x4000,
                0,
                Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, new byte[1411]));
        byte[] error = TestGateway.ip(gateway.intoExt(Net.fromOutside(big)).onlyExt());
        Wire.requireRight(error);
        assertThat(Wire.u16(error, 20)).isEqualTo(3 << 8 | 4);
        assertThat(Wire.u16(error, 26)).isEqualTo(1438);
        byte[] fits = Wire.ipv4(
                Net.SERVER,
                Net.NAT[1],
                Wire.UDP,
                64,
                7,
                0x4000,
                0,
                Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, new byte[1410]));
        assertThat(in(fits)).hasSize(1458);
    }

    /** The other way: nothing of a host is larger than 1458 bytes as IPv6, unless the external side has a smaller MTU. */
    @Test
    @Requirement({"RFC 7915 5.4", "RFC 7915 6"})
    void hostIsToldTheMtuOfTheExternalSide() {
        try (TestGateway narrow =
                Net6.on(new TestGateway(TestGateway.CONFIG, PacketPort.detached(Net.PA_MAC, 3000, false)))) {
            narrow.tables.nat64.put(1, Ipv6Address.parse("2001:db8:64::"), 96);
            narrow.tables.epochs.bump(1);
            byte[] big = Wire6.ipv6(VM1, SERVER, Wire.UDP, Wire6.udp(VM1, SERVER, 4000, 53, new byte[1473]));
            byte[] error = toVm1(narrow.intoPa(Net6.fromVm1(1, big)).onlyPa());
            assertThat(Wire.u16(error, 40)).isEqualTo(2 << 8);
            assertThat(Wire.i32(error, 44)).isEqualTo(1520);
            byte[] embedded = Arrays.copyOf(Wire.slice(error, 48), 60);
            assertThat(embedded).as("as the host sent it").isEqualTo(Arrays.copyOf(big, 60));
        }
    }

    /** 20 bytes less than for IPv4 hosts, both ways: neither side sends what would not fit. */
    @Test
    @Requirement("RFC 7915 6")
    void segmentsFitTheIpv6Side() {
        byte[] option = {2, 4, 0x05, (byte) 0xb4};
        byte[] syn = Wire6.tcp(VM1, SERVER, 4001, 80, 2, option);
        syn[12] = 0x60;
        syn[16] = 0;
        syn[17] = 0;
        int sum = ~Wire6.l4Sum(VM1, SERVER, Wire.TCP, syn) & 0xffff;
        syn[16] = (byte) (sum >>> 8);
        syn[17] = (byte) sum;
        assertThat(Wire.u16(out(Wire6.ipv6(VM1, SERVER, Wire.TCP, syn)), 42)).isEqualTo(1398);
        byte[] answer = Wire.tcp(Net.SERVER, Net.NAT[1], 80, 4001, 18, option);
        answer[12] = 0x60;
        answer[16] = 0;
        answer[17] = 0;
        int sum4 = ~Wire.l4Sum(Net.SERVER, Net.NAT[1], Wire.TCP, answer) & 0xffff;
        answer[16] = (byte) (sum4 >>> 8);
        answer[17] = (byte) sum4;
        assertThat(Wire.u16(in(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.TCP, answer)), 62))
                .isEqualTo(1398);
    }

    /** Without DF the packet is cut, and each piece has a fragment header. */
    @Test
    @Requirement({"RFC 7915 4.1a", "RFC 7915 6"})
    void largePacketsWithoutDfBecomeFragments() {
        byte[] udp = Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, new byte[2000]);
        List<byte[]> pieces = gateway.intoExt(
                        Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, 64, 0x77, 0, 0, udp)))
                .pa();
        byte[] whole = new byte[udp.length];
        int bytes = 0;
        for (byte[] frame : pieces) {
            byte[] ip = toVm1(frame);
            assertThat(ip.length).isLessThanOrEqualTo(1458);
            assertThat(Wire.u8(ip, 6)).isEqualTo(Wire6.FRAGMENT);
            assertThat(Wire.i32(ip, 44)).isEqualTo(0x77);
            int offset = Wire.u16(ip, 42) & 0xfff8;
            System.arraycopy(ip, 48, whole, offset, ip.length - 48);
            bytes += ip.length - 48;
            assertThat(Wire.u16(ip, 42) & 1).isEqualTo(offset + ip.length - 48 == udp.length ? 0 : 1);
        }
        assertThat(pieces).hasSize(2);
        assertThat(bytes).isEqualTo(udp.length);
        assertThat(Wire6.l4Sum(SERVER, VM1, Wire.UDP, whole)).isEqualTo(0xffff);
    }

    /** Fragments of hosts, in order and not. */
    @Test
    @Requirement({"RFC 6146 3.4", "RFC 7915 5.1.1"})
    void fragmentsOfHosts() {
        byte[] udp = Wire6.udp(VM1, SERVER, 4000, 53, new byte[1992]);
        byte[] first = fragment6(udp, 0, 1000, true);
        byte[] second = fragment6(udp, 1000, 1000, false);
        assertReassembled(gateway.intoPa(first, second).ext());
        assertReassembled(gateway.intoPa(second, first).ext());
    }

    private static byte[] fragment6(byte[] udp, int offset, int length, boolean more) {
        byte[] part = Wire.slice(udp, offset, length);
        int id = more || offset > 0 ? 0xabc0_1234 : 0;
        return Net6.fromVm1(
                1, Wire6.ipv6(VM1, SERVER, Wire6.FRAGMENT, Wire6.fragment(Wire.UDP, offset, more, id, part)));
    }

    private static void assertReassembled(List<byte[]> frames) {
        assertThat(frames).hasSize(2);
        byte[] whole = new byte[2000];
        int id = Wire.u16(frames.getFirst(), 18);
        for (byte[] frame : frames) {
            byte[] ip = TestGateway.ip(frame);
            Wire.requireRight(ip);
            assertThat(Wire.u16(ip, 4)).isEqualTo(id);
            System.arraycopy(ip, 20, whole, (Wire.u16(ip, 6) & 0x1fff) * 8, ip.length - 20);
        }
        assertThat(Wire.l4Sum(Net.NAT[1], Net.SERVER, Wire.UDP, whole)).isEqualTo(0xffff);
    }

    @Test
    @Requirement({"RFC 6146 3.4", "RFC 7915 4.1a"})
    void fragmentsOfServers() {
        byte[] udp = Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, new byte[1992]);
        byte[] first = Net.fromOutside(
                Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, 64, 9, 0x2000, 0, Wire.slice(udp, 0, 1000)));
        byte[] second = Net.fromOutside(
                Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, 64, 9, 125, 0, Wire.slice(udp, 1000, 1000)));
        byte[] whole = new byte[2000];
        for (byte[] frame : gateway.intoExt(second, first).pa()) {
            byte[] ip = toVm1(frame);
            assertThat(Wire.i32(ip, 44)).isEqualTo(9);
            System.arraycopy(ip, 48, whole, Wire.u16(ip, 42) & 0xfff8, ip.length - 48);
        }
        assertThat(Wire6.l4Sum(SERVER, VM1, Wire.UDP, whole)).isEqualTo(0xffff);
    }

    @Test
    @Requirement("RFC 6146 3.4")
    void fragmentedPingsAreDropped() {
        byte[] ping = Wire.slice(Wire6.ping(VM1, SERVER, 5), 40);
        byte[] first = Wire6.fragment(Wire6.ICMPV6, 0, true, 3, Arrays.copyOf(ping, 16));
        assertThat(gateway.intoPa(Net6.fromVm1(1, Wire6.ipv6(VM1, SERVER, Wire6.FRAGMENT, first)))
                        .isEmpty())
                .isTrue();
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NAT64_FRAGMENT, 1L));
        byte[] atomic = Wire6.fragment(Wire6.ICMPV6, 0, false, 3, ping);
        assertThat(Wire.u8(out(Wire6.ipv6(VM1, SERVER, Wire6.FRAGMENT, atomic)), 20))
                .isEqualTo(8);
    }

    @Test
    @Requirement("RFC 7915 5.1")
    void errorAboutNoHeadroomIsADropNotACrash() {
        gateway.intoExtWithHeadroom(0, Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[1], 53, 4000)));
        assertThat(gateway.drops()).containsExactly(Map.entry(DropReason.NO_HEADROOM, 1L));
    }

    @Test
    @Requirement("RFC 7915 4.4")
    void timeExceededToServersIsOfIpv4() {
        byte[] udp = Wire.udp(Net.SERVER, Net.NAT[1], 53, 4000, new byte[3]);
        byte[] error = TestGateway.ip(
                gateway.intoExt(Net.fromOutside(Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.UDP, 1, 7, 0, 0, udp)))
                        .onlyExt());
        assertThat(Wire.u16(error, 20)).isEqualTo(11 << 8);
    }
}
