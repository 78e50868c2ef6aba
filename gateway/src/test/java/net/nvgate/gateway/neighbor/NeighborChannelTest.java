package net.nvgate.gateway.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class NeighborChannelTest {

    private static final int EVENTS = 20_000;
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final NeighborChannel channel = new NeighborChannel(64);
    private final long[] event = new long[NeighborChannel.WORDS];

    @Test
    void whoFindsAnEventDoesNotSleep() {
        assertThat(channel.wakeOnEvent()).isTrue();
        channel.needed(1, 42);
        assertThat(channel.wakeOnEvent()).isFalse();
        assertThat(channel.pollEvent(event)).isTrue();
        assertThat(channel.wakeOnEvent()).isTrue();
        channel.awake();
    }

    /** Events come before, while and after the agent's thread goes to sleep: none of its sleeps outlasts the next event. */
    @Test
    void noEventIsSleptThrough() throws ExecutionException, InterruptedException {
        AtomicInteger taken = new AtomicInteger();
        CompletableFuture<Void> worker = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < EVENTS; i++) {
                while (taken.get() < i) {
                    Thread.onSpinWait();
                }
                // So that it meets the other one at different places.
                for (int spins = i % 200; spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                channel.needed(1, i);
            }
        });
        long longest = 0;
        while (taken.get() < EVENTS && !worker.isCompletedExceptionally()) {
            if (channel.pollEvent(event)) {
                assertThat(NeighborChannel.targetIp(event)).isEqualTo(taken.get());
                taken.incrementAndGet();
                continue;
            }
            long begun = System.nanoTime();
            if (channel.wakeOnEvent()) {
                LockSupport.parkNanos(LONG_NANOS);
            }
            channel.awake();
            longest = Math.max(longest, System.nanoTime() - begun);
        }
        worker.get();
        assertThat(longest).isLessThan(LONG_NANOS);
    }
}
