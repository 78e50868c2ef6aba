package net.nvgate.gateway.bench;

import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.MempoolCache;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.dpdk.PortSettings;
import net.nvgate.gateway.dpdk.RxQueue;
import net.nvgate.gateway.worker.PacketPort;
import net.nvgate.gateway.worker.WorkerPorts;

/**
 * The ports of a measured worker: it receives from net_ring, where a generator puts packets, and sends to net_ring, from where
 * {@link #discard} gives them back to their pool or somebody receives them; on either side one of each.
 */
final class BenchPorts implements AutoCloseable {

    static final int MTU = 1500;
    private static final int MBUFS = 1_023;
    /** Two rings may be full of them. */
    private static final int MBUFS_OF_TWO = 4_095;

    /** As many as may be under way between several workers, and what their caches keep. */
    private static final int MBUFS_OF_SEVERAL = 8_191;

    private static final int CACHE = 256;
    /** More than a burst, so that one look tells that nothing is left. */
    private static final int DISCARDED = 2 * Generator.BURST;

    final Mempool pool;
    final Port paSource;
    final Port extSource;
    final Port paSink;
    final Port extSink;

    private final boolean ownsPool;
    private final MempoolCache mbufs;
    private final BenchMemory memory = new BenchMemory();
    private final long array;
    private final RxQueue paReceived;
    private final RxQueue extReceived;
    private final RxQueue paSent;
    private final RxQueue extSent;

    private BenchPorts(int number, Mempool pool, boolean ownsPool) {
        this.pool = pool;
        this.ownsPool = ownsPool;
        this.mbufs = new MempoolCache(pool);
        this.array = memory.allocate(8L * DISCARDED, 64);
        paSource = open("net_ring" + 4 * number);
        extSource = open("net_ring" + (4 * number + 1));
        paSink = open("net_ring" + (4 * number + 2));
        extSink = open("net_ring" + (4 * number + 3));
        paReceived = paSource.rxQueue(0);
        extReceived = extSource.rxQueue(0);
        paSent = paSink.rxQueue(0);
        extSent = extSink.rxQueue(0);
    }

    /**
     * For one worker, on the thread that discards what it sends.
     *
     * @param number makes names unique in the process; uses devices {@code 4 * number} and the next three
     */
    static BenchPorts ofOne(int number) {
        return new BenchPorts(number, pool(number, MBUFS), true);
    }

    /** As {@link #ofOne}, for a worker whose packets another thread sends and receives. */
    static BenchPorts withReceivers(int number) {
        return new BenchPorts(number, pool(number, MBUFS_OF_TWO), true);
    }

    /** As {@link #ofOne}, for the first one of several workers, which have their packets from one pool. */
    static BenchPorts ofSeveral(int number) {
        return new BenchPorts(number, pool(number, MBUFS_OF_SEVERAL), true);
    }

    /** As {@link #ofOne}, for another worker with the same pool, which must stay open longer. */
    BenchPorts another(int number) {
        return new BenchPorts(number, pool, false);
    }

    private static Mempool pool(int number, int mbufs) {
        return Mempool.create("bench" + number, mbufs, CACHE, PortSettings.dataRoom(MTU));
    }

    /** Gives back what has been sent by either port, as a driver does; after every turn of the worker, on its thread. */
    void discard() {
        discard(paSent);
        discard(extSent);
    }

    /** As {@link #discard()}, of what the worker has not received yet. */
    void discardReceived() {
        discard(paReceived);
        discard(extReceived);
    }

    private void discard(RxQueue queue) {
        int count;
        do {
            count = queue.burst(array, DISCARDED);
            if (count > 0) {
                mbufs.giveBack(array, count);
            }
        } while (count == DISCARDED);
    }

    private Port open(String device) {
        Port port = Port.attach(device, device);
        port.configure(PortSettings.simple(MTU), pool);
        port.start();
        return port;
    }

    WorkerPorts worker() {
        return worker(this);
    }

    /** @param first whose ids the tables know, as a worker's queues are of one port */
    WorkerPorts worker(BenchPorts first) {
        return new WorkerPorts(
                PacketPort.between(paSource, paSink),
                first.paSource.id(),
                PacketPort.between(extSource, extSink),
                first.extSource.id());
    }

    Generator intoPa(long array, PacketList list) {
        return new Generator(pool, paSource.txQueue(0), paSource.id(), array, list);
    }

    Generator intoExt(long array, PacketList list) {
        return new Generator(pool, extSource.txQueue(0), extSource.id(), array, list);
    }

    @Override
    public void close() {
        paSource.close();
        extSource.close();
        paSink.close();
        extSink.close();
        memory.close();
        if (ownsPool) {
            pool.close();
        }
    }
}
