package net.nvgate.gateway.worker;

import java.util.Arrays;

/** A token bucket per tenant, by the dense index of its RDID, so that no tenant's flood silences another. Tenants beyond the limit share one. */
final class TenantLimiter {

    private static final long NANOS = 1_000_000_000L;

    private final long nanosPerToken;
    private final long nanosMax;
    private final long[] fullAt = new long[WorkerConfig.TENANTS + 1];

    /** Tokens of one second may be taken at once. */
    TenantLimiter(int perSecond) {
        nanosPerToken = NANOS / perSecond;
        nanosMax = nanosPerToken * perSecond;
        Arrays.fill(fullAt, Long.MIN_VALUE);
    }

    /** Takes a token of a tenant if there is one; 0 is the side that tenants share. */
    boolean tryTake(int domain, long nowNanos) {
        int i = Math.min(domain, WorkerConfig.TENANTS);
        long start = fullAt[i] == Long.MIN_VALUE || fullAt[i] - nowNanos < 0 ? nowNanos : fullAt[i];
        if (start + nanosPerToken - nowNanos > nanosMax) {
            return false;
        }
        fullAt[i] = start + nanosPerToken;
        return true;
    }
}
