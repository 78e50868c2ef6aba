package net.nvgate.gateway.nat64;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv4Options;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.worker.Wire;
import net.nvgate.gateway.worker.Wire6;
import org.junit.jupiter.api.Test;

/** Headers and transport checksums, both ways, against packets made by hand. */
class HeaderTranslationTest {

    private static final byte[] HOST = Wire6.address("2001:db8:1::17");
    private static final byte[] REMOTE = Wire6.address("2001:db8:64::198.51.100.9");
    private static final int REMOTE4 = Wire.address("198.51.100.9");
    private static final int HANDLE = 0xf000_0003;

    private static byte[] toV4(byte[] packet) {
        long ip6 = Place.put(packet);
        long chain = Ipv6Chain.walk(ip6, packet.length);
        long ip4 = ToIpv4.translate(ip6, chain, HANDLE, REMOTE4, 0x1234);
        assertThat(ip4).isEqualTo(ip6 + Ipv6Chain.offset(chain) - 20);
        byte[] sent = Place.get(ip4, Ipv4.totalLength(ip4));
        Wire.requireRight(sent);
        assertThat(Wire.i32(sent, 12)).isEqualTo(HANDLE);
        assertThat(Wire.i32(sent, 16)).isEqualTo(REMOTE4);
        return sent;
    }

    private static byte[] toV6(byte[] packet) {
        long ip4 = Place.put(packet);
        int growth = ToIpv6.growth(ip4);
        long ip6 = ToIpv6.translate(ip4, Wire6.high(REMOTE), Wire6.low(REMOTE), Wire6.high(HOST), Wire6.low(HOST));
        byte[] sent = Place.get(ip6, Ipv6.totalLength(ip6));
        assertThat(sent).hasSize(packet.length + growth);
        assertThat(Wire6.source(sent)).isEqualTo(REMOTE);
        assertThat(Wire6.destination(sent)).isEqualTo(HOST);
        if (Wire.u8(sent, 6) != Wire6.FRAGMENT) {
            Wire6.requireRight(sent);
        }
        return sent;
    }

    @Test
    @Requirement({"RFC 7915 5.1", "RFC 7915 5.5"})
    void udpToV4() {
        byte[] udp = Wire6.udp(HOST, REMOTE, 4000, 53, new byte[] {1, 2, 3});
        byte[] sent = toV4(Wire6.ipv6(HOST, REMOTE, Wire.UDP, 77, 0xb9, 0xabcde, udp));
        assertThat(Wire.u8(sent, 0)).isEqualTo(0x45);
        assertThat(Wire.u8(sent, 1)).as("traffic class, all 8 bits").isEqualTo(0xb9);
        assertThat(Wire.u16(sent, 4)).isEqualTo(0x1234);
        assertThat(Wire.u16(sent, 6)).as("small: may be fragmented").isZero();
        assertThat(Wire.u8(sent, 8)).isEqualTo(77);
        assertThat(Wire.u8(sent, 9)).isEqualTo(Wire.UDP);
        assertThat(Wire.slice(sent, 28)).containsExactly(1, 2, 3);
    }

    @Test
    @Requirement("RFC 7915 5.1")
    void dontFragmentAbove1260Bytes() {
        byte[] fits = toV4(Wire6.ipv6(HOST, REMOTE, Wire.TCP, Wire6.tcp(HOST, REMOTE, 1, 2, 16, new byte[1220])));
        assertThat(fits).hasSize(1260);
        assertThat(Wire.u16(fits, 6)).isZero();
        byte[] large = toV4(Wire6.ipv6(HOST, REMOTE, Wire.TCP, Wire6.tcp(HOST, REMOTE, 1, 2, 16, new byte[1221])));
        assertThat(large).hasSize(1261);
        assertThat(Wire.u16(large, 6)).isEqualTo(0x4000);
    }

    @Test
    @Requirement("RFC 7915 5.1")
    void extensionHeadersAreLeftOut() {
        byte[] udp = Wire6.udp(HOST, REMOTE, 4000, 53, new byte[] {1, 2, 3});
        byte[] chain = Wire6.extension(Wire6.DESTINATION_OPTIONS, 1, Wire6.extension(Wire.UDP, 3, udp));
        byte[] sent = toV4(Wire6.ipv6(HOST, REMOTE, Wire6.HOP_BY_HOP, chain));
        assertThat(sent).hasSize(31);
        assertThat(Wire.slice(sent, 28)).containsExactly(1, 2, 3);
    }

