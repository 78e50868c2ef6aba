package net.nvgate.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.nvgate.gateway.dpdk.Mem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashIndexTest {

    private final TableSpace space = new TableSpace(TestMemory::allocate);
    private final Reclaimer reclaimer = new Reclaimer(new Quiescence(1));
    private final BlockPool pool = new BlockPool(space, reclaimer, 32);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void oneWordKeysBehaveAsAMapUnderChurn(long seed) {
        Random random = new Random(seed);
        HashIndex index = new HashIndex(space, reclaimer, 1);
        Map<Long, Long> oracle = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            // Few distinct keys, so that slots are removed, reused and replaced again and again.
            long key = (long) random.nextInt(4) << 32 | 0xc0a8_0100L + random.nextInt(700);
            Long there = oracle.get(key);
            assertThat(index.find(key)).isEqualTo(there == null ? 0 : there);
            if (random.nextInt(100) < (i / 20_000 % 2 == 0 ? 60 : 40)) {
                long entry = entry(key, 0);
                assertThat(index.put(entry)).isEqualTo(there == null ? 0 : there);
                oracle.put(key, entry);
            } else if (there != null) {
                index.remove(there);
                oracle.remove(key);
            }
            if (there != null) {
                pool.retire(there.longValue());
            }
            reclaimer.seal();
        }
        assertThat(index.size()).isEqualTo(oracle.size());
        assertThat(entries(index)).isEqualTo(new HashSet<>(oracle.values()));
    }

    @Test
    void twoWordKeysDifferInEitherWord() {
        HashIndex index = new HashIndex(space, reclaimer, 2);
        Map<Long, Long> oracle = new HashMap<>();
        for (long high = 0; high < 60; high++) {
            for (long low = 0; low < 60; low++) {
                long entry = entry(high, low);
                index.put(entry);
                oracle.put(high * 60 + low, entry);
            }
        }
        oracle.forEach(
                (key, entry) -> assertThat(index.find(key / 60, key % 60)).isEqualTo(entry));
        assertThat(index.find(60, 0)).isZero();
        assertThat(index.find(0, 60)).isZero();
    }

    @Test
    void aMillionLookupRecordsTakeUnderAHundredBytesEach() {
        RouteTables tables = new RouteTables(TestMemory::allocate, 1);
        int count = 1_000_000;
        for (int i = 0; i < count; i++) {
            tables.records.put(new LookupRow(1 + i / 1000, 0x0a00_0000 + i % 1000, 6000, i, i / 50, 0, 0, 0));
            tables.reclaimer.seal();
        }
        assertThat(tables.records.size()).isEqualTo(count);
        assertThat(tables.allocatedBytes()).isLessThan(100L * count);
        assertThat(LookupEntry.mac(tables.records.find(501, 0x0a00_0000 + 7))).isEqualTo(500_007);
    }

    private long entry(long key0, long key1) {
        long entry = pool.allocate();
        Mem.i64(entry, key0);
        Mem.i64(entry + 8, key1);
        return entry;
    }

    private static Set<Long> entries(HashIndex index) {
        Set<Long> entries = new HashSet<>();
        index.forEach(entries::add);
        return entries;
    }
}
