package net.nvgate.gateway.scale;

import net.nvgate.gateway.bench.Ending;
import net.nvgate.gateway.dpdk.LcoreThreads;
import net.nvgate.gateway.route.RouteTables;

/** A thread that looks records up as a worker does, without a pause, and notes how long it ever stood still. */
final class PollingLoop implements AutoCloseable {

    static final int ANY_CPU = -1;
    static final int NONE = -2;

    private final RouteTables tables;
    private final int cpu;
    private final Thread thread = new Thread(this::run, "polling");
    private volatile boolean stopping;
    private volatile long longestNanos;
    private volatile long found;

    /**
     * @param cpu that it runs on, as a worker does; {@link #ANY_CPU}, or {@link #NONE}: it does nothing at all
     */
    PollingLoop(RouteTables tables, int cpu) {
        this.tables = tables;
        this.cpu = cpu;
        if (cpu != NONE) {
            thread.start();
        }
    }

    private void run() {
        if (cpu != ANY_CPU) {
            LcoreThreads.pin(cpu);
        }
        int slot = tables.quiescence.register();
        tables.quiescence.unpark(slot);
        long last = System.nanoTime();
        int at = 0;
        long hits = 0;
        while (!stopping) {
            for (int i = 0; i < 32; i++) {
                at = at * 1_664_525 + 1_013_904_223;
                if (tables.records.find(
                                1 + (at >>> 8) % SnapshotManager.NETWORKS, SnapshotManager.ca((at >>> 20) % 250))
                        != 0) {
                    hits++;
                }
            }
            found = hits;
            tables.quiescence.pass(slot);
            found = hits;
            long now = System.nanoTime();
            longestNanos = Math.max(longestNanos, now - last);
            last = now;
        }
        tables.quiescence.unregister(slot);
    }

    /** Longest time between two rounds since the last call, microseconds. */
    long longestMicros() {
        long longest = longestNanos;
        longestNanos = 0;
        return longest / 1000;
    }

    long found() {
        return found;
    }

    @Override
    public void close() {
        stopping = true;
        Ending.await(thread);
    }
}