    @Test
    @Requirement({"RFC 7915 5.1.1", "RFC 6146 3.4"})
    void fragmentHeaderBecomesFragmentFields() {
        byte[] udp = Wire6.udp(HOST, REMOTE, 4000, 53, new byte[1600]);
        byte[] first = toV4(Wire6.ipv6(
                HOST, REMOTE, Wire6.FRAGMENT, Wire6.fragment(Wire.UDP, 0, true, 0xabcd_5678, Arrays.copyOf(udp, 800))));
        byte[] later = toV4(Wire6.ipv6(
                HOST, REMOTE, Wire6.FRAGMENT, Wire6.fragment(Wire.UDP, 800, false, 0xabcd_5678, Wire.slice(udp, 800))));
        assertThat(Wire.u16(first, 4)).as("low half of the id").isEqualTo(0x5678);
        assertThat(Wire.u16(first, 6)).as("MF, offset 0, no DF").isEqualTo(0x2000);
        assertThat(Wire.u16(later, 4)).isEqualTo(0x5678);
        assertThat(Wire.u16(later, 6)).as("offset in units of 8").isEqualTo(100);
        byte[] whole = Arrays.copyOf(Wire.slice(first, 20), udp.length);
        System.arraycopy(later, 20, whole, 800, udp.length - 800);
        assertThat(Wire.l4Sum(HANDLE, REMOTE4, Wire.UDP, whole))
                .as("checksum of the datagram")
                .isEqualTo(0xffff);
    }

    @Test
    @Requirement("RFC 7915 5.2")
    void echoToV4() {
        byte[] sent = toV4(Wire6.ping(HOST, REMOTE, 77));
        assertThat(Wire.u8(sent, 9)).isEqualTo(Wire.ICMP);
        assertThat(Wire.u8(sent, 20)).isEqualTo(8);
        assertThat(Wire.u16(sent, 24)).isEqualTo(77);
        assertThat(Wire.u8(toV4(Wire6.pong(HOST, REMOTE, 77)), 20)).isZero();
    }

    @Test
    @Requirement({"RFC 7915 4.1", "RFC 7915 4.5"})
    void tcpToV6() {
        byte[] tcp = Wire.tcp(REMOTE4, HANDLE, 80, 4001, 18, new byte[] {5, 6});
        byte[] sent = toV6(Wire.ipv4(REMOTE4, HANDLE, Wire.TCP, 55, 99, 0x4000, 0x2e, tcp));
        assertThat(Wire.u16(sent, 0) >>> 4 & 0xff).as("traffic class").isEqualTo(0x2e);
        assertThat(Wire.i32(sent, 0) & 0xfffff).as("flow label").isZero();
        assertThat(Wire.u8(sent, 6)).isEqualTo(Wire.TCP);
        assertThat(Wire.u8(sent, 7)).isEqualTo(55);
        assertThat(Wire.slice(sent, 60)).containsExactly(5, 6);
    }

    @Test
    @Requirement("RFC 7915 4.1")
    void noFragmentHeaderForWhatIsNoFragment() {
        byte[] udp = Wire.udp(REMOTE4, HANDLE, 53, 4000, new byte[] {5});
        assertThat(Wire.u8(toV6(Wire.ipv4(REMOTE4, HANDLE, Wire.UDP, 64, 99, 0, 0, udp)), 6))
                .isEqualTo(Wire.UDP);
    }

    @Test
    @Requirement("RFC 7915 4.1")
    void optionsAreLeftOut() {
        byte[] udp = Wire.udp(REMOTE4, HANDLE, 53, 4000, new byte[] {5});
        byte[] plain = Wire.ipv4(REMOTE4, HANDLE, Wire.UDP, 64, 99, 0, 0, udp);
        byte[] with = new byte[plain.length + 8];
        System.arraycopy(plain, 0, with, 0, 20);
        Arrays.fill(with, 20, 28, (byte) 1);
        System.arraycopy(plain, 20, with, 28, udp.length);
        with[0] = 0x47;
        with[3] = (byte) with.length;
        assertThat(toV6(Wire.fixIp(with))).hasSize(40 + udp.length);
    }

    @Test
    @Requirement("RFC 7915 4.1")
    void sourceRouteIsSeen() {
        byte[] options = {1, (byte) 131, 7, 4, 10, 0, 0, 1};
        assertThat(hasRoute(options)).isTrue();
        options[3] = 8;
        assertThat(hasRoute(options)).as("used up").isFalse();
        assertThat(hasRoute(new byte[] {(byte) 137, 7, 4, 10, 0, 0, 1, 0})).isTrue();
        assertThat(hasRoute(new byte[] {0, (byte) 131, 7, 4, 10, 0, 0, 1}))
                .as("behind the end")
                .isFalse();
        assertThat(hasRoute(new byte[] {7, 1, (byte) 131, 7, 4, 10, 0, 0}))
                .as("malformed")
                .isFalse();
        assertThat(hasRoute(new byte[] {7, 3, 4, (byte) 131, 3, 2, 0, 0})).isTrue();
    }

    private static boolean hasRoute(byte[] options) {
        byte[] ip = Wire.ipv4(1, 2, Wire.UDP, options);
        ip[0] = (byte) (0x45 + options.length / 4);
        return Ipv4Options.hasOpenSourceRoute(Place.put(ip));
    }

