package net.nvgate.gateway.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import net.nvgate.gateway.worker.Worker;
import org.HdrHistogram.Histogram;

/**
 * All workers forward for some time, each on its own thread with its generator by turns; then what is under way comes to its end.
 * Where packets are handed over a generator waits while too many are under way, so that no ring runs over.
 */
final class Race {

    /** Less than a ring between two workers holds, all together. */
    private static final int UNDER_WAY_MAX = 1_024;

    private static final long END_NANOS_MAX = 10_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Longs from one thread's to the next one's: two cache lines. */
    private static final int STRIDE = 16;

    private final Lanes lanes;
    private final long nanosMost;
    private final boolean handedOver;
    private final long receivedBefore;
    private final AtomicLongArray sent;
    private final AtomicInteger sending;

    /** What one worker's thread found; times of {@link System#nanoTime}. */
    record Part(long packets, long begun, long ended, long cpuNanos, long allocatedBytes, Histogram turns) {}

    private Race(Lanes lanes, double seconds) {
        this.lanes = lanes;
        this.nanosMost = (long) (seconds * 1e9);
        this.handedOver = lanes.scenario.spread() != WorkersScenario.Spread.OWN;
        this.receivedBefore = lanes.gateway.received();
        this.sent = new AtomicLongArray(STRIDE * (lanes.count() + 1));
        this.sending = new AtomicInteger(lanes.count());
    }

    /**
     * @param cpus one for each worker
     * @param turns gets the times of all workers' turns
     */
    static Loop.Run run(Lanes lanes, List<Integer> cpus, double seconds, Histogram turns) {
        Race race = new Race(lanes, seconds);
        List<Part> parts = Together.run(cpus, race::forward);
        long packets = parts.stream().mapToLong(Part::packets).sum();
        long begun = parts.stream().mapToLong(Part::begun).min().orElseThrow();
        long ended = parts.stream().mapToLong(Part::ended).max().orElseThrow();
        parts.forEach(part -> turns.add(part.turns));
        long allocated = parts.stream().mapToLong(Part::allocatedBytes).sum();
        // Of all together, as the time itself is.
        long cpu = parts.stream().mapToLong(Part::cpuNanos).sum() / parts.size();
        return new Loop.Run(packets, ended - begun, cpu, allocated);
    }

    private Part forward(int lane) {
        Histogram turns = new Histogram(Loop.STALL_NANOS_MAX, 3);
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long begun = System.nanoTime();
        long packets;
        try {
            packets = send(lane, begun, turns);
        } finally {
            sending.decrementAndGet();
        }
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        finish(lanes.gateway.workers.get(lane), lanes.ports(lane));
        cpu = THREADS.getCurrentThreadCpuTime() - cpu;
        return new Part(packets, begun, System.nanoTime(), cpu, allocated, turns);
    }

    private long send(int lane, long begun, Histogram turns) {
        Worker worker = lanes.gateway.workers.get(lane);
        Traffic traffic = lanes.traffic(lane);
        BenchPorts ports = lanes.ports(lane);
        long packets = 0;
        long allowed = 0;
        long now = begun;
        while (now - begun < nanosMost) {
            if (handedOver && packets + Generator.BURST > allowed) {
                allowed = packets + (UNDER_WAY_MAX - underWay()) / lanes.count();
            }
            if (!handedOver || packets + Generator.BURST <= allowed) {
                packets += traffic.send();
                sent.setRelease(STRIDE * lane, packets);
            }
            worker.turn(now);
            ports.discard();
            long then = now;
            now = System.nanoTime();
            turns.recordValue(Math.min(now - then, Loop.STALL_NANOS_MAX));
        }
        return packets;
    }

    /** Packets that some generator has sent and no worker has dealt with. */
    private long underWay() {
        long all = 0;
        for (int lane = 0; lane < lanes.count(); lane++) {
            all += sent.getAcquire(STRIDE * lane);
        }
        return all - (lanes.gateway.received() - receivedBefore);
    }

    private void finish(Worker worker, BenchPorts ports) {
        long start = System.nanoTime();
        while (sending.get() > 0 || underWay() > 0) {
            worker.turn(System.nanoTime());
            ports.discard();
            if (System.nanoTime() - start > END_NANOS_MAX) {
                throw new IllegalStateException(underWay() + " packets do not come through");
            }
        }
    }
}
