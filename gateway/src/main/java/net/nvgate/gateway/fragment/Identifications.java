package net.nvgate.gateway.fragment;

import net.nvgate.gateway.dpdk.Mem;

/**
 * Identifications of IPv4 datagrams that may be fragmented: hosts behind one external address count each for itself, so what leaves
 * counts anew by (source, destination, protocol), as RFC 6864 §5.3.1 wants it of translators. Tuples are hashed onto counters; one
 * identification returns after 65,536 datagrams of a counter, not earlier. Where a tuple starts is not to be guessed.
 */
public final class Identifications {

    private static final int COUNTERS = 1 << 16;

    private final long memory;
    private final long seed;

    /** Zeroed memory of {@link #bytes}. */
    public Identifications(long memory, long seed) {
        this.memory = memory;
        this.seed = seed;
    }

    public static long bytes() {
        return 2L * COUNTERS;
    }

    /** The next one, 0..65535. */
    public int next(int source, int destination, int protocol) {
        long h = (((long) source << 32) ^ Integer.toUnsignedLong(destination) ^ seed) * 0x9E3779B97F4A7C15L;
        h = (h ^ (h >>> 32) ^ protocol) * 0xC2B2AE3D27D4EB4FL;
        h ^= h >>> 29;
        long at = memory + 2 * (h >>> 48);
        int count = Mem.u16(at);
        Mem.u16(at, count + 1);
        return (count + (int) h) & 0xffff;
    }
}
