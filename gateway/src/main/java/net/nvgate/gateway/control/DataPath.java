package net.nvgate.gateway.control;

import java.util.List;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.dpdk.Port;
import net.nvgate.gateway.neighbor.NeighborCounters;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.talkers.TrafficWatch;
import net.nvgate.gateway.worker.WorkerConfig;

/**
 * What observers read while the data path works. None of it stops or slows a worker.
 *
 * @param ports in the order people should see them
 * @param workers one per thread
 * @param found events that no worker told
 * @param startedNanos System.nanoTime when forwarding began
 * @param version of the software
 */
public record DataPath(
        List<Port> ports,
        List<WorkerThread> workers,
        WorkerConfig workerConfig,
        TablePolicy policy,
        RouteTables tables,
        NeighborTable neighbors,
        NeighborCounters neighborCounters,
        Mempool pool,
        TrafficWatch traffic,
        EventCounts found,
        long startedNanos,
        String version) {

    public DataPath {
        ports = List.copyOf(ports);
        workers = List.copyOf(workers);
    }

    /** Every worker's thread runs. */
    public boolean alive() {
        return workers.stream().allMatch(WorkerThread::alive);
    }

    /** Packets are forwarded by some policy, by every worker: none makes the sessions of before again still. */
    public boolean forwarding() {
        return policy.revision() > 0 && workers.stream().allMatch(WorkerThread::forwarding);
    }

    /** Sessions of all workers. */
    public long sessions() {
        return workers.stream().mapToLong(worker -> worker.sessions().count()).sum();
    }
}
