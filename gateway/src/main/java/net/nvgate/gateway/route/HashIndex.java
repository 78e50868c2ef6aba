package net.nvgate.gateway.route;

import java.lang.invoke.VarHandle;
import java.util.function.LongConsumer;
import net.nvgate.gateway.dpdk.Mem;

/**
 * Open-addressing hash index over entries that begin with their key: one 64-bit word or two, or one there and two more in the second
 * half of the entry, so that entries of IPv4 and IPv6 have the rest in common.
 *
 * <pre>
 * root (volatile field)      index block                entry (stays where it is for its life)
 *   address | log2(slots) -->  0  slot 0 (i64) ------->    0  key word 0 (i64)
 *                              8  slot 1                   8  key word 1 (i64), with two-word keys
 *                              .                           .  value
 *                                                         32  key words 1 and 2, with three-word keys
 * slot = tag (22 bits, from the hash) | entry address / 32 (42 bits);  0 = never used, 1 = removed
 * </pre>
 *
 * <p>A slot is published by one aligned 64-bit store after the entry is complete, so a reader sees an entry whole or not
 * at all, and replacing an entry swaps it in one step. Removal leaves a mark that probing passes over; when entries and
 * marks fill 5/8 of the slots a new index is built and swapped in. A miss costs the probed index lines, a hit one line
 * more.
 */
public final class HashIndex implements Reclaimer.Owner {

    private static final int ORDER_FIRST = 4;
    private static final long ORDER_MASK = 63;
    private static final long EMPTY = 0;
    private static final long REMOVED = 1;
    private static final int ADDRESS_SHIFT = 5;
    private static final int TAG_SHIFT = 42;
    private static final int SECOND_HALF = 32;
    private static final long ADDRESS_MASK = (1L << TAG_SHIFT) - 1;

    private final TableSpace space;
    private final Reclaimer reclaimer;
    private final int keyWords;
    private volatile long root;
    private long used;
    private long live;

    public HashIndex(TableSpace space, Reclaimer reclaimer, int keyWords) {
        this.space = space;
        this.reclaimer = reclaimer;
        this.keyWords = keyWords;
        this.root = block(ORDER_FIRST);
    }

    /** Any thread: the entry with this one-word key, or 0. */
    public long find(long key) {
        long rootNow = root;
        long index = rootNow & ~ORDER_MASK;
        long mask = (1L << rootNow) - 1;
        long hash = hash(key, 0);
        long tag = tag(hash);
        for (long at = hash & mask; ; at = at + 1 & mask) {
            long slot = Mem.i64(index + (at << 3));
            if (slot == EMPTY) {
                return 0;
            }
            if (slot >>> TAG_SHIFT == tag && slot != REMOVED) {
                VarHandle.acquireFence();
                long entry = (slot & ADDRESS_MASK) << ADDRESS_SHIFT;
                if (Mem.i64(entry) == key) {
                    return entry;
                }
            }
        }
    }

    /** Any thread: address of the slot at which the search for a one-word key begins, to be touched ahead of use. */
    public long slot(long key) {
        long rootNow = root;
        return (rootNow & ~ORDER_MASK) + ((hash(key, 0) & (1L << rootNow) - 1) << 3);
    }

    /** Any thread: the entry that most probably has this one-word key, to be touched ahead of use; 0 when there is none or it is elsewhere. */
    public long candidate(long key) {
        long slot = Mem.i64(slot(key));
        VarHandle.acquireFence();
        return slot != REMOVED && slot >>> TAG_SHIFT == tag(hash(key, 0)) ? (slot & ADDRESS_MASK) << ADDRESS_SHIFT : 0;
    }

    /** Any thread: the entry with this two-word key, or 0. */
    public long find(long key0, long key1) {
        long rootNow = root;
        long index = rootNow & ~ORDER_MASK;
        long mask = (1L << rootNow) - 1;
        long hash = hash(key0, key1);
        long tag = tag(hash);
        for (long at = hash & mask; ; at = at + 1 & mask) {
            long slot = Mem.i64(index + (at << 3));
            if (slot == EMPTY) {
                return 0;
            }
            if (slot >>> TAG_SHIFT == tag && slot != REMOVED) {
                VarHandle.acquireFence();
                long entry = (slot & ADDRESS_MASK) << ADDRESS_SHIFT;
                if (Mem.i64(entry) == key0 && Mem.i64(entry + 8) == key1) {
                    return entry;
                }
            }
        }
    }

    /** Any thread: the entry with this three-word key, or 0. */
    public long find(long key0, long key1, long key2) {
        long rootNow = root;
        long index = rootNow & ~ORDER_MASK;
        long mask = (1L << rootNow) - 1;
        long hash = hash(key0 ^ mix(key1), key2);
        long tag = tag(hash);
        for (long at = hash & mask; ; at = at + 1 & mask) {
            long slot = Mem.i64(index + (at << 3));
            if (slot == EMPTY) {
                return 0;
            }
            if (slot >>> TAG_SHIFT == tag && slot != REMOVED) {
                VarHandle.acquireFence();
                long entry = (slot & ADDRESS_MASK) << ADDRESS_SHIFT;
                if (Mem.i64(entry) == key0
                        && Mem.i64(entry + SECOND_HALF) == key1
                        && Mem.i64(entry + SECOND_HALF + 8) == key2) {
                    return entry;
                }
            }
        }
    }

