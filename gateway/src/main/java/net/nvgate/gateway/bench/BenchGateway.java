package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.worker.DropReason;
import net.nvgate.gateway.worker.Worker;
import net.nvgate.gateway.worker.WorkerConfig;
import net.nvgate.gateway.worker.WorkerCounter;
import net.nvgate.gateway.worker.WorkerCounters;
import net.nvgate.gateway.worker.WorkerGroup;
import org.jspecify.annotations.Nullable;

/** One worker or several with their tables, set up for a shape, between the ports of the bench. */
final class BenchGateway implements AutoCloseable {

    private static final int SESSIONS_MIN = 1 << 12;

    final BenchShape shape;
    final RouteTables tables;
    final List<Worker> workers = new ArrayList<>();
    /** The only one, or the first one. */
    final Worker worker;

    private final List<BenchPorts> ports;
    private final BenchMemory memory = new BenchMemory();

    BenchGateway(BenchShape shape, BenchPorts ports, int udpIdleMs) {
        this(shape, List.of(ports), udpIdleMs);
    }

    /** A worker between each of the ports, all with the sizes of a single one. */
    BenchGateway(BenchShape shape, List<BenchPorts> ports, int udpIdleMs) {
        this.shape = shape;
        this.ports = List.copyOf(ports);
        this.tables = new RouteTables(memory, ports.size());
        NeighborTable neighbors = new NeighborTable(memory, tables.quiescence);
        BenchPorts first = ports.getFirst();
        BenchFabric.fill(shape, udpIdleMs, tables, neighbors, first.paSource.id(), first.extSource.id());
        WorkerGroup group = new WorkerGroup(ports.size());
        for (int self = 0; self < ports.size(); self++) {
            workers.add(new Worker(
                    config(shape),
                    tables,
                    neighbors,
                    new NeighborChannel(64),
                    ports.get(self).worker(first),
                    first.pool,
                    memory::allocateTouched,
                    group,
                    self));
        }
        this.worker = workers.getFirst();
    }

    /** A turn of each worker, and one more if they hand packets over: so all that was received has left, and is discarded. */
    void turn() {
        for (int round = 0; round < Math.min(2, workers.size()); round++) {
            for (Worker each : workers) {
                each.turn(System.nanoTime());
            }
            ports.forEach(BenchPorts::discard);
        }
    }

    private static WorkerConfig config(BenchShape shape) {
        WorkerConfig defaults = WorkerConfig.DEFAULT;
        return new WorkerConfig(
                -1,
                sessionsMax(shape),
                Math.max(16, shape.tenants() * shape.natAddressesPerTenant()),
                Math.max(1 << 14, shape.vms() + shape.vms() / 2),
                BenchFabric.countersMax(shape),
                defaults.fragmentedMax(),
                defaults.natTimers(),
                defaults.tcpMidstream(),
                defaults.icmpErrorsPerSecond(),
                defaults.idlePolls(),
                0,
                defaults.mtu(),
                defaults.heldSynsMax());
    }

    /** A tenant alone may have three quarters of the sessions, and of the hosts, of which there is one for eight sessions. */
    private static int sessionsMax(BenchShape shape) {
        return Math.max(SESSIONS_MIN, Math.max(shape.sessions() + shape.sessions() / 2, 12 * shape.vms()));
    }

    /** Sessions are told to collectors from now on. */
    void tellSessions() {
        worker.tellSessions(memory, true);
    }

    long count(WorkerCounter counter) {
        return sum(counters -> counters.get(counter));
    }

    private long sum(ToLongFunction<WorkerCounters> count) {
        long sum = 0;
        for (Worker each : workers) {
            sum += count.applyAsLong(each.counters());
        }
        return sum;
    }

    /** Packets that came in, from either side. */
    long received() {
        return count(WorkerCounter.PA_RX_PACKETS) + count(WorkerCounter.EXT_RX_PACKETS);
    }

    /** Packets that went out, to either side. */
    long sent() {
        return count(WorkerCounter.PA_TX_PACKETS) + count(WorkerCounter.EXT_TX_PACKETS);
    }

    /** Throws if any packet has been dropped: nothing in the bench ought to be. */
    void requireNothingDropped() {
        requireNothingDroppedBut(null);
    }

    /** Throws if any packet has been dropped for another reason. */
    void requireNothingDroppedBut(@Nullable DropReason expected) {
        for (DropReason reason : DropReason.values()) {
            long drops = sum(counters -> counters.drops(reason));
            if (drops != 0 && reason != expected) {
                throw new IllegalStateException(drops + " packets dropped: " + reason.label());
            }
        }
    }

    /** Gives its memory back. The worker must not be used any more. */
    @Override
    public void close() {
        memory.close();
    }
}
