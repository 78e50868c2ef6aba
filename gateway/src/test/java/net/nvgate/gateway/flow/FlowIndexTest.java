package net.nvgate.gateway.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.nvgate.gateway.dpdk.Mem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The flow table against a map, with random creation and removal. */
class FlowIndexTest {

    private record Key(long key0, long key1) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void behavesLikeAMap(long seed) {
        Random random = new Random(seed);
        int capacity = 512;
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(FlowTable.bytes(capacity), 128).address();
            FlowTable table = new FlowTable(memory, capacity, seed, 0);
            Map<Key, Long> model = new HashMap<>();
            for (int round = 0; round < 50_000; round++) {
                Key out = new Key(random.nextInt(1000), 1L << 8 | 6);
                Key in = new Key(out.key0() + 1_000_000, 6);
                Long expected = model.get(out);
                assertThat(find(table, out)).isEqualTo(expected == null ? 0 : expected);
                assertThat(find(table, in)).isEqualTo(expected == null ? 0 : expected + Session.LINE);
                if (expected != null && random.nextInt(3) == 0) {
                    table.remove(expected);
                    model.remove(out);
                } else if (expected == null) {
                    long session = table.create(
                            out.key0(), out.key1(), in.key0(), in.key1(), SessionState.ACTIVE, random.nextInt(9000));
                    assertThat(session == 0).as("full").isEqualTo(model.size() == capacity);
                    if (session != 0) {
                        model.put(out, session);
                    }
                }
                assertThat(table.used()).isEqualTo(model.size());
            }
        }
    }

    /**
     * 64 flows that differ in one field by steps of one have FlowIDs (the low byte) and tags (the high one) like random ones, of which 56
     * differ, whatever the seed.
     */
    @ParameterizedTest
    @CsvSource({"0, 0x1000000000000", "0, 0x100000000", "0, 0x100", "0x100000000, 0", "1, 0"})
    void keysInSequenceAreSpread(long step0, long step1) {
        Random random = new Random(1);
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(FlowIndex.bytes(1), 64).address();
            for (int round = 0; round < 5_000; round++) {
                FlowIndex index = new FlowIndex(memory, 1, memory, 4, random.nextLong());
                long key0 = random.nextLong();
                long key1 = random.nextLong();
                BitSet low = new BitSet();
                BitSet high = new BitSet();
                for (long i = 0; i < 64; i++) {
                    long hash = index.hash(key0 + step0 * i, key1 + step1 * i);
                    low.set((int) hash & 0xff);
                    high.set((int) (hash >>> 56));
                }
                assertThat(low.cardinality()).isGreaterThan(40);
                assertThat(high.cardinality()).isGreaterThan(40);
            }
        }
    }

    /** As full as it may be, in sizes whose last bucket is not full and in the smallest. */
    @ParameterizedTest
    @ValueSource(ints = {1, 12, 48, 1_000, 30_000})
    void holdsAsManyKeysAsItHasRoomFor(int capacity) {
        try (Arena arena = Arena.ofConfined()) {
            long lines = arena.allocate(16L * capacity, 64).address();
            FlowIndex index = new FlowIndex(
                    arena.allocate(FlowIndex.bytes(capacity), 64).address(), capacity, lines, 4, capacity);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < capacity; i++) {
                    Mem.i64(lines + 16L * i, i);
                    Mem.i64(lines + 16L * i + 8, round);
                    assertThat(index.insert(index.hash(i, round), i)).isTrue();
                }
                for (int i = 0; i < capacity; i++) {
                    long hash = index.hash(i, round);
                    assertThat(index.find(hash, i, round)).isEqualTo(lines + 16L * i);
                    assertThat(index.find(index.hash(i, round + 1), i, round + 1))
                            .isZero();
                }
                for (int i = 0; i < capacity; i++) {
                    assertThat(index.remove(index.hash(i, round), i)).isTrue();
                    assertThat(index.remove(index.hash(i, round), i)).isFalse();
                    assertThat(index.find(index.hash(i, round), i, round)).isZero();
                }
            }
        }
    }

    /** Lines whose second word is partly, or not at all, their key. */
    @Test
    void masksWhatIsNoKey() {
        int capacity = 500;
        try (Arena arena = Arena.ofConfined()) {
            long lines = arena.allocate(16L * capacity, 64).address();
            long memory = arena.allocate(FlowIndex.bytes(capacity), 64).address();
            FlowIndex index = new FlowIndex(memory, capacity, lines, 4, 0xff, 0, 9);
            for (int i = 0; i < capacity; i++) {
                Mem.i64(lines + 16L * i, i);
                Mem.i64(lines + 16L * i + 8, 0xabcd_ef00L | 7);
                assertThat(index.insert(index.hash(i, i % 2 == 0 ? 7 : 0), i)).isTrue();
            }
            for (int i = 0; i < capacity; i++) {
                long key1 = i % 2 == 0 ? 7 : 0;
                assertThat(index.find(index.hash(i, key1), i, key1)).isEqualTo(lines + 16L * i);
                assertThat(index.find(index.hash(i, 8), i, 8)).isZero();
            }
        }
    }

    private static long find(FlowTable table, Key key) {
        FlowIndex index = table.index();
        return index.find(index.hash(key.key0(), key.key1()), key.key0(), key.key1());
    }
}
