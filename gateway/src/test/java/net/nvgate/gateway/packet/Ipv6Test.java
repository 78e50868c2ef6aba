package net.nvgate.gateway.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.worker.Wire;
import net.nvgate.gateway.worker.Wire6;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields, the walk over extension headers, and checksums, against packets that {@link Wire6} builds. */
class Ipv6Test {

    private static final byte[] SOURCE = Wire6.address("2001:db8:1::3");
    private static final byte[] DESTINATION = Wire6.address("2001:db8:2::fffe");

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    private long place(byte[] bytes) {
        MemorySegment segment = arena.allocate(bytes.length);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment.address();
    }

    @Test
    void readsAndWritesEveryField() {
        byte[] packet = Wire6.ipv6(SOURCE, DESTINATION, Wire.UDP, 7, 0xb9, 0xabcde, new byte[9]);
        long ip = place(packet);
        assertThat(Ipv6.version(ip)).isEqualTo(6);
        assertThat(Ipv6.trafficClass(ip)).isEqualTo(0xb9);
        assertThat(Ipv6.flowLabel(ip)).isEqualTo(0xabcde);
        assertThat(Ipv6.payloadLength(ip)).isEqualTo(9);
        assertThat(Ipv6.totalLength(ip)).isEqualTo(49);
        assertThat(Ipv6.nextHeader(ip)).isEqualTo(Ipv4.UDP);
        assertThat(Ipv6.hopLimit(ip)).isEqualTo(7);
        assertThat(Ipv6.sourceHigh(ip)).isEqualTo(Wire6.high(SOURCE));
        assertThat(Ipv6.destinationLow(ip)).isEqualTo(Wire6.low(DESTINATION));
        long copy = place(new byte[49]);
        Ipv6.write(
                copy,
                0xb9,
                0xabcde,
                9,
                Ipv4.UDP,
                7,
                Wire6.high(SOURCE),
                Wire6.low(SOURCE),
                Wire6.high(DESTINATION),
                Wire6.low(DESTINATION));
        for (int i = 0; i < 40; i++) {
            assertThat(Mem.u8(copy + i)).as("byte %d", i).isEqualTo(packet[i] & 0xff);
        }
        Ipv6.trafficClass(copy, 3);
        assertThat(Ipv6.trafficClass(copy)).isEqualTo(3);
        assertThat(Ipv6.flowLabel(copy)).isEqualTo(0xabcde);
        assertThat(Ipv6.version(copy)).isEqualTo(6);
    }

    @Test
    void walksToTheTransportHeader() {
        byte[] udp = Wire6.udp(SOURCE, DESTINATION, 1, 2, new byte[3]);
        byte[] chain = Wire6.extension(60, 1, Wire6.extension(Wire.UDP, 3, udp));
        byte[] packet = Wire6.ipv6(SOURCE, DESTINATION, Wire6.HOP_BY_HOP, chain);
        long walk = Ipv6Chain.walk(place(packet), packet.length);
        assertThat(Ipv6Chain.protocol(walk)).isEqualTo(Ipv4.UDP);
        assertThat(Ipv6Chain.offset(walk)).isEqualTo(40 + 8 + 24);
        assertThat(Ipv6Chain.hasFragmentHeader(walk)).isFalse();
    }

    @Test
    void findsTheFragmentHeader() {
        byte[] first = Wire6.extension(44, 1, Wire6.fragment(Wire.UDP, 0, true, 77, new byte[16]));
        byte[] packet = Wire6.ipv6(SOURCE, DESTINATION, Wire6.HOP_BY_HOP, first);
        long ip = place(packet);
        long walk = Ipv6Chain.walk(ip, packet.length);
        assertThat(Ipv6Chain.fragmentHeader(walk)).isEqualTo(48);
        assertThat(Ipv6Chain.isLaterFragment(walk)).isFalse();
        assertThat(Ipv6Chain.protocol(walk)).isEqualTo(Ipv4.UDP);
        assertThat(Ipv6Chain.offset(walk)).isEqualTo(56);
        assertThat(Ipv6Chain.fragmentId(ip + 48)).isEqualTo(77);
        assertThat(Ipv6Chain.moreFragments(ip + 48)).isTrue();

        byte[] later = Wire6.ipv6(
                SOURCE, DESTINATION, Wire6.FRAGMENT, Wire6.fragment(Ipv6.HOP_BY_HOP, 1232, false, 77, new byte[5]));
        walk = Ipv6Chain.walk(place(later), later.length);
        assertThat(Ipv6Chain.isLaterFragment(walk)).isTrue();
        assertThat(Ipv6Chain.offset(walk)).isEqualTo(48);
        assertThat(Ipv6Chain.protocol(walk)).isEqualTo(Ipv6.HOP_BY_HOP);
    }