    @Test
    @Requirement({"RFC 7915 4.1", "RFC 6146 3.4"})
    void fragmentFieldsBecomeFragmentHeader() {
        byte[] udp = Wire.udp(REMOTE4, HANDLE, 53, 4000, new byte[1600]);
        byte[] first = toV6(Wire.ipv4(REMOTE4, HANDLE, Wire.UDP, 64, 0x5678, 0x2000, 0, Arrays.copyOf(udp, 800)));
        byte[] later = toV6(Wire.ipv4(REMOTE4, HANDLE, Wire.UDP, 64, 0x5678, 100, 0, Wire.slice(udp, 800)));
        assertThat(Wire.u8(first, 6)).isEqualTo(Wire6.FRAGMENT);
        assertThat(Wire.slice(first, 40, 8)).containsExactly(17, 0, 0, 1, 0, 0, 0x56, 0x78);
        assertThat(Wire.slice(later, 40, 8)).containsExactly(17, 0, 3, 32, 0, 0, 0x56, 0x78);
        byte[] whole = Arrays.copyOf(Wire.slice(first, 48), udp.length);
        System.arraycopy(later, 48, whole, 800, udp.length - 800);
        assertThat(Wire6.l4Sum(REMOTE, HOST, Wire.UDP, whole))
                .as("checksum of the datagram")
                .isEqualTo(0xffff);
    }

    @Test
    @Requirement("RFC 7915 4.2")
    void echoToV6() {
        byte[] reply = Wire.icmp(0, 0, 77 << 16 | 1, new byte[] {1, 2, 3});
        byte[] sent = toV6(Wire.ipv4(REMOTE4, HANDLE, Wire.ICMP, reply));
        assertThat(Wire.u8(sent, 6)).isEqualTo(Wire6.ICMPV6);
        assertThat(Wire.u8(sent, 40)).isEqualTo(129);
        assertThat(Wire.u16(sent, 44)).isEqualTo(77);
    }

    @Test
    @Requirement("RFC 7915 4.5")
    void udpWithoutChecksumGetsOne() {
        byte[] udp = Wire.udp(REMOTE4, HANDLE, 53, 4000, new byte[] {5, 6, 7});
        udp[6] = 0;
        udp[7] = 0;
        byte[] packet = Wire.ipv4(REMOTE4, HANDLE, Wire.UDP, udp);
        long ip4 = Place.put(packet);
        ToIpv6.fillUdpChecksum(ip4);
        byte[] filled = Place.get(ip4, packet.length);
        Wire.requireRight(filled);
        assertThat(Wire.u16(filled, 26)).isNotZero();
        toV6(filled);
    }

    @Test
    @Requirement("RFC 7915 4.5")
    void aWrongChecksumStaysWrong() {
        byte[] packet = Wire6.udpPacket(HOST, REMOTE, 1, 2);
        packet[45] ^= 5;
        long ip6 = Place.put(packet);
        long ip4 = ToIpv4.translate(ip6, Ipv6Chain.walk(ip6, packet.length), HANDLE, REMOTE4, 0);
        byte[] sent = Place.get(ip4, Ipv4.totalLength(ip4));
        assertThat(Wire.l4Sum(HANDLE, REMOTE4, Wire.UDP, Wire.slice(sent, 20))).isNotEqualTo(0xffff);
    }

    /** To IPv4 and back is identity but for the flow label; every checksum right on the way. Seed 11. */
    @Test
    @Requirement({"RFC 7915 4.5", "RFC 7915 5.5"})
    void thereAndBack() {
        Random random = new Random(11);
        for (int i = 0; i < 5_000; i++) {
            byte[] host = new byte[16];
            random.nextBytes(host);
            byte[] data = new byte[random.nextInt(100)];
            random.nextBytes(data);
            int a = random.nextInt(65536);
            int b = random.nextInt(65536);
            byte[] packet = switch (i % 3) {
                case 0 -> Wire6.ipv6(host, REMOTE, Wire.UDP, Wire6.udp(host, REMOTE, a, b, data));
                case 1 -> Wire6.ipv6(host, REMOTE, Wire.TCP, Wire6.tcp(host, REMOTE, a, b, 16, data));
                default -> Wire6.icmpPacket(host, REMOTE, 128, 0, a << 16 | b, data);
            };
            long ip6 = Place.put(packet);
            int handle = 0xf000_0000 | random.nextInt(1 << 28);
            long ip4 = ToIpv4.translate(ip6, Ipv6Chain.walk(ip6, packet.length), handle, REMOTE4, 0);
            Wire.requireRight(Place.get(ip4, Ipv4.totalLength(ip4)));
            long back = ToIpv6.translate(ip4, Wire6.high(host), Wire6.low(host), Wire6.high(REMOTE), Wire6.low(REMOTE));
            assertThat(Place.get(back, packet.length)).as("packet %d", i).isEqualTo(packet);
        }
    }
}
