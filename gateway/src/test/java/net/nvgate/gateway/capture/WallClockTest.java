package net.nvgate.gateway.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Times of a capture while somebody sets the system's clock. */
class WallClockTest {

    private static final long SECOND = 1_000_000_000L;

    private Instant wall = Instant.parse("2026-11-23T10:00:00.5Z");
    private final AtomicLong nanoTime = new AtomicLong(-7);
    private final WallClock clock = new WallClock(() -> wall, nanoTime::get);

    private Instant of(long nanos) {
        long epoch = clock.applyAsLong(nanos);
        return Instant.ofEpochSecond(epoch / SECOND, epoch % SECOND);
    }

    @Test
    void followsAStepOfTheSystemsClock() {
        assertThat(of(-7)).isEqualTo("2026-11-23T10:00:00.5Z");
        assertThat(of(SECOND - 7)).isEqualTo("2026-11-23T10:00:01.5Z");
        nanoTime.addAndGet(10 * SECOND);
        wall = wall.plusSeconds(10).minus(Duration.ofMinutes(3));
        clock.follow();
        assertThat(of(10 * SECOND - 7)).isEqualTo("2026-11-23T09:57:10.5Z");
    }

    /** The first reading took a second of waiting, the next one nothing. */
    @Test
    void believesTheQuickestReading() {
        AtomicLong readings = new AtomicLong();
        WallClock slow = new WallClock(
                () -> Instant.EPOCH.plusNanos(nanoTime.get()),
                () -> readings.getAndIncrement() == 0 ? nanoTime.getAndAdd(SECOND) : nanoTime.get());
        assertThat(slow.applyAsLong(5)).isEqualTo(5);
    }
}
