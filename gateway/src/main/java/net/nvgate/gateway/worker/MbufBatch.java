package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;

/** A fixed array of mbuf addresses in memory that DPDK can read. */
final class MbufBatch {

    private final long array;
    private final int capacity;
    private int count;

    /** 8 bytes of memory per mbuf. */
    MbufBatch(long memory, int capacity) {
        this.array = memory;
        this.capacity = capacity;
    }

    /** The batch is not full. */
    void add(long mbuf) {
        Mem.i64(array + 8L * count++, mbuf);
    }

    /** How many more fit. */
    int room() {
        return capacity - count;
    }

    /** Address of the place of the next mbuf. */
    long end() {
        return array + 8L * count;
    }

    /** Mbufs have been put at {@link #end} and behind it; there was room. */
    void added(int mbufs) {
        count += mbufs;
    }

    boolean isFull() {
        return count == capacity;
    }

    int count() {
        return count;
    }

    long array() {
        return array;
    }

    long get(int index) {
        return Mem.i64(array + 8L * index);
    }

    void clear() {
        count = 0;
    }
}
