package net.nvgate.gateway.route;

import java.util.Arrays;
import net.nvgate.gateway.dpdk.Mem;

/**
 * Blocks of one size, cut from slabs that double up to a limit. Block addresses are multiples of 32 for sizes that
 * are, so that a 32- or 64-byte entry never straddles a cache line. Used by one thread.
 */
public final class BlockPool implements Reclaimer.Owner {

    private static final int SLAB_BYTES_FIRST = 1 << 11;
    private static final int SLAB_BYTES_MAX = 1 << 20;

    private final TableSpace space;
    private final Reclaimer reclaimer;
    private final int blockBytes;
    private long[] free = new long[16];
    private int freeCount;
    private long slabBytes = SLAB_BYTES_FIRST;
    private long slabNext;
    private long slabEnd;

    public BlockPool(TableSpace space, Reclaimer reclaimer, int blockBytes) {
        this.space = space;
        this.reclaimer = reclaimer;
        this.blockBytes = blockBytes;
    }

    /** A zeroed block. */
    public long allocate() {
        if (freeCount > 0) {
            long address = free[--freeCount];
            Mem.zero(address, blockBytes);
            return address;
        }
        if (slabEnd - slabNext < blockBytes) {
            slabNext = space.allocate(slabBytes);
            slabEnd = slabNext + slabBytes;
            slabBytes = Math.min(2 * slabBytes, SLAB_BYTES_MAX);
        }
        long address = slabNext;
        slabNext += blockBytes;
        return address;
    }

    /** The block is unlinked; it comes back when no worker can hold it. */
    public void retire(long address) {
        reclaimer.retire(this, address, blockBytes);
    }

    /** The block was never published. */
    public void free(long address) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = address;
    }

    @Override
    public void reclaim(long address, long size) {
        free(address);
    }
}