    @Test
    void endsAtWhatIsTooLongOrNotThere() {
        byte[] payload = new byte[0];
        for (int i = 0; i < 9; i++) {
            payload = Wire6.extension(i == 0 ? Wire.UDP : 60, 1, payload);
        }
        byte[] packet = Wire6.ipv6(SOURCE, DESTINATION, 60, payload);
        assertThat(Ipv6Chain.walk(place(packet), packet.length)).isEqualTo(Ipv6Chain.TOO_LONG);

        byte[] cut = Wire6.ipv6(SOURCE, DESTINATION, 60, Wire.slice(Wire6.extension(Wire.UDP, 3, new byte[0]), 0, 23));
        assertThat(Ipv6Chain.walk(place(cut), cut.length)).isEqualTo(Ipv6Chain.TRUNCATED);
        byte[] none = Wire6.ipv6(SOURCE, DESTINATION, 44, new byte[7]);
        assertThat(Ipv6Chain.walk(place(none), none.length)).isEqualTo(Ipv6Chain.TRUNCATED);
    }

    /** Whatever the bytes are: the walk reads nothing behind them, and says so or ends inside. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void neverEndsBehindThePacket(long seed) {
        Random random = new Random(seed);
        int[] kinds = {0, 43, 44, 51, 60, 135, 6, 17, 58, 59};
        for (int round = 0; round < 20_000; round++) {
            byte[] packet = new byte[40 + random.nextInt(120)];
            for (int i = 40; i < packet.length; i++) {
                packet[i] = (byte) (random.nextInt(3) == 0 ? kinds[random.nextInt(kinds.length)] : random.nextInt(4));
            }
            packet[6] = (byte) kinds[random.nextInt(kinds.length)];
            try (Arena exact = Arena.ofConfined()) {
                MemorySegment segment = exact.allocate(packet.length);
                MemorySegment.copy(packet, 0, segment, ValueLayout.JAVA_BYTE, 0, packet.length);
                long walk = Ipv6Chain.walk(segment.address(), packet.length);
                if (!Ipv6Chain.isWrong(walk)) {
                    assertThat(Ipv6Chain.offset(walk))
                            .as("seed %d round %d", seed, round)
                            .isBetween(40, packet.length);
                }
            }
        }
    }

    @Test
    void knowsAndFillsChecksumsOfIcmp() {
        byte[] packet = Wire6.ping(SOURCE, DESTINATION, 9);
        long ip = place(packet);
        int length = packet.length - 40;
        assertThat(Icmpv6.checksumIsRight(ip, ip + 40, length)).isTrue();
        int before = Icmpv6.checksum(ip + 40);
        Icmpv6.fillChecksum(ip, ip + 40, length);
        assertThat(Icmpv6.checksum(ip + 40)).isEqualTo(before);
        Mem.u8(ip + 23, 0x44);
        assertThat(Icmpv6.checksumIsRight(ip, ip + 40, length)).isFalse();
        int delta = Checksum.delta64(Wire6.low(SOURCE), Ipv6.sourceLow(ip));
        Icmpv6.checksum(ip + 40, Checksum.apply(before, delta));
        assertThat(Icmpv6.checksumIsRight(ip, ip + 40, length)).isTrue();
    }

    @Test
    void knowsKindsOfAddresses() {
        assertThat(Ipv6.isMulticast(Wire6.high(Wire6.address("ff02::1")))).isTrue();
        assertThat(Ipv6.isLinkLocal(Wire6.high(Wire6.address("febf::1")))).isTrue();
        assertThat(Ipv6.isLinkLocal(Wire6.high(Wire6.address("fec0::1")))).isFalse();
        assertThat(Ipv6.isUnspecifiedOrLoopback(0, 1)).isTrue();
        assertThat(Ipv6.isUnspecifiedOrLoopback(0, 2)).isFalse();
        byte[] group = Wire6.address("ff02::1:ff00:fffe");
        assertThat(Ipv6.solicitedNodeLow(Wire6.low(DESTINATION))).isEqualTo(Wire6.low(group));
        assertThat(Ipv6.multicastMac(Wire6.low(group))).isEqualTo(0x3333ff00fffeL);
    }
}
