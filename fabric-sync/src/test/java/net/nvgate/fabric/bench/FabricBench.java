package net.nvgate.fabric.bench;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;

/**
 * What VMs cost the manager: one creation at each size of the fabric, memory per VM, and the start. Arguments: directory for the
 * store (made; its content stays), PER_HOST or PER_HOST_AND_VSID, then the sizes in VMs, ascending; without sizes the start alone is
 * measured, of what an earlier run has left.
 *
 * <p>A host has 100 VMs; the rest is as in {@link BenchFabric}.
 */
public final class FabricBench {

    private static final int VMS_PER_HOST = 100;
    private static final int WARM_UP = 2_000;
    private static final int SAMPLES = 500;

    private final Path directory;
    private final String addressing;
    private final BenchFabric fabric;

    private FabricBench(Path directory, String addressing) {
        this.directory = directory;
        this.addressing = addressing;
        this.fabric = new BenchFabric(VMS_PER_HOST, addressing);
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        FabricBench bench = new FabricBench(directory, arguments[1]);
        if (arguments.length == 2) {
            bench.measure();
        }
        for (int i = 2; i < arguments.length; i++) {
            bench.grow(Integer.parseInt(arguments[i]));
            bench.measure();
        }
    }

    /** A manager with its projection on the store, as in production. */
    private final class Running implements AutoCloseable {
        private final long heapBefore = heap();
        private final long opened = System.nanoTime();
        private final long cpuBefore = cpu();
        private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        private final FabricStore store = SqliteStore.open(directory);
        private final FabricManager manager = new FabricManager(store, new Random(), metrics);
        private final PolicyProjection policy =
                new PolicyProjection(store, PolicyProjection.HISTORY_REVISIONS_DEFAULT, metrics);
        private final double startSeconds = (System.nanoTime() - opened) / 1e9;
        private final double startCpuSeconds = (cpu() - cpuBefore) / 1e9;

        @Override
        public void close() {
            policy.close();
            manager.close();
            store.close();
        }
    }

    /** Of this thread, which starts everything itself: the figure to compare where others use the machine, too. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void grow(int size) {
        try (Running running = new Running()) {
            fabric.grow(running.manager, size);
            // So that the next start measures the fabric, and not a history that was made in one go.
            running.store.compact(running.store.head());
        }
    }

    private void measure() {
        try (Running running = new Running()) {
            long bytes = heap() - running.heapBefore;
            int size = running.manager.count(Kind.VM);
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d VMs: start %.2f s (CPU %.2f s); heap %.1f MiB = %d bytes per VM%n",
                    addressing,
                    size,
                    running.startSeconds,
                    running.startCpuSeconds,
                    bytes / 1048576.0,
                    bytes / Math.max(1, size));
            if (!fabric.isEmpty()) {
                sample(running, "warming up", WARM_UP);
                sample(running, "one VM", SAMPLES);
            }
        }
    }

    /** Makes VMs one by one. Medians, because the networks and hosts that some need come with them, and others use the machine. */
    private void sample(Running running, String what, int samples) {
        Timer projection = running.metrics.get("nvgate.policy.update").timer();
        Timer commit = running.metrics.get("nvgate.fabric.commit").timer();
        double[] projectionMicros = new double[samples];
        double[] commitMicros = new double[samples];
        for (int i = 0; i < samples; i++) {
            Operation.Create next = fabric.nextVm(running.manager);
            catchUp(running);
            double projected = projection.totalTime(TimeUnit.MICROSECONDS);
            double committed = commit.totalTime(TimeUnit.MICROSECONDS);
            running.manager.run(next);
            catchUp(running);
            projectionMicros[i] = projection.totalTime(TimeUnit.MICROSECONDS) - projected;
            commitMicros[i] = commit.totalTime(TimeUnit.MICROSECONDS) - committed;
        }
        System.out.printf(
                Locale.ROOT,
                "  %s: projection %.1f us, commit %.0f us (medians of %d)%n",
                what,
                median(projectionMicros),
                median(commitMicros),
                samples);
    }

    private static void catchUp(Running running) {
        while (running.policy.revision() < running.store.head()) {
            Thread.onSpinWait();
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
