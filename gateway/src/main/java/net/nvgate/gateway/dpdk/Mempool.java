package net.nvgate.gateway.dpdk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A pool of mbufs. {@code rte_pktmbuf_alloc_bulk} is inline in C; {@link #allocate} does the part of it that matters: it asks
 * the pool's backend (a ring) through the exported rte_mempool_ops_table, past the caches of lcores.
 */
public final class Mempool implements AutoCloseable {

    /** Critical calls: short, never blocking, no way back into Java. See {@link FastPath#BURST}. */
    private static final MethodHandle FREE_BULK = DpdkLibrary.downcall(
            "rte_pktmbuf_free_bulk",
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
            Linker.Option.critical(false));

    /** int dequeue(struct rte_mempool *, void **objects, unsigned n): 0, or negative and nothing taken. */
    private static final MethodHandle DEQUEUE = Linker.nativeLinker()
            .downcallHandle(
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
                    Linker.Option.critical(false));

    private static final int ANY_SOCKET = -1;

    private final String name;
    private final int size;
    private final int dataRoom;
    private final long address;
    private final MemorySegment dequeue;

    private Mempool(String name, int size, int dataRoom, long address) {
        this.name = name;
        this.size = size;
        this.dataRoom = dataRoom;
        this.address = address;
        DpdkAbi abi = DpdkAbi.current();
        long operations = DpdkLibrary.address("rte_mempool_ops_table")
                + abi.value(DpdkField.MEMPOOL_OPS_TABLE_OPS)
                + (long) Mem.i32(address + abi.value(DpdkField.MEMPOOL_OPS_INDEX))
                        * abi.value(DpdkField.MEMPOOL_OPS_SIZE);
        this.dequeue = MemorySegment.ofAddress(Mem.i64(operations + abi.value(DpdkField.MEMPOOL_OPS_DEQUEUE)));
    }

    /**
     * Makes a pool.
     *
     * @param name unique in the process, at most 25 characters
     * @param mbufs how many; 2^n - 1 wastes least
     * @param cache mbufs kept per lcore, 0..512 and at most two thirds of mbufs
     * @param dataRoom bytes per buffer, headroom included
     * @throws DpdkException e.g. ENOMEM, EEXIST
     */
    public static Mempool create(String name, int mbufs, int cache, int dataRoom) {
        try (Arena arena = Arena.ofConfined()) {
            long address = NativeCall.longCall(
                    DpdkLibrary.downcall(
                            "rte_pktmbuf_pool_create",
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_SHORT,
                                    ValueLayout.JAVA_SHORT,
                                    ValueLayout.JAVA_INT)),
                    arena.allocateFrom(name),
                    mbufs,
                    cache,
                    (short) 0,
                    (short) dataRoom,
                    ANY_SOCKET);
            if (address == 0) {
                throw new DpdkException(
                        "rte_pktmbuf_pool_create(" + name + ", " + mbufs + " mbufs of " + dataRoom + " bytes)",
                        RteErrno.current());
            }
            return new Mempool(name, mbufs, dataRoom, address);
        }
    }

    /**
     * Takes empty mbufs of one segment with {@link Mbuf#DEFAULT_HEADROOM}; all or none.
     *
     * @param array where to put their addresses
     * @return false if the pool has fewer left
     */
    public boolean allocate(long array, int count) {
        int result;
        try {
            result = (int) DEQUEUE.invokeExact(dequeue, address, array, count);
        } catch (Throwable e) {
            throw NativeCall.unexpected(e);
        }
        if (result < 0) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            Mbuf.reset(Mem.i64(array + 8L * i));
        }
        return true;
    }

    /**
     * Gives packets back, with all their segments, each to its own pool.
     *
     * @param array address of {@code count} mbuf addresses
     */
    public static void free(long array, int count) {
        try {
            FREE_BULK.invokeExact(array, count);
        } catch (Throwable e) {
            throw NativeCall.unexpected(e);
        }
    }

    public String name() {
        return name;
    }

    /** Mbufs in all. */
    public int size() {
        return size;
    }

    /** Bytes per buffer, headroom included. */
    public int dataRoom() {
        return dataRoom;
    }

    /** Mbufs in the pool, those in lcore caches included. Not exact while others work. Not for the fast path. */
    public int available() {
        return count("rte_mempool_avail_count");
    }

    /** Mbufs out of the pool. */
    public int inUse() {
        return count("rte_mempool_in_use_count");
    }

    private int count(String function) {
        return NativeCall.intCall(
                DpdkLibrary.downcall(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)),
                address);
    }

    /** Address of the struct rte_mempool. */
    long address() {
        return address;
    }

    /** Frees the pool. All its mbufs must be back, and the ports that receive into it closed. */
    @Override
    public void close() {
        NativeCall.voidCall(
                DpdkLibrary.downcall("rte_mempool_free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG)), address);
    }
}
