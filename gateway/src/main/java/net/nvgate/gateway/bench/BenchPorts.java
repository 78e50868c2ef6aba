package net.nvgate.gateway.bench;

import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.dpdk.PortSettings;
import net.nvgate.gateway.worker.PacketPort;
import net.nvgate.gateway.worker.WorkerPorts;

/**
 * The ports of a measured worker: it receives from net_ring, where a generator puts packets, and sends to net_null, which discards
 * them; on either side one of each.
 */
final class BenchPorts implements AutoCloseable {

    static final int MTU = 1500;
    private static final int MBUFS = 1_023;
    private static final int CACHE = 256;

    final Mempool pool;
    final Port paSource;
    final Port extSource;
    final Port paSink;
    final Port extSink;

    /** @param number makes names unique in the process; uses devices {@code 2 * number} and the next one */
    BenchPorts(int number) {
        pool = Mempool.create("bench" + number, MBUFS, CACHE, PortSettings.dataRoom(MTU));
        paSource = open("net_ring" + 2 * number);
        extSource = open("net_ring" + (2 * number + 1));
        paSink = open("net_null" + 2 * number);
        extSink = open("net_null" + (2 * number + 1));
    }

    private Port open(String device) {
        Port port = Port.attach(device, device);
        port.configure(PortSettings.simple(MTU), pool);
        port.start();
        return port;
    }

    WorkerPorts worker() {
        return new WorkerPorts(
                PacketPort.between(paSource, paSink),
                paSource.id(),
                PacketPort.between(extSource, extSink),
                extSource.id());
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
        pool.close();
    }
}
