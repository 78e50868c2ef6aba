package net.nvgate.gateway.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
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

    private static long find(FlowTable table, Key key) {
        FlowIndex index = table.index();
        return index.find(index.hash(key.key0(), key.key1()), key.key0(), key.key1());
    }
}
