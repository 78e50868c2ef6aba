package net.nvgate.gateway.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {

    private static final int ITEMS = 200;
    private static final int TICK_MS = 10;
    private static final int SLOTS = 64;

    /** Never early, late by a tick at most, each exactly once, cancelled ones never. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void firesInTime(long seed) {
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            long memory = arena.allocate(16L * ITEMS, 16).address();
            TimerWheel wheel = new TimerWheel(memory, 4, 0, 4, TICK_MS, SLOTS, 1000);
            long[] deadline = new long[ITEMS];
            long now = 1000;
            for (int round = 0; round < 20_000; round++) {
                int item = random.nextInt(ITEMS);
                if (deadline[item] == 0) {
                    deadline[item] = now + random.nextInt(TICK_MS * (SLOTS - 2));
                    wheel.schedule(item, deadline[item]);
                } else if (random.nextInt(3) == 0) {
                    wheel.cancel(item);
                    deadline[item] = 0;
                }
                now += random.nextInt(random.nextInt(100) == 0 ? 5 * TICK_MS * SLOTS : 8);
                for (int fired = wheel.poll(now); fired >= 0; fired = wheel.poll(now)) {
                    assertThat(deadline[fired]).as("seed %d", seed).isNotZero().isLessThanOrEqualTo(now);
                    deadline[fired] = 0;
                }
                for (long d : deadline) {
                    assertThat(d == 0 || d + 2 * TICK_MS > now)
                            .as("seed %d late", seed)
                            .isTrue();
                }
            }
        }
    }
}
