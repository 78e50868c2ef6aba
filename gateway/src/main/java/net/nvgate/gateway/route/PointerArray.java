package net.nvgate.gateway.route;

import java.lang.invoke.VarHandle;
import net.nvgate.gateway.dpdk.Mem;

/** A growing off-heap array of 64-bit words, by dense index. What was never set is 0. */
final class PointerArray implements Reclaimer.Owner {

    private static final int ORDER_FIRST = 4;
    private static final long ORDER_MASK = 63;

    private final TableSpace space;
    private final Reclaimer reclaimer;
    private volatile long root;

    PointerArray(TableSpace space, Reclaimer reclaimer) {
        this.space = space;
        this.reclaimer = reclaimer;
        this.root = space.allocate(8L << ORDER_FIRST) | ORDER_FIRST;
    }

    /** Any thread. 0 beyond the end; a negative index is beyond the end. */
    long get(int index) {
        long rootNow = root;
        if (Integer.toUnsignedLong(index) >>> rootNow != 0) {
            return 0;
        }
        long value = Mem.i64(first(rootNow) + index * 8L);
        VarHandle.acquireFence();
        return value;
    }

    /** Any thread: the array as it is now, for the readers below; valid as long as a table's entry is. */
    long root() {
        return root;
    }

    /** Address of the first word of a {@link #root}. */
    static long first(long root) {
        return root & ~ORDER_MASK;
    }

    /** Words of a {@link #root}. */
    static int length(long root) {
        return 1 << root;
    }

    /** Writer: what {@code value} points to is complete. */
    void set(int index, long value) {
        long at = slot(index);
        VarHandle.releaseFence();
        Mem.i64(at, value);
    }

    /** Writer: address of the word, valid until another index is first touched; grows the array if need be. */
    long slot(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("negative index " + index);
        }
        while (index >>> root != 0) {
            grow();
        }
        return (root & ~ORDER_MASK) + index * 8L;
    }

    private void grow() {
        long old = root;
        int order = (int) (old & ORDER_MASK);
        long fresh = space.allocate(8L << (order + 1));
        Mem.copy(old & ~ORDER_MASK, fresh, 8L << order);
        root = fresh | (order + 1);
        reclaimer.retire(this, old & ~ORDER_MASK, 8L << order);
    }

    @Override
    public void reclaim(long address, long size) {
        space.release(address, size);
    }
}
