package net.nvgate.gateway.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.gateway.dpdk.LcoreThreads;
import net.nvgate.gateway.route.RouteTables;

/**
 * A control thread that writes lookup records while a worker reads them: each write is a new entry in the place of the old one, of the
 * same content so that no packet is dropped for it, and makes every session of the tenant look up its way again.
 */
final class RecordChanger implements AutoCloseable {

    private static final int CHANGES_PER_SECOND = 1_000;

    private final BenchGateway gateway;
    private final List<Integer> cpus;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long changes;

    private RecordChanger(BenchGateway gateway, List<Integer> cpus) {
        this.gateway = gateway;
        this.cpus = cpus;
        this.thread = Thread.ofPlatform().name("bench-control").unstarted(this::run);
    }

    /**
     * @param cpus that it may run on
     * @param starts false = it does nothing
     */
    static RecordChanger of(BenchGateway gateway, List<Integer> cpus, boolean starts) {
        RecordChanger changer = new RecordChanger(gateway, cpus);
        if (starts) {
            changer.thread.start();
        }
        return changer;
    }

    private void run() {
        LcoreThreads.allow(cpus);
        RouteTables tables = gateway.tables;
        BenchShape shape = gateway.shape;
        SplittableRandom random = new SplittableRandom(7);
        int records = shape.vms() + shape.spareRecords();
        long start = System.nanoTime();
        while (!stopped) {
            long due = (long) ((System.nanoTime() - start) * 1e-9 * CHANGES_PER_SECOND);
            for (long change = changes; change < due; change++) {
                int vm = random.nextInt(records);
                tables.records.put(BenchFabric.record(shape, vm));
                tables.epochs.bump(BenchFabric.rdid(shape.tenantOf(vm)));
                tables.reclaimer.seal();
            }
            changes = Math.max(changes, due);
            LockSupport.parkNanos(500_000);
        }
    }

    /** Changes so far. */
    long changes() {
        return changes;
    }

    @Override
    public void close() {
        stopped = true;
        Ending.await(thread);
    }
}
