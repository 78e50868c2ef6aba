package net.nvgate.gateway.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Random;
import net.nvgate.gateway.dpdk.Mem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Incremental updates against full computation by plain arithmetic. */
class ChecksumTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void deltasGiveWhatAFullComputationGives(long seed) {
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(64, 8).address();
            for (int round = 0; round < 20_000; round++) {
                int length = 2 * (10 + random.nextInt(20));
                for (int i = 0; i < length; i++) {
                    Mem.u8(memory + i, special(random));
                }
                Mem.u16Be(memory + 10, 0);
                Mem.u16Be(memory + 10, Checksum.of(memory, length));
                assertThat(Checksum.of(memory, length))
                        .as("seed %d round %d", seed, round)
                        .isZero();

                int oldAddress = Mem.i32Be(memory + 12);
                int newAddress = random.nextInt(4) == 0 ? ~oldAddress : random.nextInt();
                int newPort = special(random) << 8 | special(random);
                int delta = Checksum.delta32(oldAddress, newAddress);
                delta = Checksum.add(delta, Checksum.delta16(Mem.u16Be(memory + 16), newPort));
                int ttl = Mem.u8(memory + 8);
                if (ttl > 0) {
                    Mem.u8(memory + 8, ttl - 1);
                    delta = Checksum.add(delta, Checksum.TTL_DECREMENT);
                }
                Mem.i32Be(memory + 12, newAddress);
                Mem.u16Be(memory + 16, newPort);
                int updated = Checksum.apply(Mem.u16Be(memory + 10), delta);
                Mem.u16Be(memory + 10, 0);
                int full = plain(memory, length);
                boolean zeroData = full == 0xffff;
                assertThat(updated).as("seed %d round %d", seed, round).isEqualTo(zeroData ? updated : full);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 24, 60})
    void headerCheckAgreesWithPlainSum(int length) {
        Random random = new Random(length);
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(64, 8).address();
            for (int round = 0; round < 10_000; round++) {
                for (int i = 0; i < length; i++) {
                    Mem.u8(memory + i, random.nextInt(256));
                }
                Mem.u16Be(memory + 10, 0);
                int right = plain(memory, length);
                Mem.u16Be(memory + 10, right);
                assertThat(Ipv4.checksumIsRight(memory, length)).isTrue();
                Mem.u16Be(memory + 10, right ^ 1 << random.nextInt(16));
                assertThat(Ipv4.checksumIsRight(memory, length)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 24, 60})
    void aHeaderOfZerosIsWrongAndOneOfOnesRight(int length) {
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(64, 8).address();
            assertThat(Ipv4.checksumIsRight(memory, length)).isFalse();
            for (int i = 0; i < length; i++) {
                Mem.u8(memory + i, 0xff);
            }
            assertThat(Ipv4.checksumIsRight(memory, length)).isTrue();
            Mem.u8(memory + 7, 0xfe);
            assertThat(Ipv4.checksumIsRight(memory, length)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0000, 0x1234, 0xffff})
    void udpZeroMeansNoneAndIsNeverMade(int delta) {
        assertThat(Checksum.applyUdp(0, delta)).isZero();
        for (int checksum = 1; checksum <= 0xffff; checksum++) {
            assertThat(Checksum.applyUdp(checksum, delta)).isNotZero();
        }
    }

    private static int special(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 0xff;
            default -> random.nextInt(256);
        };
    }

    private static int plain(long memory, int length) {
        int sum = 0;
        for (int i = 0; i < length; i += 2) {
            sum += Mem.u8(memory + i) << 8 | Mem.u8(memory + i + 1);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }
}
