package net.nvgate.gateway.flow;

import net.nvgate.gateway.dpdk.Mem;

/**
 * A fixed number of equal items in one piece of memory, given out and taken back by one thread. Freed items are reused last in,
 * first out (they are the ones still in the cache); memory that was never used is never touched.
 */
public final class Slab {

    private final long base;
    private final int shift;
    private final int capacity;
    private int fresh;
    private int freeHead = -1;
    private int used;

    /** {@code capacity << shift} zeroed bytes at {@code base}. */
    public Slab(long base, int shift, int capacity) {
        this.base = base;
        this.shift = shift;
        this.capacity = capacity;
    }

    /** Number of a zeroed item, -1 when all are in use. */
    public int allocate() {
        if (freeHead < 0) {
            if (fresh == capacity) {
                return -1;
            }
            used++;
            return fresh++;
        }
        int item = freeHead;
        long address = address(item);
        freeHead = Mem.i32(address) - 1;
        Mem.i32(address, 0);
        used++;
        return item;
    }

    /** Takes an item back; its bytes become zero but for the free list's link in the first four. */
    public void free(int item) {
        long address = address(item);
        Mem.zero(address, 1L << shift);
        Mem.i32(address, freeHead + 1);
        freeHead = item;
        used--;
    }

    public long address(int item) {
        return base + ((long) item << shift);
    }

    public int capacity() {
        return capacity;
    }

    /** Address of the {@code i}-th item from now on that will be given out, if no freed one is; for who touches it ahead of use. */
    public long upcoming(int i) {
        return address(freeHead >= 0 && i == 0 ? freeHead : Math.min(fresh + i, capacity - 1));
    }

    /** Items in use. */
    public int used() {
        return used;
    }

    /** Items that were ever in use: all others are zero. */
    public int touched() {
        return fresh;
    }
}
