package net.nvgate.gateway.bench;

import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.dpdk.PortSettings;
import net.nvgate.gateway.worker.PacketPort;
import net.nvgate.gateway.worker.WorkerPorts;

/**
 * The ports of a measured worker: it receives from net_ring, where a generator puts packets, and sends to net_null, which discards
 * them, or to net_ring, from where they can be received; on either side one of each.
 */
final class BenchPorts implements AutoCloseable {

    static final int MTU = 1500;
    private static final int MBUFS = 1_023;
    /** Two rings may be full of them. */
    private static final int MBUFS_OF_TWO = 4_095;

    /** As many as may be under way between several workers, and what their caches keep. */
    private static final int MBUFS_OF_SEVERAL = 8_191;

    private static final int CACHE = 256;

    final Mempool pool;
    final Port paSource;
    final Port extSource;
    final Port paSink;
    final Port extSink;

    private final boolean receivers;
    private final boolean ownsPool;

    private BenchPorts(int number, Mempool pool, boolean ownsPool, boolean receivers) {
        this.receivers = receivers;
        this.pool = pool;
        this.ownsPool = ownsPool;
        String sink = receivers ? "net_ring" : "net_null";
        paSource = open("net_ring" + 4 * number);
        extSource = open("net_ring" + (4 * number + 1));
        paSink = open(sink + (4 * number + 2));
        extSink = open(sink + (4 * number + 3));
    }

    /**
     * What is sent is discarded.
     *
     * @param number makes names unique in the process; uses devices {@code 4 * number} and the next three
     */
    static BenchPorts discarding(int number) {
        return new BenchPorts(number, pool(number, MBUFS), true, false);
    }

    /** As {@link #discarding}, but what is sent can be received at the sinks. */
    static BenchPorts withReceivers(int number) {
        return new BenchPorts(number, pool(number, MBUFS_OF_TWO), true, true);
    }

    /** As {@link #discarding}, for the first one of several workers, which have their packets from one pool. */
    static BenchPorts ofSeveral(int number) {
        return new BenchPorts(number, pool(number, MBUFS_OF_SEVERAL), true, false);
    }

    /** As {@link #discarding}, for another worker with the same pool, which must stay open longer. */
    BenchPorts another(int number) {
        return new BenchPorts(number, pool, false, false);
    }

    private static Mempool pool(int number, int mbufs) {
        return Mempool.create("bench" + number, mbufs, CACHE, PortSettings.dataRoom(MTU));
    }

    /** Discards what has been sent, if nobody else does. */
    void discard(long array) {
        for (int count = 1; receivers && count > 0; ) {
            count = extSink.rxQueue(0).burst(array, Generator.BURST);
            if (count > 0) {
                Mempool.free(array, count);
            }
        }
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
        if (ownsPool) {
            pool.close();
        }
    }
}
