package net.nvgate.gateway.dpdk;

/**
 * Takes mbufs as {@code rte_pktmbuf_alloc_bulk} does, which drivers call: those first that the calling lcore has given back last, and which
 * its caches still have. {@link Mempool#allocate} takes those that nobody has used for longest. For one thread at a time, which stays the lcore
 * that it is.
 */
public final class MempoolCache {

    private static final int LENGTH = DpdkAbi.current().value(DpdkField.CACHE_LENGTH);
    private static final int OBJECTS = DpdkAbi.current().value(DpdkField.CACHE_OBJECTS);

    private final Mempool pool;
    private long cache;
    private Thread owner;

    /** Of a pool, for whichever thread calls {@link #allocate}. */
    public MempoolCache(Mempool pool) {
        this.pool = pool;
        this.owner = Thread.currentThread();
        this.cache = cacheOfThisThread();
    }

    /** As {@link Mempool#allocate}. */
    @SuppressWarnings("ReferenceEquality") // a thread is itself
    public boolean allocate(long array, int count) {
        if (Thread.currentThread() != owner) {
            owner = Thread.currentThread();
            cache = cacheOfThisThread();
        }
        int length = cache == 0 ? 0 : Mem.i32(cache + LENGTH);
        if (length < count) {
            return pool.allocate(array, count);
        }
        long last = cache + OBJECTS + 8L * (length - 1);
        for (int i = 0; i < count; i++) {
            long mbuf = Mem.i64(last - 8L * i);
            Mem.i64(array + 8L * i, mbuf);
            Mbuf.reset(mbuf);
        }
        Mem.i32(cache + LENGTH, length - count);
        return true;
    }

    /** 0 = the thread is no lcore, or the pool has no caches. */
    private long cacheOfThisThread() {
        DpdkAbi abi = DpdkAbi.current();
        int lcore = LcoreThreads.lcoreId();
        boolean none = lcore < 0 || Mem.i32(pool.address() + abi.value(DpdkField.MEMPOOL_CACHE_SIZE)) == 0;
        return none
                ? 0
                : Mem.i64(pool.address() + abi.value(DpdkField.MEMPOOL_LOCAL_CACHE))
                        + (long) lcore * abi.value(DpdkField.CACHE_SIZE);
    }
}
