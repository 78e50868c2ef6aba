package net.nvgate.gateway.bench;

import java.util.List;
import java.util.Locale;
import net.nvgate.gateway.dpdk.LcoreThreads;
import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.RxQueue;
import net.nvgate.gateway.worker.DropReason;
import org.HdrHistogram.Histogram;

/**
 * The rate at which nothing is lost, and how long packets are under way below it (RFC 2544 sections 26.1 and 26.2; trials are shorter).
 * Unlike all else the worker runs on its own CPU by its own loop, and this thread on another one sends at a rate, receives and counts:
 *
 * <pre>
 *  this thread ── bursts of 64, stamped ──▶ net_ring (1,023 packets, as a NIC's) ──▶ worker ──▶ net_ring ──▶ this thread
 * </pre>
 */
final class LossFree {

    private static final int STEPS = 8;
    private static final long LATENCY_NANOS_MAX = 10_000_000_000L;
    private static final long QUIET_NANOS = 50_000_000L;

    private final Generator generator;
    private final RxQueue out;
    private final long array;
    private final double seconds;

    /**
     * What was found.
     *
     * @param floodMpps forwarded when more is sent than can be
     * @param lossFreeMpps highest rate of the search without a loss, 0 = there was none
     * @param thousandthMpps the same where one packet of a thousand may be lost
     * @param latencyAt50 µs under way at half of the loss-free rate, or of the other one if that is 0
     * @param latencyAt90 at nine tenths of it
     */
    record Found(
            String name,
            double floodMpps,
            double lossFreeMpps,
            double thousandthMpps,
            List<Result.Percentile> latencyAt50,
            List<Result.Percentile> latencyAt90) {

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%-32s %6.2f Mpps without a loss, %.2f with 0.1 %% lost, %.2f flooded; latency at 50 %%: median %.1f us, 99.9 %% %.1f us;"
                            + " at 90 %%: %.1f and %.1f us",
                    name,
                    lossFreeMpps,
                    thousandthMpps,
                    floodMpps,
                    latencyAt50.getFirst().micros(),
                    latencyAt50.get(3).micros(),
                    latencyAt90.getFirst().micros(),
                    latencyAt90.get(3).micros());
        }
    }

    private record Trial(long offered, long received, long nanos, Histogram latency) {}

    private LossFree(Generator generator, RxQueue out, long array, double seconds) {
        this.generator = generator;
        this.out = out;
        this.array = array;
        this.seconds = seconds;
    }

    /**
     * Measures source NAT with some sessions. The calling thread is pinned to the worker's CPU, and is again afterwards.
     *
     * @param senderCpus for this thread meanwhile, none of them the worker's
     * @param arrays room for three times 64 mbuf addresses
     */
    static Found measure(BenchShape shape, double seconds, int workerCpu, List<Integer> senderCpus, long arrays) {
        try (BenchPorts ports = BenchPorts.withReceivers(30);
                BenchGateway gateway = new BenchGateway(shape, ports, BenchFabric.UDP_IDLE_MS);
                Traffic traffic = new Traffic(Work.NAT_OUT, gateway, ports, arrays, Traffic.ALL_SMALL)) {
            traffic.open();
            Thread worker = Thread.ofPlatform().name("bench-forwarder").start(gateway.worker);
            LcoreThreads.allow(senderCpus);
            try {
                traffic.intoPa.stamp(BenchPackets.TUNNEL + BenchPackets.IP + BenchPackets.UDP);
                long array = arrays + 8L * 2 * Generator.BURST;
                RxQueue out = ports.extSink.rxQueue(0);
                Found found = new LossFree(traffic.intoPa, out, array, seconds).search("loss-free nat-out", shape);
                // Where this thread is too slow to receive, packets are lost, and counted as lost.
                gateway.requireNothingDroppedBut(DropReason.TX_FULL);
                return found;
            } finally {
                gateway.worker.stop();
                Ending.await(worker);
                LcoreThreads.pin(workerCpu);
            }
        }
    }

    private Found search(String name, BenchShape shape) {
        // The first one is for the compiler.
        var _ = trial(Double.MAX_VALUE);
        Trial flood = trial(Double.MAX_VALUE);
        double most = flood.received * 1e9 / flood.nanos;
        double lossFree = highest(most, 0);
        double thousandth = highest(most, 0.001);
        double base = lossFree > 0 ? lossFree : thousandth;
        return new Found(
                name + "/" + shape.tenants() + "t/" + shape.sessions(),
                most / 1e6,
                lossFree / 1e6,
                thousandth / 1e6,
                Result.Percentile.of(trial(base / 2).latency),
                Result.Percentile.of(trial(base * 0.9).latency));
    }

    /** The highest rate found, packets per second, at which no more than a part is lost. */
    private double highest(double most, double lossMost) {
        double low = 0;
        double high = most;
        for (int step = 0; step < STEPS; step++) {
            double middle = (low + high) / 2;
            Trial trial = trial(middle);
            if (trial.offered - trial.received <= lossMost * trial.offered) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Sends at a rate and receives, until nothing comes any more. */
    private Trial trial(double packetsPerSecond) {
        Histogram latency = new Histogram(LATENCY_NANOS_MAX, 3);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long offered = 0;
        long received = 0;
        long now = start;
        for (; now < end; now = System.nanoTime()) {
            if (offered < (now - start) * 1e-9 * packetsPerSecond) {
                var _ = generator.send();
                offered += generator.triedCount();
            }
            received += receive(latency);
        }
        long nanos = now - start;
        for (long last = now; System.nanoTime() - last < QUIET_NANOS && received < offered; ) {
            int count = receive(latency);
            received += count;
            last = count > 0 ? System.nanoTime() : last;
        }
        return new Trial(offered, received, nanos, latency);
    }

    private int receive(Histogram latency) {
        int count = out.burst(array, Generator.BURST);
        if (count > 0) {
            long now = System.nanoTime();
            for (int i = 0; i < count; i++) {
                long stamp =
                        Mem.i64(Mbuf.dataAddress(Mem.i64(array + 8L * i)) + 14 + BenchPackets.IP + BenchPackets.UDP);
                latency.recordValue(Math.clamp(now - stamp, 0, LATENCY_NANOS_MAX));
            }
            Mempool.free(array, count);
        }
        return count;
    }
}
