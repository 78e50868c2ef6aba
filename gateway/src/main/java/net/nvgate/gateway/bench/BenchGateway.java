package net.nvgate.gateway.bench;

import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.worker.DropReason;
import net.nvgate.gateway.worker.Worker;
import net.nvgate.gateway.worker.WorkerConfig;
import net.nvgate.gateway.worker.WorkerCounter;
import org.jspecify.annotations.Nullable;

/** One worker with its tables, set up for a shape, between the ports of the bench. */
final class BenchGateway implements AutoCloseable {

    private static final int SESSIONS_MIN = 1 << 12;

    final BenchShape shape;
    final RouteTables tables;
    final Worker worker;
    private final BenchMemory memory = new BenchMemory();

    BenchGateway(BenchShape shape, BenchPorts ports, int udpIdleMs) {
        this.shape = shape;
        this.tables = new RouteTables(memory, 1);
        NeighborTable neighbors = new NeighborTable(memory, tables.quiescence);
        BenchFabric.fill(shape, udpIdleMs, tables, neighbors, ports.paSource.id(), ports.extSource.id());
        this.worker = new Worker(
                config(shape), tables, neighbors, new NeighborChannel(64), ports.worker(), ports.pool, memory);
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

    /** A tenant alone may have three quarters of the sessions, and of the hosts, of which there is one for four sessions. */
    private static int sessionsMax(BenchShape shape) {
        return Math.max(SESSIONS_MIN, Math.max(shape.sessions() + shape.sessions() / 2, 6 * shape.vms()));
    }

    long count(WorkerCounter counter) {
        return worker.counters().get(counter);
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
            long drops = worker.counters().drops(reason);
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
