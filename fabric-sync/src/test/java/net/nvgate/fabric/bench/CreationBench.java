package net.nvgate.fabric.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import net.nvgate.fabric.store.etcd.EtcdStore;

/**
 * How many VMs a manager makes in a second, for a while: each planned, checked, durable, visible to the next, while the
 * projection makes policy of them. Arguments: a directory (SQLite) or endpoints of etcd separated by commas, VMs to begin
 * with, seconds, then numbers of callers, one run each on what the one before has left. A caller asks again when it is answered.
 */
public final class CreationBench {

    private static final int VMS_PER_HOST = 100;

    private final FabricStore store;
    private final FabricManager manager;
    private final PolicyProjection policy;
    private final BenchFabric fabric = new BenchFabric(VMS_PER_HOST, "PER_HOST");

    private CreationBench(FabricStore store) {
        this.store = store;
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        manager = new FabricManager(store, new Random(), metrics);
        policy = new PolicyProjection(store, PolicyProjection.HISTORY_REVISIONS_DEFAULT, metrics);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (FabricStore store = open(arguments[0])) {
            CreationBench bench = new CreationBench(store);
            bench.fabric.grow(bench.manager, Integer.parseInt(arguments[1]));
            long seconds = Long.parseLong(arguments[2]);
            bench.run("warming up", 16, Math.min(10, seconds));
            for (int i = 3; i < arguments.length; i++) {
                bench.run(arguments[i] + " callers", Integer.parseInt(arguments[i]), seconds);
            }
            bench.policy.close();
            bench.manager.close();
        }
    }

    private static FabricStore open(String where) throws IOException {
        return where.startsWith("http")
                ? EtcdStore.open(EtcdSettings.of(
                        Stream.of(where.split(",", -1)).map(URI::create).toList()))
                : SqliteStore.open(Files.createDirectories(Path.of(where)));
    }

    private void run(String what, int callers, long seconds) throws InterruptedException {
        ConcurrentLinkedQueue<Long> micros = new ConcurrentLinkedQueue<>();
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> threads = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            String name = start + "-" + caller + "-";
            SplittableRandom random = new SplittableRandom(start + caller);
            threads.add(Thread.startVirtualThread(() -> {
                for (int i = 0; System.nanoTime() < end; i++) {
                    long asked = System.nanoTime();
                    manager.run(fabric.anotherVm(name + i, random));
                    micros.add((System.nanoTime() - asked) / 1000);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double took = (System.nanoTime() - start) / 1e9;
        long behind = store.head() - policy.revision();
        long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%s: %.0f VMs/s (%d in %.1f s); median %.1f ms, 99%% within %.1f ms; policy %d revisions behind; load %.1f%n",
                what,
                sorted.length / took,
                sorted.length,
                took,
                sorted[sorted.length / 2] / 1000.0,
                sorted[sorted.length * 99 / 100] / 1000.0,
                behind,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }
}
