package net.nvgate.gateway.dpdk;

/**
 * Takes mbufs and gives them back as {@code rte_mempool_get_bulk} and {@code rte_mempool_put_bulk} do, which drivers call: those first that the
 * calling lcore has given back last, and which its caches still have. {@link Mempool#allocate} takes those that nobody has used for longest. For
 * one thread at a time, which stays the lcore that it is.
 */
public final class MempoolCache {

    private static final int LENGTH = DpdkAbi.current().value(DpdkField.CACHE_LENGTH);
    private static final int OBJECTS = DpdkAbi.current().value(DpdkField.CACHE_OBJECTS);

    private final Mempool pool;
    private final int size;
    private long cache;
    private Thread owner;

    /** Of a pool, for whichever thread calls {@link #take}. */
    public MempoolCache(Mempool pool) {
        this.pool = pool;
        this.size = Mem.i32(pool.address() + DpdkAbi.current().value(DpdkField.MEMPOOL_CACHE_SIZE));
        this.owner = Thread.currentThread();
        this.cache = cacheOfThisThread();
    }

    /** As {@link Mempool#allocate}, of mbufs as the pool keeps them: for a driver, which makes packets of them by {@link Mbuf#arrived}. */
    public boolean take(long array, int count) {
        long own = cacheOfCaller();
        int length = own == 0 ? 0 : Mem.i32(own + LENGTH);
        if (length < count) {
            return pool.allocate(array, count);
        }
        long last = own + OBJECTS + 8L * (length - 1);
        for (int i = 0; i < count; i++) {
            Mem.i64(array + 8L * i, Mem.i64(last - 8L * i));
        }
        Mem.i32(own + LENGTH, length - count);
        return true;
    }

    /**
     * Gives packets of this pool back that are whole and nobody else's, as drivers do by {@code RTE_ETH_TX_OFFLOAD_MBUF_FAST_FREE}; others among
     * them as {@link Mempool#free} does.
     */
    public void giveBack(long array, int count) {
        if (count == 0) {
            return;
        }
        long own = cacheOfCaller();
        int length = own == 0 ? size : Mem.i32(own + LENGTH);
        if (length + count > size) {
            Mempool.free(array, count);
            return;
        }
        long next = own + OBJECTS + 8L * length;
        for (int i = 0; i < count; i++) {
            long mbuf = Mem.i64(array + 8L * i);
            if (!Mbuf.isSingle(mbuf)) {
                Mem.i32(own + LENGTH, length + i);
                Mempool.free(array + 8L * i, count - i);
                return;
            }
            Mem.i64(next + 8L * i, mbuf);
        }
        Mem.i32(own + LENGTH, length + count);
    }

    @SuppressWarnings("ReferenceEquality") // a thread is itself
    private long cacheOfCaller() {
        if (Thread.currentThread() != owner) {
            owner = Thread.currentThread();
            cache = cacheOfThisThread();
        }
        return cache;
    }

    /** 0 = the thread is no lcore, or the pool has no caches. */
    private long cacheOfThisThread() {
        DpdkAbi abi = DpdkAbi.current();
        int lcore = LcoreThreads.lcoreId();
        return lcore < 0 || size == 0
                ? 0
                : Mem.i64(pool.address() + abi.value(DpdkField.MEMPOOL_LOCAL_CACHE))
                        + (long) lcore * abi.value(DpdkField.CACHE_SIZE);
    }
}
