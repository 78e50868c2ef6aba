package net.nvgate.gateway.route;

import java.util.ArrayDeque;
import java.util.Deque;
import net.nvgate.gateway.dpdk.Mem;

/**
 * Memory for tables in blocks of powers of two. A released block is kept for the next request of its size, so a source
 * that cannot free (hugepage memory) is enough, and a table that doubles leaves behind at most its own size.
 *
 * <p>Used by one thread, the writer of the tables.
 */
public final class TableSpace {

    /** Where memory comes from, e.g. {@code TableMemory::allocate}. */
    @FunctionalInterface
    public interface Source {
        /**
         * @param bytes size
         * @param align power of two, the address is a multiple of it
         * @return address of memory that stays until the process ends
         * @throws RuntimeException if there is no more
         */
        long allocate(long bytes, int align);
    }

    private static final int ALIGN = 64;
    private static final int ADDRESS_BITS = 47;
    private static final long CHUNK_BYTES = 1 << 20;

    private final Source source;
    private final Deque<Long>[] free;
    private long allocatedBytes;
    private long chunkNext;
    private long chunkEnd;

    @SuppressWarnings({"unchecked", "rawtypes"})
    public TableSpace(Source source) {
        this.source = source;
        this.free = new Deque[64];
        for (int i = 0; i < free.length; i++) {
            free[i] = new ArrayDeque<>();
        }
    }

    /** Zeroed, 64-byte aligned; at least {@code bytes}, rounded up to a power of two. */
    public long allocate(long bytes) {
        int order = order(bytes);
        long size = 1L << order;
        Long reused = free[order].poll();
        long address = reused != null ? reused : fresh(size);
        Mem.zero(address, size);
        return address;
    }

    /** Small blocks are cut from chunks, so that a source that hands out whole pages wastes none. */
    private long fresh(long size) {
        if (size >= CHUNK_BYTES) {
            return fromSource(size);
        }
        if (chunkEnd - chunkNext < size) {
            chunkNext = fromSource(CHUNK_BYTES);
            chunkEnd = chunkNext + CHUNK_BYTES;
        }
        long address = chunkNext;
        chunkNext += size;
        return address;
    }

    private long fromSource(long bytes) {
        long address = source.allocate(bytes, ALIGN);
        if (address <= 0 || address >>> ADDRESS_BITS != 0 || address % ALIGN != 0) {
            throw new IllegalStateException("unusable table memory at 0x" + Long.toHexString(address));
        }
        allocatedBytes += bytes;
        return address;
    }

    /** Gives a block back; no reader may still hold it. */
    public void release(long address, long bytes) {
        free[order(bytes)].add(address);
    }

    private static int order(long bytes) {
        return 64 - Long.numberOfLeadingZeros(Math.max(bytes, ALIGN) - 1);
    }

    /** Bytes taken from the source so far, in use or kept for reuse. */
    public long allocatedBytes() {
        return allocatedBytes;
    }
}
