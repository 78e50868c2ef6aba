package net.nvgate.gateway.fragment;

import net.nvgate.gateway.dpdk.Mem;

/** Which units of 8 bytes of a datagram were seen: a bit each, 8192 of them. */
final class SeenUnits {

    static final int UNITS = 8192;
    static final int SHIFT = 10;

    private SeenUnits() {}

    /** How many of a range are set. */
    static int count(long map, int from, int to) {
        int count = 0;
        for (int word = from >>> 6; word <= (to - 1) >>> 6; word++) {
            count += Long.bitCount(Mem.i64(map + 8L * word) & mask(word, from, to));
        }
        return count;
    }

    static void set(long map, int from, int to) {
        for (int word = from >>> 6; word <= (to - 1) >>> 6; word++) {
            long at = map + 8L * word;
            Mem.i64(at, Mem.i64(at) | mask(word, from, to));
        }
    }

    private static long mask(int word, int from, int to) {
        int low = Math.max(from - (word << 6), 0);
        int high = Math.min(to - (word << 6), 64);
        return (-1L << low) & (-1L >>> (64 - high));
    }
}
