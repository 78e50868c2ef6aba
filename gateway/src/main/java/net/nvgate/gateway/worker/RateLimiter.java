package net.nvgate.gateway.worker;

/** A token bucket (RFC 1812 §4.3.2.8 wants ICMP errors limited). */
final class RateLimiter {

    private static final long NANOS = 1_000_000_000L;

    private final long nanosPerToken;
    private final long nanosMax;
    private long fullAt;

    RateLimiter(int perSecond, int burst) {
        this.nanosPerToken = NANOS / perSecond;
        this.nanosMax = nanosPerToken * burst;
        this.fullAt = Long.MIN_VALUE;
    }

    /** Takes a token if there is one. */
    boolean tryTake(long nowNanos) {
        long start = fullAt == Long.MIN_VALUE || fullAt - nowNanos < 0 ? nowNanos : fullAt;
        if (start + nanosPerToken - nowNanos > nanosMax) {
            return false;
        }
        fullAt = start + nanosPerToken;
        return true;
    }
}
