package net.nvgate.gateway.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import net.nvgate.gateway.worker.Worker;
import org.HdrHistogram.Histogram;

/** Runs generator and worker by turns on one thread, and measures. */
final class Loop {

    /** Longest turn that is told apart, ns. */
    static final long STALL_NANOS_MAX = 10_000_000_000L;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final BenchGateway gateway;
    private final Traffic traffic;
    private final BenchPorts ports;
    /** How long turns of the loop took, ns. */
    final Histogram turns = new Histogram(STALL_NANOS_MAX, 3);

    /**
     * What a run found.
     *
     * @param allocatedBytes of heap, by this thread
     */
    record Run(long packets, long nanos, long cpuNanos, long allocatedBytes) {

        double nanosPerPacket() {
            return (double) nanos / packets;
        }

        double cpuNanosPerPacket() {
            return (double) cpuNanos / packets;
        }
    }

    Loop(BenchGateway gateway, BenchPorts ports, Traffic traffic) {
        this.gateway = gateway;
        this.traffic = traffic;
        this.ports = ports;
    }

    /** Forwards for some time. Throws if a packet was lost or came out wrong. */
    Run forward(double seconds) {
        return checked((long) (seconds * 1e9), Long.MAX_VALUE);
    }

    /** Forwards so many packets. Throws if a packet was lost or came out wrong. */
    Run once(long packets) {
        return checked(Long.MAX_VALUE, packets);
    }

    private Run checked(long nanosMost, long packetsMost) {
        long received = gateway.received();
        long sent = gateway.sent();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long packets = turns(start, nanosMost, packetsMost);
        long nanos = System.nanoTime() - start;
        cpu = THREADS.getCurrentThreadCpuTime() - cpu;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        gateway.requireNothingDropped();
        if (gateway.received() - received != packets || gateway.sent() - sent != packets) {
            throw new IllegalStateException(packets + " packets were sent to the worker, "
                    + (gateway.received() - received) + " came in, " + (gateway.sent() - sent) + " went out");
        }
        traffic.check();
        return new Run(packets, nanos, cpu, allocated);
    }

    private long turns(long start, long nanosMost, long packetsMost) {
        Worker worker = gateway.worker;
        long packets = 0;
        long now = start;
        while (now - start < nanosMost && packets < packetsMost) {
            packets += traffic.send();
            worker.turn(now);
            ports.discard();
            long then = now;
            now = System.nanoTime();
            turns.recordValue(Math.min(now - then, STALL_NANOS_MAX));
        }
        return packets;
    }

    /** The same without a worker: what is sent is received and given back. */
    Run generatorAlone(double seconds) {
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long packets = 0;
        long now = start;
        while (now < end) {
            packets += traffic.send();
            ports.discardReceived();
            now = System.nanoTime();
        }
        return new Run(packets, now - start, THREADS.getCurrentThreadCpuTime() - cpu, 0);
    }
}
