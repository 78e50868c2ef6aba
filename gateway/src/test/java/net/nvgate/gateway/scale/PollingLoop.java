package net.nvgate.gateway.scale;

import net.nvgate.gateway.bench.Ending;
import net.nvgate.gateway.route.RouteTables;

/** A thread that looks records up as a worker does, without a pause, and notes how long it ever stood still. */
final class PollingLoop implements AutoCloseable {

    private final RouteTables tables;
    private final Thread thread = new Thread(this::run, "polling");
    private volatile boolean stopping;
    private volatile long longestNanos;
    private volatile long found;

    /** @param starts false = it does nothing at all */
    PollingLoop(RouteTables tables, boolean starts) {
        this.tables = tables;
        if (starts) {
            thread.start();
        }
    }

    private void run() {
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
