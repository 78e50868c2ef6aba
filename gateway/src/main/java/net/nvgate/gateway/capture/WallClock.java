package net.nvgate.gateway.capture;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * From {@link System#nanoTime} to nanoseconds since 1970, by the system's clock, which may be set and is slewed while the other goes on:
 * it has to {@link #follow} it. One thread.
 */
public final class WallClock implements LongUnaryOperator {

    /** The reading in the middle of the shortest time is the truest: in others the thread may have had to wait. */
    private static final int READINGS = 3;

    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private long offset;

    public WallClock() {
        this(InstantSource.system(), System::nanoTime);
    }

    WallClock(InstantSource wall, LongSupplier nanoTime) {
        this.wall = wall;
        this.nanoTime = nanoTime;
        follow();
    }

    /** Asks the system's clock what time it is. */
    public void follow() {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            long before = nanoTime.getAsLong();
            long now = epochNanos(wall.instant());
            long took = nanoTime.getAsLong() - before;
            if (took < shortest) {
                shortest = took;
                offset = now - before - took / 2;
            }
        }
    }

    private static long epochNanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }

    @Override
    public long applyAsLong(long nanos) {
        return nanos + offset;
    }
}
