package net.nvgate.gateway.dpdk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory for tables that packets are looked up in. A table of a million flows does not fit the TLB in 4 KiB pages, so it
 * comes from DPDK's hugepages when there are any, else from the kernel with a request for transparent huge pages. Works
 * without EAL. Thread-safe.
 */
public final class TableMemory {

    private static final Logger LOG = LoggerFactory.getLogger(TableMemory.class);
    private static final long HUGE_PAGE = 2L << 20;
    private static final long PAGE = 4096;
    private static final int ANY_SOCKET = -1;

    /** What is behind each address given out. */
    private record Block(long mappedAt, long mappedBytes, boolean fromDpdk) {}

    private static final Map<Long, Block> BLOCKS = new ConcurrentHashMap<>();

    private TableMemory() {}

    /**
     * Zeroed memory.
     *
     * @param bytes at least 1
     * @param align power of two, at most 4096 (from 2 MiB of size on the kernel's memory is aligned to 2 MiB anyway)
     * @return address
     * @throws DpdkException if there is not as much memory
     */
    public static long allocate(long bytes, int align) {
        if (bytes < 1 || Integer.bitCount(align) != 1 || align > PAGE) {
            throw new IllegalArgumentException("cannot allocate " + bytes + " bytes aligned to " + align);
        }
        if (Eal.runningWithHugePages()) {
            long address = fromDpdk(bytes, align);
            if (address != 0) {
                BLOCKS.put(address, new Block(address, bytes, true));
                return address;
            }
            LOG.warn("DPDK's hugepages have no room for a table of {} bytes, using ordinary memory", bytes);
        }
        return fromKernel(bytes);
    }

    /**
     * As {@link #allocate}, for tables that packets fill: its pages are there when it returns. Else the first who writes to a page waits
     * for the kernel to clear it, which is 0.1 to 0.3 ms for one of 2 MiB.
     */
    public static long allocateTouched(long bytes, int align) {
        long address = allocate(bytes, align);
        Block block = BLOCKS.get(address);
        if (block != null && !block.fromDpdk() && !Libc.populate(address, roundUp(bytes, PAGE))) {
            LOG.warn("pages of a table of {} bytes will be made as they are first written", bytes);
        }
        return address;
    }

    /** Gives memory of {@link #allocate} back; nobody may touch it any more. */
    public static void free(long address) {
        Block block = BLOCKS.remove(address);
        if (block == null) {
            throw new IllegalArgumentException("not allocated here: 0x" + Long.toHexString(address));
        }
        if (!block.fromDpdk()) {
            Libc.munmap(block.mappedAt(), block.mappedBytes());
        } else if (Eal.running()) {
            NativeCall.voidCall(
                    DpdkLibrary.downcall("rte_free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG)), address);
        }
    }

    private static long fromDpdk(long bytes, int align) {
        try (Arena arena = Arena.ofConfined()) {
            return NativeCall.longCall(
                    DpdkLibrary.downcall(
                            "rte_zmalloc_socket",
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT)),
                    arena.allocateFrom("nvgate-table"),
                    bytes,
                    align,
                    ANY_SOCKET);
        }
    }

    /** A mapping is aligned to 4 KiB only; a large one is made larger, so that a 2 MiB boundary lies in it. */
    private static long fromKernel(long bytes) {
        boolean large = bytes >= HUGE_PAGE;
        long mappedBytes = large ? roundUp(bytes, HUGE_PAGE) + HUGE_PAGE : roundUp(bytes, PAGE);
        long mappedAt = Libc.mmap(mappedBytes);
        long address = large ? roundUp(mappedAt, HUGE_PAGE) : mappedAt;
        if (large) {
            Libc.adviseHugePages(address, roundUp(bytes, HUGE_PAGE));
        }
        BLOCKS.put(address, new Block(mappedAt, mappedBytes, false));
        return address;
    }

    private static long roundUp(long value, long unit) {
        return (value + unit - 1) & -unit;
    }
}
