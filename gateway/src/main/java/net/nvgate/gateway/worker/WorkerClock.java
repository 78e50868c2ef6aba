package net.nvgate.gateway.worker;

/** The time of the current turn of the loop, read once and seen by all steps. */
final class WorkerClock {

    private long nanos;
    private long ms;

    /** Nanoseconds on the scale of {@link System#nanoTime}. */
    void set(long nowNanos) {
        nanos = nowNanos;
        ms = Math.floorDiv(nowNanos, 1_000_000L);
    }

    long nanos() {
        return nanos;
    }

    long ms() {
        return ms;
    }
}
