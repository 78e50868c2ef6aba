package net.nvgate.gateway.nat64;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.route.TestMemory;
import net.nvgate.gateway.worker.Wire;
import net.nvgate.gateway.worker.Wire6;
import org.junit.jupiter.api.Test;

/** ICMP errors with what is embedded, both ways. */
class ErrorTranslationTest {

    private static final byte[] HOST = Wire6.address("2001:db8:1::17");
    private static final byte[] REMOTE = Wire6.address("2001:db8:64::198.51.100.9");
    private static final byte[] ROUTER = Wire6.address("2001:db8:64::198.51.100.1");
    private static final int REMOTE4 = Wire.address("198.51.100.9");
    private static final int ROUTER4 = Wire.address("198.51.100.1");

    private final InsideHosts hosts = new InsideHosts(TestMemory.allocate(InsideHosts.bytes(4), 64), 4, 1);
    private final int handle = hosts.intern(
            1, Wire6.high(HOST), Wire6.low(HOST), Wire6.high(REMOTE), Wire6.low(REMOTE) & -1L << 32, 96, 0);

    private byte[] toV6(byte[] packet) {
        long ip4 = Place.put(packet);
        int growth = ErrorToIpv6.growth(ip4);
        long ip6 =
                ErrorToIpv6.translate(ip4, packet.length, hosts, handle, Wire6.high(ROUTER), Wire6.low(ROUTER), 1458);
        if (ip6 == 0) {
            return new byte[0];
        }
        assertThat(ip4 - ip6).isLessThanOrEqualTo(growth);
        byte[] sent = Place.get(ip6, Ipv6.totalLength(ip6));
        Wire6.requireRight(sent);
        assertThat(Wire6.source(sent)).isEqualTo(ROUTER);
        assertThat(Wire6.destination(sent)).isEqualTo(HOST);
        return sent;
    }

    private byte[] toV4(byte[] packet) {
        long ip6 = Place.put(packet);
        long icmp6 = ip6 + 40;
        int available = ErrorToIpv4.available(icmp6, packet.length - 48);
        long chain = Ipv6Chain.walk(icmp6 + 8, available);
        long ip4 = ErrorToIpv4.translate(ip6, icmp6, chain, available, packet.length - 48, REMOTE4, handle, 1438);
        if (ip4 == 0) {
            return new byte[0];
        }
        byte[] sent = Place.get(ip4, Ipv4.totalLength(ip4));
        Wire.requireRight(sent);
        assertThat(Wire.i32(sent, 12)).isEqualTo(handle);
        assertThat(Wire.i32(sent, 16)).isEqualTo(REMOTE4);
        return sent;
    }

    private byte[] error4(int type, int code, int rest, byte[] embedded) {
        return Wire.ipv4(ROUTER4, handle, Wire.ICMP, Wire.icmp(type, code, rest, embedded));
    }

    private static byte[] error6(int type, int code, int rest, byte[] embedded) {
        return Wire6.icmpPacket(HOST, REMOTE, type, code, rest, embedded);
    }

    private byte[] udp4() {
        return Wire.ipv4(
                handle, REMOTE4, Wire.UDP, 60, 9, 0x4000, 0x10, Wire.udp(handle, REMOTE4, 4000, 53, new byte[] {1, 2}));
    }

    @Test
    @Requirement({"RFC 7915 4.2", "RFC 7915 4.3"})
    void portUnreachableToV6() {
        byte[] sent = toV6(error4(3, 3, 0, udp4()));
        assertThat(Wire.u16(sent, 40)).isEqualTo(1 << 8 | 4);
        byte[] embedded = Wire.slice(sent, 48);
        Wire6.requireRight(embedded);
        assertThat(Wire6.source(embedded)).isEqualTo(HOST);
        assertThat(Wire6.destination(embedded)).isEqualTo(REMOTE);
        assertThat(Wire.u8(embedded, 7)).as("hop limit as it was").isEqualTo(60);
        assertThat(Wire.u16(embedded, 40)).isEqualTo(4000);
    }

    @Test
    @Requirement("RFC 7915 4.3")
    void embeddedTcpOfEightBytesAndEchoToV6() {
        byte[] tcp = Wire.ipv4(handle, REMOTE4, Wire.TCP, Wire.tcp(handle, REMOTE4, 4001, 80, 2, new byte[0]));
        byte[] sent = toV6(error4(11, 0, 0, Arrays.copyOf(tcp, 28)));
        assertThat(Wire.u16(sent, 40)).isEqualTo(3 << 8);
        assertThat(Wire.u16(sent, 48 + 4)).as("length as it was").isEqualTo(20);
        assertThat(sent).hasSize(48 + 48);
        byte[] echo = Wire.ipv4(handle, REMOTE4, Wire.ICMP, Wire.icmp(8, 0, 5 << 16, new byte[] {1, 2, 3}));
        byte[] about = toV6(error4(11, 0, 0, echo));
        Wire6.requireRight(Wire.slice(about, 48));
        assertThat(Wire.u8(about, 48 + 40)).isEqualTo(128);
    }