    /**
     * Writer: publishes a complete entry, in place of one with the same key.
     *
     * @return the entry it replaces, for the caller to retire, or 0
     */
    public long put(long entry) {
        long slotAt = slotOf(entry);
        if (slotAt != 0) {
            long old = (Mem.i64(slotAt) & ADDRESS_MASK) << ADDRESS_SHIFT;
            publish(slotAt, entry);
            return old;
        }
        if ((used + 1) * 8 > capacity() * 5) {
            rebuild();
        }
        insert(root, entry, true);
        live++;
        return 0;
    }

    /** Writer: makes room for so many more entries at once, instead of growing on the way there. */
    public void reserve(long more) {
        long wanted = used + more;
        if (wanted * 8 <= capacity() * 5) {
            return;
        }
        int order = ORDER_FIRST;
        while ((1L << order) * 5 < (live + more) * 8) {
            order++;
        }
        if (1L << order > capacity()) {
            rebuild(order);
        }
    }

    /** Writer: unlinks an entry; the caller retires it. */
    public void remove(long entry) {
        long slotAt = slotOf(entry);
        if (slotAt == 0) {
            throw new IllegalStateException("entry is not in the index");
        }
        VarHandle.releaseFence();
        Mem.i64(slotAt, REMOVED);
        live--;
    }

    /** Writer: every entry, in no order. */
    public void forEach(LongConsumer action) {
        long index = root & ~ORDER_MASK;
        long end = index + capacity() * 8;
        for (long at = index; at < end; at += 8) {
            long slot = Mem.i64(at);
            if (slot != EMPTY && slot != REMOVED) {
                action.accept((slot & ADDRESS_MASK) << ADDRESS_SHIFT);
            }
        }
    }

    public long size() {
        return live;
    }

    private long slotOf(long entry) {
        long index = root & ~ORDER_MASK;
        long mask = capacity() - 1;
        for (long at = hashOf(entry) & mask; ; at = at + 1 & mask) {
            long slotAt = index + (at << 3);
            long slot = Mem.i64(slotAt);
            if (slot == EMPTY) {
                return 0;
            }
            long other = (slot & ADDRESS_MASK) << ADDRESS_SHIFT;
            if (slot != REMOVED && haveSameKey(entry, other)) {
                return slotAt;
            }
        }
    }

    private boolean haveSameKey(long a, long b) {
        return Mem.i64(a) == Mem.i64(b)
                && (keyWords != 2 || Mem.i64(a + 8) == Mem.i64(b + 8))
                && (keyWords != 3
                        || (Mem.i64(a + SECOND_HALF) == Mem.i64(b + SECOND_HALF)
                                && Mem.i64(a + SECOND_HALF + 8) == Mem.i64(b + SECOND_HALF + 8)));
    }

    private long hashOf(long entry) {
        return switch (keyWords) {
            case 1 -> hash(Mem.i64(entry), 0);
            case 2 -> hash(Mem.i64(entry), Mem.i64(entry + 8));
            default -> hash(Mem.i64(entry) ^ mix(Mem.i64(entry + SECOND_HALF)), Mem.i64(entry + SECOND_HALF + 8));
        };
    }

    /** The key is not in the index. Takes the first slot that is empty or marked removed. */
    private void insert(long targetRoot, long entry, boolean reuse) {
        long index = targetRoot & ~ORDER_MASK;
        long mask = (1L << targetRoot) - 1;
        long at = hashOf(entry) & mask;
        while (true) {
            long slotAt = index + (at << 3);
            long slot = Mem.i64(slotAt);
            if (slot == EMPTY || (reuse && slot == REMOVED)) {
                used += slot == EMPTY ? 1 : 0;
                publish(slotAt, entry);
                return;
            }
            at = at + 1 & mask;
        }
    }

    private void publish(long slotAt, long entry) {
        long hash = hashOf(entry);
        VarHandle.releaseFence();
        Mem.i64(slotAt, tag(hash) << TAG_SHIFT | entry >>> ADDRESS_SHIFT);
    }

    private void rebuild() {
        int order = ORDER_FIRST;
        while ((1L << order) * 3 < (live + 1) * 8) {
            order++;
        }
        rebuild(order);
    }

    private void rebuild(int order) {
        long old = root;
        long fresh = block(order);
        used = 0;
        forEach(entry -> insert(fresh, entry, false));
        root = fresh;
        reclaimer.retire(this, old & ~ORDER_MASK, (1L << old) * 8);
    }

    private long block(int order) {
        return space.allocate((1L << order) * 8) | order;
    }

    private long capacity() {
        return 1L << root;
    }

    @Override
    public void reclaim(long address, long size) {
        space.release(address, size);
    }

    private static long tag(long hash) {
        return hash >>> TAG_SHIFT;
    }

    private static long mix(long key) {
        long h = key * 0xd6e8_feb8_6659_fd93L;
        return h ^ h >>> 32;
    }

    /** The finishing mix of MurmurHash3 over both words; low bits choose the slot, high bits are the tag. */
    private static long hash(long key0, long key1) {
        long h = key0 * 0x9e37_79b9_7f4a_7c15L + Long.rotateLeft(key1 * 0xc2b2_ae3d_27d4_eb4fL, 31);
        h = (h ^ h >>> 33) * 0xff51_afd7_ed55_8ccdL;
        return h ^ h >>> 33;
    }
}
