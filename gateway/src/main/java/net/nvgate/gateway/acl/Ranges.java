package net.nvgate.gateway.acl;

/**
 * For a value of 128 bits, which of some items have it in their ranges: bits of one field of a packet in the bit vector algorithm of
 * Lakshman and Stiliadis (SIGCOMM 1998). All boundaries of all ranges cut the space into intervals; each interval has a row of bits,
 * equal rows are one.
 *
 * <pre>
 *  starts:  0 ......... s1 ......... s2 ............. s3 ....      sorted, unsigned; found by binary search
 *  rows:    r0          r1           r0               r2           offsets into bits
 *  bits:    r0: item 0 .. 63, 64 .. 127, ...   r1: ...   r2: ...
 * </pre>
 *
 * Immutable; any thread may ask. An IPv4 address is its mapped IPv6 one (::ffff:a.b.c.d), a port is a small number.
 */
final class Ranges {

    private final long[] highs;
    private final long[] lows;
    private final int[] rows;
    private final long[] bits;

    Ranges(long[] highs, long[] lows, int[] rows, long[] bits) {
        this.highs = highs;
        this.lows = lows;
        this.rows = rows;
        this.bits = bits;
    }

    /** Offset of the row of the interval that a value is in. */
    int row(long high, long low) {
        int from = 0;
        int to = rows.length;
        // The first interval begins at 0, so that every value is in one.
        while (to - from > 1) {
            int middle = (from + to) >>> 1;
            int order = Long.compareUnsigned(highs[middle], high);
            if (order < 0 || (order == 0 && Long.compareUnsigned(lows[middle], low) <= 0)) {
                from = middle;
            } else {
                to = middle;
            }
        }
        return rows[from];
    }

    /** 64 bits of a row. */
    long word(int row, int word) {
        return bits[row + word];
    }

    /** Bytes on the heap, about. */
    long bytes() {
        return 8L * (highs.length + lows.length + bits.length) + 4L * rows.length;
    }
}