    @Test
    @Requirement("RFC 7915 4.2")
    void fragmentationNeededToV6() {
        byte[] embedded = udp4();
        embedded[2] = 5;
        embedded[3] = (byte) 0xdc;
        assertThat(mtuOf(toV6(error4(3, 4, 1400, Wire.fixIp(embedded)))))
                .as("20 more")
                .isEqualTo(1420);
        assertThat(mtuOf(toV6(error4(3, 4, 1000, embedded)))).as("never below").isEqualTo(1280);
        assertThat(mtuOf(toV6(error4(3, 4, 1499, embedded))))
                .as("never above the next hop")
                .isEqualTo(1458);
        embedded[2] = 7;
        embedded[3] = (byte) 0xd2;
        assertThat(mtuOf(toV6(error4(3, 4, 0, Wire.fixIp(embedded)))))
                .as("plateau below 2002")
                .isEqualTo(1458);
        embedded[2] = 5;
        embedded[3] = (byte) 0xd4;
        assertThat(mtuOf(toV6(error4(3, 4, 0, Wire.fixIp(embedded)))))
                .as("plateau below 1492")
                .isEqualTo(1280);
    }

    private static int mtuOf(byte[] sent) {
        assertThat(Wire.u16(sent, 40)).isEqualTo(2 << 8);
        return Wire.i32(sent, 44);
    }

    @Test
    @Requirement("RFC 7915 4.2")
    void pointerAndProtocolUnreachableToV6() {
        assertThat(Wire.i32(toV6(error4(12, 0, 8 << 24, udp4())), 44)).isEqualTo(7);
        assertThat(toV6(error4(12, 0, 5 << 24, udp4()))).isEmpty();
        byte[] sent = toV6(error4(3, 2, 0, udp4()));
        assertThat(Wire.u16(sent, 40)).isEqualTo(4 << 8 | 1);
        assertThat(Wire.i32(sent, 44)).as("next header").isEqualTo(6);
        assertThat(toV6(error4(3, 14, 0, udp4()))).isEmpty();
    }

    @Test
    @Requirement("RFC 7915 4.2")
    void extensionsStayOnTheWayToV6() {
        byte[] sent = toV6(error4(11, 0, 32 << 16, extended(udp4(), 128, 12)));
        assertThat(sent).as("148 bytes are 18 units and a half").hasSize(48 + 144 + 12);
        assertThat(Wire.i32(sent, 44)).isEqualTo(18 << 24);
        assertThat(Wire.slice(sent, 48 + 144)).isEqualTo(extension(12));
        Wire6.requireRight(Arrays.copyOf(Wire.slice(sent, 48), 40 + 10));
        byte[] big = Wire.ipv4(
                handle, REMOTE4, Wire.UDP, 60, 9, 0x4000, 0, Wire.udp(handle, REMOTE4, 4000, 53, new byte[1400]));
        byte[] cut = toV6(error4(3, 3, 255 << 16, extended(big, 1020, 300)));
        assertThat(cut)
                .as("no more than 1280 bytes")
                .hasSizeLessThanOrEqualTo(1280)
                .hasSize(48 + 928 + 300);
        assertThat(Wire.i32(cut, 44)).isEqualTo((928 / 8) << 24);
        assertThat(Wire.slice(cut, 48 + 928)).isEqualTo(extension(300));
    }

    /** Packet too big and parameter problem have a whole word there already. */
    @Test
    @Requirement("RFC 7915 4.2")
    void extensionsAreCutOffWhereIcmpv6HasNone() {
        byte[] sent = toV6(error4(3, 4, 32 << 16 | 1400, extended(udp4(), 128, 12)));
        assertThat(sent).hasSize(48 + 148);
        assertThat(mtuOf(sent)).isEqualTo(1420);
    }

    private static byte[] extension(int bytes) {
        byte[] extension = new byte[bytes];
        extension[0] = 0x20;
        extension[bytes - 1] = 77;
        return extension;
    }

    private static byte[] extended(byte[] embedded, int length, int bytes) {
        byte[] all = Arrays.copyOf(Arrays.copyOf(embedded, length), length + bytes);
        System.arraycopy(extension(bytes), 0, all, length, bytes);
        return all;
    }

    @Test
    @Requirement("RFC 7915 4.2")
    void whatIsNoExtensionIsCutOffOnTheWayToV6() {
        byte[] embedded = Arrays.copyOf(udp4(), 128 + 12);
        byte[] sent = toV6(error4(11, 0, 32 << 16, embedded));
        assertThat(sent).hasSize(48 + 128 + 20);
        assertThat(Wire.i32(sent, 44)).isZero();
    }

    @Test
    @Requirement({"RFC 4443 2.4", "RFC 4443 2.4c"})
    void errorOfV6HasAtMost1280Bytes() {
        byte[] big =
                Wire.ipv4(handle, REMOTE4, Wire.UDP, 60, 9, 0x4000, 0, Wire.udp(handle, REMOTE4, 1, 2, new byte[1400]));
        assertThat(toV6(error4(3, 3, 0, big))).hasSize(1280);
    }

