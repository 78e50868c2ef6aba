package net.nvgate.gateway.bench;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.RxQueue;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.worker.DropReason;
import net.nvgate.gateway.worker.Worker;
import net.nvgate.gateway.worker.WorkerCounter;

/**
 * The runs of one measurement. With as many flows as the capture has packets the worker's own loop runs as it is; with more, each
 * packet gets a random source port on its way from the driver to the worker, with its checksum.
 */
final class BenchRuns {

    private static final int BURST = 32;
    private static final double WARM_UP_SECONDS = 3;

    private final BenchOptions options;
    private final int portsPerVm;
    private final RxQueue rx;
    private final Worker worker;
    private final long array;
    private long random = 0x9E3779B97F4A7C15L;

    BenchRuns(BenchOptions options, int flows, RxQueue rx, Worker worker, long array) {
        this.options = options;
        this.portsPerVm = Math.max(1, flows / BenchFabric.VMS);
        this.rx = rx;
        this.worker = worker;
        this.array = array;
    }

    /** Nanoseconds per packet of the generator alone, then of all, each run. */
    double[][] measure() {
        openSessions();
        double[][] nanos = new double[2][options.runs()];
        generatorAlone(WARM_UP_SECONDS / 3);
        forward(WARM_UP_SECONDS);
        for (int i = 0; i < options.runs(); i++) {
            nanos[0][i] = generatorAlone(options.seconds() / 4);
            nanos[1][i] = forward(options.seconds());
        }
        requireNothingDropped();
        return nanos;
    }

    private void openSessions() {
        for (int port = 0; port < portsPerVm; port++) {
            // Bursts need not divide the capture: twice round is each packet at least once.
            for (int n = 0; n < 2 * BenchFabric.VMS; ) {
                int count = rx.burst(array, BURST);
                for (int i = 0; i < count; i++) {
                    sourcePort(Mem.i64(array + 8L * i), BenchFabric.FIRST_PORT + port);
                }
                worker.forwardFromPa(System.nanoTime(), array, count);
                n += count;
            }
        }
    }

    private double generatorAlone(double seconds) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long packets = 0;
        long now = start;
        while (now < end) {
            int count = receive();
            Mempool.free(array, count);
            packets += count;
            now = System.nanoTime();
        }
        return (double) (now - start) / packets;
    }

    private double forward(double seconds) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long packets = 0;
        long now = start;
        while (now < end) {
            if (portsPerVm == 1) {
                packets += worker.turn(now);
            } else {
                packets += worker.forwardFromPa(now, array, receive());
            }
            now = System.nanoTime();
        }
        return (double) (now - start) / packets;
    }

    private int receive() {
        int count = rx.burst(array, BURST);
        if (portsPerVm > 1) {
            for (int i = 0; i < count; i++) {
                random = random * 6364136223846793005L + 1442695040888963407L;
                int port = (int) (((random >>> 33) * portsPerVm) >>> 31);
                sourcePort(Mem.i64(array + 8L * i), BenchFabric.FIRST_PORT + port);
            }
        }
        return count;
    }

    private static void sourcePort(long mbuf, int port) {
        long udp = Mbuf.dataAddress(mbuf) + BenchFabric.UDP_OFFSET;
        Mem.u16Be(udp, port);
        int delta = Checksum.delta16(BenchFabric.FIRST_PORT, port);
        Mem.u16Be(udp + 6, Checksum.apply(Mem.u16Be(udp + 6), delta));
    }

    private void requireNothingDropped() {
        for (DropReason reason : DropReason.values()) {
            if (worker.counters().drops(reason) != 0) {
                throw new IllegalStateException(
                        worker.counters().drops(reason) + " packets dropped: " + reason.label());
            }
        }
        long sessions = worker.counters().get(WorkerCounter.SESSIONS_CREATED);
        if (sessions != (long) BenchFabric.VMS * portsPerVm) {
            throw new IllegalStateException("there are " + sessions + " sessions");
        }
    }
}
