package net.nvgate.gateway.flow;

import net.nvgate.gateway.dpdk.Mem;

/**
 * A hash index from 128-bit keys to numbered lines, of a size fixed at start. The lines carry their keys in their first 16
 * bytes and never move, so that a session can be pointed to.
 *
 * <p>A bucket is one cache line of 12 slots; their tags are compared all at once, without a branch (as F14 does it, Bronson and Shi, 2019). A key
 * lives in its first bucket, or in its second one if the first is full. When both are, one of their keys moves to its other bucket. A bucket
 * counts the keys that would be its own but live elsewhere: while there are none, a look at it is enough to know that a key is not
 * there. With 9 keys to a bucket, the most there ever are ({@link #bytes}), one in thirty lives in its second. Removing needs no tombstone.
 *
 * <pre>
 *  bucket:  0 12 x tag (u8), 0 = free slot   12 keys elsewhere (i32)   16 12 x line + 1 (i32)
 * </pre>
 *
 * One thread reads and writes. A lookup in a burst is three passes so that cache misses overlap: {@link #bucket} of all keys,
 * {@link #candidate} of all keys, then the comparison.
 */
public final class FlowIndex {

    private static final int ELSEWHERE = 12;
    private static final int SLOT = 16;
    /** Keys to a bucket when the index is full. */
    private static final int FILL = 9;

    private static final int BUCKETS_MIN = 4;
    private static final int BUCKET_SHIFT = 6;
    private static final int BUCKET = 1 << BUCKET_SHIFT;
    private static final int TAG_SHIFT = 56;

    private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = 0x8080_8080_8080_8080L;
    /** Of the second word of tags, whose other half is no tags. */
    private static final long HIGHEST_BITS_OF_FOUR = 0x8080_8080L;

    private static final long LOW = 0xffff_ffffL;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long MIX = 0xC2B2AE3D27D4EB4FL;

    private final long buckets;
    private final long bucketCount;
    private final long lines;
    private final int lineShift;
    private final long evenMask;
    private final long oddMask;
    private final long firstSeed;
    private final long secondSeed;

    /** Zeroed memory of {@link #bytes} at a cache line, and the lines 0 .. capacity - 1, each of {@code 1 << lineShift} bytes. */
    public FlowIndex(long memory, int capacity, long lines, int lineShift, long seed) {
        this(memory, capacity, lines, lineShift, -1, -1, seed);
    }

    /** Of the second half of their keys, even and odd lines have only the bits of a mask; others are the line's own. */
    public FlowIndex(long memory, int capacity, long lines, int lineShift, long evenMask, long oddMask, long seed) {
        this.buckets = memory;
        this.bucketCount = buckets(capacity);
        this.lines = lines;
        this.lineShift = lineShift;
        this.evenMask = evenMask;
        this.oddMask = oddMask;
        // A key whose first word is equal to the first seed hashes to 0 whatever the second: none of ours shall be with
        // a seed of 0.
        this.firstSeed = seed ^ GOLDEN;
        this.secondSeed = (seed ^ GOLDEN) * MIX;
    }

    /** Memory for an index of {@code capacity} keys. */
    public static long bytes(int capacity) {
        return buckets(capacity) << BUCKET_SHIFT;
    }

    private static long buckets(int capacity) {
        return Math.max(BUCKETS_MIN, Math.ceilDiv(capacity, FILL));
    }

    /**
     * Mixes a key: both halves of a product of 128 bits, as wyhash does, and mixed once more, for of keys that differ in one field by
     * steps (a scan's ports, a row of VMs) one product alone is an arithmetic progression: with some seeds they shared a few FlowIDs and
     * buckets. The seed keeps outsiders from choosing keys that share a bucket.
     */
    public long hash(long key0, long key1) {
        long a = key0 ^ firstSeed;
        long b = key1 ^ secondSeed;
        long product = ((a * b) ^ Math.unsignedMultiplyHigh(a, b)) * MIX;
        return product ^ product >>> Integer.SIZE;
    }

    /** Address of the first bucket of a hash, to be touched ahead of use. */
    public long bucket(long hash) {
        return buckets + ((((hash & LOW) * bucketCount) >>> Integer.SIZE) << BUCKET_SHIFT);
    }

    /** The line that most probably has this hash, to be touched ahead of use; 0 when the first bucket has none. */
    public long candidate(long hash) {
        return candidate(bucket(hash), hash);
    }

    /** As {@link #candidate(long)}, where {@link #bucket} is known. */
    public long candidate(long bucket, long hash) {
        long equal = equal(bucket, tag(hash));
        int slot = equal == 0 ? 0 : Mem.i32(bucket + slot(equal));
        return slot == 0 ? 0 : address(slot);
    }

    /** Address of the line with this key, 0 when there is none. */
    public long find(long hash, long key0, long key1) {
        long bucket = bucket(hash);
        long line = search(bucket, tag(hash), key0, key1);
        return line != 0 || Mem.i32(bucket + ELSEWHERE) == 0 ? line : search(second(hash), tag(hash), key0, key1);
    }

