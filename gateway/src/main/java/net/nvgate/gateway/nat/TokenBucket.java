package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;

/** A bucket that holds the tokens of one second, as one word of memory: the time at which it is full again, ns. */
final class TokenBucket {

    private static final long SECOND = 1_000_000_000L;

    private TokenBucket() {}

    /** Whether there is a token now. */
    static boolean hasToken(long at, int perSecond, long nowNanos) {
        return start(at, nowNanos) + SECOND / perSecond - nowNanos <= SECOND;
    }

    /** Takes a token that is there. */
    static void take(long at, int perSecond, long nowNanos) {
        Mem.i64(at, start(at, nowNanos) + SECOND / perSecond);
    }

    private static long start(long at, long nowNanos) {
        long full = Mem.i64(at);
        return full == 0 || full - nowNanos < 0 ? nowNanos : full;
    }
}
