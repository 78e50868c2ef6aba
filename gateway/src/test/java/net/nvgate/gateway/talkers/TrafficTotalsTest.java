package net.nvgate.gateway.talkers;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.nvgate.gateway.talkers.TrafficSnapshot.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficTotalsTest {

    private static Map<Long, Traffic> read(TrafficTotals totals) {
        Map<Long, Traffic> map = new HashMap<>();
        totals.forEach((key, packetsOut, bytesOut, packetsIn, bytesIn, missed) ->
                map.put(key, new Traffic(packetsOut, bytesOut, packetsIn, bytesIn, missed)));
        return map;
    }

    private static TrafficTotals totals(Arena arena, int keys) {
        return new TrafficTotals(arena.allocate(TrafficTotals.bytes(keys), 64).address(), keys);
    }

    @Test
    void fewKeysAreExact() {
        try (Arena arena = Arena.ofConfined()) {
            TrafficTotals totals = totals(arena, 8);
            for (int round = 1; round <= 3; round++) {
                for (long key = 1; key <= 8; key++) {
                    totals.add(key, round, 10 * key, 1, 0);
                }
            }
            assertThat(read(totals)).hasSize(8).containsEntry(5L, new Traffic(6, 150, 3, 0, 0));
            totals.clear();
            assertThat(read(totals)).isEmpty();
        }
    }

    /** What somebody really had lies between what is counted and that with what may be missing; who had much is there. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void manyKeysKeepTheirBoundsAndTheLargestStay(long seed) {
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            TrafficTotals totals = totals(arena, 256);
            Map<Long, Long> truth = new HashMap<>();
            for (int i = 0; i < 200_000; i++) {
                boolean large = random.nextInt(2) == 0;
                long key = large ? 1 + random.nextInt(10) : 100 + random.nextInt(20_000);
                long bytes = 40L + random.nextInt(1400);
                totals.add(key, 1, bytes, 0, 0);
                truth.merge(key, bytes, Long::sum);
            }
            Map<Long, Traffic> read = read(totals);
            assertThat(read).hasSize(256);
            for (long key = 1; key <= 10; key++) {
                assertThat(read).containsKey(key);
            }
            read.forEach((key, traffic) ->
                    assertThat(truth.get(key)).isBetween(traffic.bytes(), traffic.bytes() + traffic.missed()));
        }
    }
}
