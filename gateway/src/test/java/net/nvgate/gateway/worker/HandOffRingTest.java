package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HandOffRingTest {

    private static final int CAPACITY = 256;
    private static final int BURST = 32;
    private static final long PACKETS = 5_000_000;

    @Test
    void whatIsNotPublishedIsNotSeen() {
        HandOffRing ring = new HandOffRing(CAPACITY);
        assertThat(ring.add(HandOffRing.TO_EXT, 77)).isTrue();
        assertThat(ring.available()).isZero();
        ring.publish();
        assertThat(ring.available()).isEqualTo(1);
        assertThat(HandOffRing.kind(ring.get(0))).isEqualTo(HandOffRing.TO_EXT);
        assertThat(HandOffRing.mbuf(ring.get(0))).isEqualTo(77);
    }

    @Test
    void aFullRingTakesNothingUntilPlacesAreGivenBack() {
        HandOffRing ring = new HandOffRing(CAPACITY);
        for (int i = 1; i <= CAPACITY; i++) {
            assertThat(ring.add(HandOffRing.FROM_PA, i)).isTrue();
        }
        assertThat(ring.add(HandOffRing.FROM_PA, CAPACITY + 1)).isFalse();
        ring.publish();
        assertThat(ring.available()).isEqualTo(CAPACITY);
        ring.take(1);
        assertThat(ring.add(HandOffRing.FROM_PA, CAPACITY + 1)).isTrue();
        ring.publish();
        assertThat(HandOffRing.mbuf(ring.get(0))).isEqualTo(2);
        assertThat(HandOffRing.mbuf(ring.get(CAPACITY - 1))).isEqualTo(CAPACITY + 1);
    }

    /** As two workers use it: one thread writes, another reads; each packet comes once, in its order, with its kind. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void twoThreadsLoseAndMixNothing() throws InterruptedException {
        HandOffRing ring = new HandOffRing(CAPACITY);
        Thread writer = Thread.ofPlatform().daemon().start(() -> write(ring));
        long next = 1;
        while (next <= PACKETS) {
            int count = Math.min(2 * BURST, ring.available());
            for (int i = 0; i < count; i++, next++) {
                long slot = ring.get(i);
                if (HandOffRing.mbuf(slot) != next || HandOffRing.kind(slot) != kind(next)) {
                    assertThat(slot).as("slot of packet %d", next).isEqualTo((long) kind(next) << 56 | next);
                }
            }
            if (count > 0) {
                ring.take(count);
            } else {
                LockSupport.parkNanos(1_000);
            }
        }
        writer.join();
        assertThat(ring.available()).isZero();
    }

    private static void write(HandOffRing ring) {
        for (long next = 1; next <= PACKETS; ) {
            int added = 0;
            while (next <= PACKETS && added < BURST && ring.add(kind(next), next)) {
                next++;
                added++;
            }
            ring.publish();
            if (added == 0) {
                LockSupport.parkNanos(1_000);
            }
        }
    }

    private static int kind(long packet) {
        return (int) (packet % (HandOffRing.TO_EXT + 1));
    }
}
