package net.nvgate.gateway.flow;

import net.nvgate.gateway.dpdk.Mem;

/**
 * A hash index from 128-bit keys to numbered lines, of a size fixed at start. The lines carry their keys in their first 16
 * bytes and never move, so that a session can be pointed to.
 *
 * <p>A bucket is one cache line of 8 slots. A key lives in its first bucket, or in its second one if the first was crowded
 * and the second less so (the power of two choices, with the buckets of Fan et al., NSDI 2013). At most half of the slots are ever
 * used ({@link #bytes}): then about one key in six is in its second bucket. When both are full, one of their keys moves to
 * its other bucket. Removing needs no tombstone.
 *
 * <pre>
 *  bucket: 8 x | tag 32 | line + 1 32 |      0 = free slot
 * </pre>
 *
 * One thread reads and writes. A lookup in a burst is three passes so that cache misses overlap: {@link #bucket} of all keys,
 * {@link #candidate} of all keys, then the comparison.
 */
public final class FlowIndex {

    private static final int SLOTS = 8;
    /** From this many keys on, a bucket sends new ones to their second bucket if that has fewer. */
    private static final int CROWDED = 6;

    private static final int BUCKET_SHIFT = 6;
    private static final int BUCKET_MULTIPLIER = 0x5bd1e995;
    private static final int TAG_MIDDLE = 24;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long MIX = 0xC2B2AE3D27D4EB4FL;

    private final long buckets;
    private final long bucketMask;
    private final long lines;
    private final int lineShift;
    private final long firstSeed;
    private final long secondSeed;

    /** Zeroed memory of {@link #bytes} at a cache line, and the lines, each of {@code 1 << lineShift} bytes. */
    public FlowIndex(long memory, int capacity, long lines, int lineShift, long seed) {
        this.buckets = memory;
        this.bucketMask = (bytes(capacity) >>> BUCKET_SHIFT) - 1;
        this.lines = lines;
        this.lineShift = lineShift;
        // A key whose first word is equal to the first seed hashes to 0 whatever the second: none of ours shall be with
        // a seed of 0.
        this.firstSeed = seed ^ GOLDEN;
        this.secondSeed = (seed ^ GOLDEN) * MIX;
    }

    /** Memory for an index that is at most half full with {@code capacity} keys, a power of two. */
    public static long bytes(int capacity) {
        long slots = Long.highestOneBit(Math.max(2L * capacity, 2 * SLOTS) - 1) << 1;
        return slots << 3;
    }

    /**
     * Mixes a key: both halves of a product of 128 bits, as wyhash does. The seed keeps outsiders from choosing keys that share a
     * bucket.
     */
    public long hash(long key0, long key1) {
        long a = key0 ^ firstSeed;
        long b = key1 ^ secondSeed;
        return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
    }

    /** Address of the first bucket of a hash, to be touched ahead of use. */
    public long bucket(long hash) {
        return buckets + ((hash & bucketMask) << BUCKET_SHIFT);
    }

    /** The line that most probably has this hash, to be touched ahead of use; 0 when the first bucket has none. */
    public long candidate(long hash) {
        return tagged(bucket(hash), (int) (hash >>> 32));
    }

    /** Address of the line with this key, 0 when there is none. */
    public long find(long hash, long key0, long key1) {
        int tag = (int) (hash >>> 32);
        long line = search(bucket(hash), tag, key0, key1);
        return line != 0 ? line : search(second(hash), tag, key0, key1);
    }

    /** Enters a line whose key is not in the index; false when both buckets are full. */
    public boolean insert(long hash, int line) {
        int tag = (int) (hash >>> 32);
        long first = bucket(hash);
        int used = used(first);
        long chosen = used < CROWDED || used <= used(second(hash)) ? first : second(hash);
        long slot = freeSlot(chosen, tag);
        if (slot == 0) {
            slot = displaced(first);
        }
        if (slot == 0) {
            slot = displaced(second(hash));
        }
        if (slot == 0) {
            return false;
        }
        Mem.i64(slot, slotValue(hash, line));
        return true;
    }

    /** Takes a line out; false when it was not there. */
    public boolean remove(long hash, int line) {
        long value = slotValue(hash, line);
        return clear(bucket(hash), value) || clear(second(hash), value);
    }

    /** Whether a line, an address that {@link #candidate} gave, has this key. */
    public static boolean hasKey(long line, long key0, long key1) {
        return Mem.i64(line) == key0 && Mem.i64(line + 8) == key1;
    }

    private long second(long hash) {
        long tag = hash >>> 32;
        // The product's middle bits hang on all of the tag; its low ones would follow from the first bucket.
        return buckets + (((hash ^ (((tag * BUCKET_MULTIPLIER) >>> TAG_MIDDLE) | 1)) & bucketMask) << BUCKET_SHIFT);
    }

    // A key prefers the slot its tag names, so that the first comparison mostly hits and the branch predicts well.
    private long tagged(long bucket, int tag) {
        for (int i = 0; i < SLOTS; i++) {
            long slot = Mem.i64(bucket + ((tag + i & SLOTS - 1) << 3));
            if ((int) (slot >>> 32) == tag && (int) slot != 0) {
                return address(slot);
            }
        }
        return 0;
    }

    private long search(long bucket, int tag, long key0, long key1) {
        for (int i = 0; i < SLOTS; i++) {
            long slot = Mem.i64(bucket + ((tag + i & SLOTS - 1) << 3));
            if ((int) (slot >>> 32) == tag && (int) slot != 0 && hasKey(address(slot), key0, key1)) {
                return address(slot);
            }
        }
        return 0;
    }

    private static long slotValue(long hash, int line) {
        return (hash & 0xffffffff00000000L) | Integer.toUnsignedLong(line + 1);
    }

    private long address(long slot) {
        return lines + (((slot & 0xffffffffL) - 1) << lineShift);
    }

    private static int used(long bucket) {
        int used = 0;
        for (int i = 0; i < SLOTS; i++) {
            used += Mem.i64(bucket + (i << 3)) == 0 ? 0 : 1;
        }
        return used;
    }

    private static long freeSlot(long bucket, int tag) {
        for (int i = 0; i < SLOTS; i++) {
            long slot = bucket + ((tag + i & SLOTS - 1) << 3);
            if (Mem.i64(slot) == 0) {
                return slot;
            }
        }
        return 0;
    }

    /** Moves a key of a full bucket to its other bucket; the slot that is free now, 0 when none can move. */
    private long displaced(long bucket) {
        for (int i = 0; i < SLOTS; i++) {
            long slot = bucket + (i << 3);
            long line = address(Mem.i64(slot));
            long hash = hash(Mem.i64(line), Mem.i64(line + 8));
            long other = bucket(hash) == bucket ? second(hash) : bucket(hash);
            long target = freeSlot(other, (int) (hash >>> 32));
            if (target != 0) {
                Mem.i64(target, Mem.i64(slot));
                Mem.i64(slot, 0);
                return slot;
            }
        }
        return 0;
    }

    private static boolean clear(long bucket, long value) {
        for (int i = 0; i < SLOTS; i++) {
            if (Mem.i64(bucket + (i << 3)) == value) {
                Mem.i64(bucket + (i << 3), 0);
                return true;
            }
        }
        return false;
    }
}
