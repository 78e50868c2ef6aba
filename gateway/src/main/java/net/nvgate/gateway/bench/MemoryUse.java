package net.nvgate.gateway.bench;

import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.worker.Worker;
import net.nvgate.gateway.worker.WorkerConfig;

/**
 * Memory outside the heap.
 *
 * @param bytesPerSession what a worker takes for one session more: itself, its mapping, its part of hosts, port blocks, peers, timers
 * @param bytesPerRecord what the tables take for a lookup record, spare room of the index included
 */
record MemoryUse(double bytesPerSession, double bytesPerRecord) {

    private static final int SESSIONS = 1 << 17;
    private static final int TENANTS = 64;

    /** A sixteenth of a million: an index that doubles is as full as with a million. */
    private static final int RECORDS = 62_500;

    static MemoryUse measure(BenchPorts ports) {
        double session = (double) (workerBytes(ports, 2 * SESSIONS) - workerBytes(ports, SESSIONS)) / SESSIONS;
        BenchShape few = new BenchShape(TENANTS, TENANTS, TENANTS, 0);
        double record = (double) (tableBytes(few.withSpareRecords(RECORDS)) - tableBytes(few)) / RECORDS;
        return new MemoryUse(session, record);
    }

    private static long workerBytes(BenchPorts ports, int sessionsMax) {
        try (BenchMemory memory = new BenchMemory();
                BenchMemory others = new BenchMemory()) {
            RouteTables tables = new RouteTables(others, 1);
            NeighborTable neighbors = new NeighborTable(others, tables.quiescence);
            WorkerConfig config = WorkerConfig.DEFAULT.withSessionsMax(sessionsMax);
            Worker worker =
                    new Worker(config, tables, neighbors, new NeighborChannel(64), ports.worker(), ports.pool, memory);
            if (worker.nat().refusal() != null) {
                throw new IllegalStateException("a new worker has refused something");
            }
            return memory.bytes();
        }
    }

    private static long tableBytes(BenchShape shape) {
        try (BenchMemory memory = new BenchMemory()) {
            RouteTables tables = new RouteTables(memory, 1);
            BenchFabric.fill(
                    shape, BenchFabric.UDP_IDLE_MS, tables, new NeighborTable(memory, tables.quiescence), 0, 1);
            return tables.allocatedBytes();
        }
    }
}
