package net.nvgate.fabric.sync;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between attempts to connect: the ceiling doubles, the wait is anywhere between a quarter of it and all of it, so
 * that followers which lost their server at one moment do not come back at one moment. Used by one thread.
 */
public final class Backoff {

    private final long minNanos;
    private final long maxNanos;
    private final RandomGenerator random;
    private long ceilingNanos;

    public Backoff(Duration min, Duration max, RandomGenerator random) {
        this.minNanos = min.toNanos();
        this.maxNanos = max.toNanos();
        this.random = random;
        this.ceilingNanos = minNanos;
    }

    public long nextNanos() {
        long ceiling = ceilingNanos;
        ceilingNanos = Math.min(maxNanos, ceiling * 2);
        return random.nextLong(ceiling / 4, ceiling + 1);
    }

    /** All is well: the next wait is short again. */
    public void reset() {
        ceilingNanos = minNanos;
    }
}