    @Test
    @Requirement("RFC 7915 4.3")
    void embeddedFragmentToV6() {
        byte[] first = Wire.ipv4(
                handle, REMOTE4, Wire.UDP, 60, 9, 0x2000, 0, Wire.udp(handle, REMOTE4, 4000, 53, new byte[100]));
        byte[] sent = toV6(error4(11, 1, 0, first));
        assertThat(Wire.u8(sent, 48 + 6)).isEqualTo(Wire6.FRAGMENT);
        assertThat(Wire.u8(sent, 48 + 40)).isEqualTo(Wire.UDP);
        assertThat(Wire.u16(sent, 48 + 48)).isEqualTo(4000);
    }

    @Test
    @Requirement({"RFC 7915 5.2", "RFC 7915 5.3"})
    void portUnreachableToV4() {
        byte[] udp = Wire6.udpPacket(REMOTE, HOST, 53, 4000);
        byte[] sent = toV4(error6(1, 4, 0, udp));
        assertThat(Wire.u16(sent, 20)).isEqualTo(3 << 8 | 3);
        byte[] embedded = Wire.slice(sent, 28);
        Wire.requireRight(embedded);
        assertThat(Wire.i32(embedded, 12)).isEqualTo(REMOTE4);
        assertThat(Wire.i32(embedded, 16)).isEqualTo(handle);
        assertThat(Wire.u16(embedded, 22)).isEqualTo(4000);
    }

    @Test
    @Requirement("RFC 7915 5.2")
    void tooBigToV4() {
        byte[] udp = Wire6.udpPacket(REMOTE, HOST, 53, 4000);
        assertThat(mtuOf4(toV4(error6(2, 0, 1400, udp)))).as("20 less").isEqualTo(1380);
        assertThat(mtuOf4(toV4(error6(2, 0, 9000, udp)))).as("next hop").isEqualTo(1438);
        assertThat(mtuOf4(toV4(error6(2, 0, -1, udp)))).isEqualTo(1438);
        byte[] fragment =
                Wire6.ipv6(REMOTE, HOST, Wire6.FRAGMENT, Wire6.fragment(Wire.UDP, 0, true, 1, Wire.slice(udp, 40)));
        assertThat(mtuOf4(toV4(error6(2, 0, 1400, fragment)))).as("28 less").isEqualTo(1372);
    }

    private static int mtuOf4(byte[] sent) {
        assertThat(Wire.u16(sent, 20)).isEqualTo(3 << 8 | 4);
        return Wire.i32(sent, 24);
    }

    @Test
    @Requirement("RFC 7915 5.2")
    void pointerToV4() {
        byte[] udp = Wire6.udpPacket(REMOTE, HOST, 53, 4000);
        assertThat(ByteBuffer.wrap(toV4(error6(4, 0, 7, udp))).get(24)).isEqualTo((byte) 8);
        assertThat(toV4(error6(4, 0, 2, udp))).isEmpty();
        assertThat(Wire.u16(toV4(error6(4, 1, 6, udp)), 20)).isEqualTo(3 << 8 | 2);
    }

    @Test
    @Requirement("RFC 7915 5.3")
    void embeddedEchoReplyAndShortTcpToV4() {
        byte[] sent = toV4(error6(1, 3, 0, Wire6.pong(REMOTE, HOST, 99)));
        byte[] embedded = Wire.slice(sent, 28);
        Wire.requireRight(embedded);
        assertThat(Wire.u8(embedded, 20)).isZero();
        byte[] tcp = Arrays.copyOf(Wire6.tcpPacket(REMOTE, HOST, 80, 4001, 16), 48);
        assertThat(toV4(error6(3, 0, 0, tcp))).hasSize(28 + 28);
    }

    @Test
    @Requirement("RFC 7915 5.2")
    void extensionsStayOnTheWayToV4() {
        byte[] udp = Wire6.udpPacket(REMOTE, HOST, 53, 4000);
        byte[] sent = toV4(error6(3, 0, 20 << 24, extended(udp, 160, 16)));
        assertThat(sent).hasSize(28 + 140 + 16);
        assertThat(Wire.i32(sent, 24)).isEqualTo(35 << 16);
        assertThat(Wire.slice(sent, 28 + 140)).isEqualTo(extension(16));
        byte[] tooShort = toV4(error6(3, 0, 16 << 24, extended(udp, 128, 16)));
        assertThat(tooShort).as("108 bytes are fewer than 128").hasSize(28 + 108);
        assertThat(Wire.i32(tooShort, 24)).isZero();
    }

    @Test
    @Requirement("RFC 7915 5.2")
    void whatIsNoExtensionIsCutOffOnTheWayToV4() {
        byte[] embedded = Arrays.copyOf(Wire6.udpPacket(REMOTE, HOST, 53, 4000), 128 + 16);
        byte[] sent = toV4(error6(3, 0, 16 << 24, embedded));
        assertThat(sent).hasSize(28 + 128 - 20);
        assertThat(Wire.i32(sent, 24)).isZero();
    }
}
