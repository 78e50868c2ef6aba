package net.nvgate.gateway.talkers;

import java.lang.invoke.VarHandle;
import net.nvgate.gateway.dpdk.Mem;

/**
 * Packets and bytes by key in bounded memory: space-saving (Metwally, Agrawal, El Abbadi 2005, "Efficient computation of frequent and top-k
 * elements in data streams") in sets of {@link #WAYS}. A key that finds its set full takes the place of the least one there, and inherits
 * its bytes as what it may have had before. So a key with much traffic stays, whatever comes beside it; of a key that stays, all since
 * it came is counted exactly, and at most what it inherited is missing. With fewer keys than there is room for nothing is.
 *
 * <pre>
 *  entry, 64 bytes:  0 key (i64), 0 = free   8 packets out   16 bytes out   24 packets in   32 bytes in   40 bytes missed at most (i64 each)
 *                   48 owners the place has had (i64)
 * </pre>
 *
 * One thread writes, others read.
 */
public final class TrafficTotals {

    private static final int WAYS = 8;
    private static final int SHIFT = 6;
    private static final int SET_SHIFT = SHIFT + 3;

    private final long memory;
    private final int sets;

    /** @param memory zeroed memory of {@link #bytes} at a cache line */
    public TrafficTotals(long memory, int keys) {
        this.memory = memory;
        this.sets = sets(keys);
    }

    /** @param keys a power of two, at least 8 */
    public static long bytes(int keys) {
        return (long) sets(keys) << SET_SHIFT;
    }

    private static int sets(int keys) {
        return Integer.highestOneBit(Math.max(WAYS, keys)) / WAYS;
    }

    /** Takes what a key has had. */
    public interface Reader {
        void read(long key, long packetsOut, long bytesOut, long packetsIn, long bytesIn, long missed);
    }

    /** The writer: a key, not 0, has had so much more. */
    public void add(long key, long packetsOut, long bytesOut, long packetsIn, long bytesIn) {
        add(key, packetsOut, bytesOut, packetsIn, bytesIn, 0);
    }

    /** As {@link #add(long, long, long, long, long)}, of a key of which up to {@code missed} bytes were not counted. */
    public void add(long key, long packetsOut, long bytesOut, long packetsIn, long bytesIn, long missed) {
        long entry = entry(key);
        grow(entry + 8, packetsOut);
        grow(entry + 16, bytesOut);
        grow(entry + 24, packetsIn);
        grow(entry + 32, bytesIn);
        grow(entry + 40, missed);
    }

    private static void grow(long at, long by) {
        Mem.i64Opaque(at, Mem.i64(at) + by);
    }

    private long entry(long key) {
        long hash = key * 0x9e37_79b9_7f4a_7c15L;
        hash = (hash ^ hash >>> 32) * 0xc2b2_ae3d_27d4_eb4fL;
        long set = memory + ((hash >>> 33) % sets << SET_SHIFT);
        long least = set;
        long leastBytes = Long.MAX_VALUE;
        for (int way = 0; way < WAYS; way++) {
            long entry = set + ((long) way << SHIFT);
            long there = Mem.i64(entry);
            if (there == key) {
                return entry;
            }
            long bytes = there == 0 ? -1 : bytes(entry);
            if (bytes < leastBytes) {
                least = entry;
                leastBytes = bytes;
            }
        }
        take(least, key, Math.max(0, leastBytes));
        return least;
    }

    private static long bytes(long entry) {
        return Mem.i64(entry + 16) + Mem.i64(entry + 32) + Mem.i64(entry + 40);
    }

    private static void take(long entry, long key, long missed) {
        Mem.i64Opaque(entry, 0);
        Mem.i64Opaque(entry + 48, Mem.i64(entry + 48) + 1);
        VarHandle.storeStoreFence();
        for (int at = 8; at < 40; at += 8) {
            Mem.i64Opaque(entry + at, 0);
        }
        Mem.i64Opaque(entry + 40, missed);
        Mem.i64Release(entry, key);
    }

    /** Any thread: every key, in no order; one whose place changes hands meanwhile is left out. */
    public void forEach(Reader reader) {
        for (long entry = memory, end = memory + ((long) sets << SET_SHIFT); entry < end; entry += 1L << SHIFT) {
            long key = Mem.i64Acquire(entry);
            if (key == 0) {
                continue;
            }
            long owner = Mem.i64Opaque(entry + 48);
            VarHandle.acquireFence();
            long packetsOut = Mem.i64Opaque(entry + 8);
            long bytesOut = Mem.i64Opaque(entry + 16);
            long packetsIn = Mem.i64Opaque(entry + 24);
            long bytesIn = Mem.i64Opaque(entry + 32);
            long missed = Mem.i64Opaque(entry + 40);
            VarHandle.acquireFence();
            if (Mem.i64Opaque(entry) == key && Mem.i64Opaque(entry + 48) == owner) {
                reader.read(key, packetsOut, bytesOut, packetsIn, bytesIn, missed);
            }
        }
    }

    /** The writer: forgets everything; nobody reads. */
    public void clear() {
        Mem.zero(memory, (long) sets << SET_SHIFT);
    }
}