    /** Enters a line, which has its key already and whose key is not in the index; false when both buckets are full. */
    public boolean insert(long hash, int line) {
        long first = bucket(hash);
        if (put(first, hash, line)) {
            return true;
        }
        long second = second(hash);
        if (put(second, hash, line) || (makeRoom(second) && put(second, hash, line))) {
            elsewhere(first, 1);
            return true;
        }
        return makeRoom(first) && put(first, hash, line);
    }

    /** Takes a line out; false when it was not there. */
    public boolean remove(long hash, int line) {
        long first = bucket(hash);
        if (clear(first, hash, line)) {
            return true;
        }
        boolean there = Mem.i32(first + ELSEWHERE) != 0 && clear(second(hash), hash, line);
        if (there) {
            elsewhere(first, -1);
        }
        return there;
    }

    /** Whether a line, an address that {@link #candidate} gave, has this key. */
    public static boolean hasKey(long line, long key0, long key1) {
        return Mem.i64(line) == key0 && Mem.i64(line + 8) == key1;
    }

    private long second(long hash) {
        long mixed = (hash * MIX) >>> Integer.SIZE;
        long second = buckets + (((mixed * bucketCount) >>> Integer.SIZE) << BUCKET_SHIFT);
        if (second != bucket(hash)) {
            return second;
        }
        return second == buckets ? second + BUCKET : second - BUCKET;
    }

    /** Never 0: a free slot has that. */
    private static int tag(long hash) {
        int tag = (int) (hash >>> TAG_SHIFT);
        return tag == 0 ? 1 : tag;
    }

    /**
     * Which slots of a bucket have a tag: bit {@code 8 * i} is slot i, for i below 8, and bit {@code 8 * i + 1} is slot 8 + i. The lowest bit of
     * each kind is right, others need not be (Mycroft's zero bytes), so that a slot must be looked at, too.
     */
    private static long equal(long bucket, int tag) {
        long tags = LOWEST_BITS * tag;
        long first = Mem.i64(bucket) ^ tags;
        long second = Mem.i64(bucket + 8) ^ tags;
        return (((first - LOWEST_BITS) & ~first & HIGHEST_BITS) >>> 7)
                | (((second - LOWEST_BITS) & ~second & HIGHEST_BITS_OF_FOUR) >>> 6);
    }

    /** Number of the slot of the lowest bit of {@link #equal}. */
    private static int number(long equal) {
        int bit = Long.numberOfTrailingZeros(equal);
        return (bit >>> 3) + ((bit & 1) << 3);
    }

    /** Offset of the slot of the lowest bit of {@link #equal}. */
    private static int slot(long equal) {
        return SLOT + 4 * number(equal);
    }

    private long search(long bucket, int tag, long key0, long key1) {
        for (long equal = equal(bucket, tag); equal != 0; equal &= equal - 1) {
            int slot = Mem.i32(bucket + slot(equal));
            long line = address(slot);
            if (slot != 0 && Mem.i64(line) == key0 && key1(line, slot) == key1) {
                return line;
            }
        }
        return 0;
    }

    private long key1(long line, int slot) {
        return Mem.i64(line + 8) & ((slot & 1) != 0 ? evenMask : oddMask);
    }

    private long address(int slot) {
        return lines + ((slot - 1 & LOW) << lineShift);
    }

    private static boolean put(long bucket, long hash, int line) {
        long free = equal(bucket, 0);
        if (free == 0) {
            return false;
        }
        Mem.i32(bucket + slot(free), line + 1);
        Mem.u8(bucket + number(free), tag(hash));
        return true;
    }

    /** Moves a key of a full bucket to its other bucket; false when none can move. */
    private boolean makeRoom(long bucket) {
        for (int i = 0; i < ELSEWHERE; i++) {
            int slot = Mem.i32(bucket + SLOT + 4L * i);
            long line = address(slot);
            long hash = hash(Mem.i64(line), key1(line, slot));
            long home = bucket(hash);
            boolean leavesHome = home == bucket;
            if (put(leavesHome ? second(hash) : home, hash, slot - 1)) {
                elsewhere(home, leavesHome ? 1 : -1);
                free(bucket, i);
                return true;
            }
        }
        return false;
    }

    private static void elsewhere(long bucket, int change) {
        Mem.i32(bucket + ELSEWHERE, Mem.i32(bucket + ELSEWHERE) + change);
    }

    private static boolean clear(long bucket, long hash, int line) {
        for (long equal = equal(bucket, tag(hash)); equal != 0; equal &= equal - 1) {
            if (Mem.i32(bucket + slot(equal)) == line + 1) {
                free(bucket, number(equal));
                return true;
            }
        }
        return false;
    }

    private static void free(long bucket, int number) {
        Mem.u8(bucket + number, 0);
        Mem.i32(bucket + SLOT + 4L * number, 0);
    }
}
