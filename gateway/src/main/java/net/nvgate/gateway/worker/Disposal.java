package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mempool;

/** Where packets end that go no further: counted with a reason, and given back to their pool in bulk. */
final class Disposal {

    private final WorkerCounters counters;
    private final MbufBatch batch;

    Disposal(WorkerCounters counters, MbufBatch batch) {
        this.counters = counters;
        this.batch = batch;
    }

    /** Drops a packet of no known VSID. */
    void drop(long mbuf, DropReason reason) {
        counters.drop(reason);
        free(mbuf);
    }

    void drop(long mbuf, DropReason reason, int countersIndex) {
        counters.drop(reason, countersIndex);
        free(mbuf);
    }

    /** The packet has done its work, e.g. ARP. */
    void free(long mbuf) {
        if (batch.isFull()) {
            flush();
        }
        batch.add(mbuf);
    }

    void flush() {
        if (batch.count() > 0) {
            Mempool.free(batch.array(), batch.count());
            batch.clear();
        }
    }
}
