package net.nvgate.fabric.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import net.nvgate.fabric.store.etcd.EtcdStore;
import net.nvgate.fabric.sync.Followers;
import net.nvgate.fabric.sync.SyncServer;
import net.nvgate.fabric.sync.SyncServerConfig;
import net.nvgate.fabric.sync.TransportSecurity;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * A manager with a big fabric, its sync server, and VM changes at a steady rate. Arguments: directory of a SQLite store, or etcd endpoints
 * as {@code http://a,http://b}; port; VMs (the store is filled if it has none); followers to wait for; changes per second; seconds; writers
 * that each wait for their change, 16; and for mutual TLS a directory of {@link ScaleIdentities}.
 *
 * <p>A change makes a VM or deletes one made before; a new one is named t, {@link System#nanoTime} at the moment it was asked for, and its writer,
 * so that followers on this machine can tell how long it took to them. A start with 0 changes shows a restart: it ends when all
 * followers are level.
 */
public final class ScaleManager {

    private static final int VMS_PER_HOST = 522;
    private static final int WRITERS_DEFAULT = 16;

    private final Histogram commitMicros = new ConcurrentHistogram(60_000_000L, 3);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final FabricStore store;
    private final FabricManager manager;
    private final PolicyProjection policy;
    private final SyncServer server;
    private final long listeningNanos;
    private final double listeningCpu;

    private ScaleManager(String where, int port, int vms, Optional<Path> identities) throws IOException {
        long start = System.nanoTime();
        store = open(where);
        manager = new FabricManager(store, new Random(), metrics);
        if (manager.count(Kind.VM) == 0) {
            new BenchFabric(VMS_PER_HOST, "PER_HOST").grow(manager, vms);
            // So that the next start measures the fabric, and not a history that was made in one go.
            store.compact(store.head());
            say("filled with %d VMs in %.1f s", vms, seconds(start));
            start = System.nanoTime();
        }
        policy = new PolicyProjection(store, PolicyProjection.HISTORY_REVISIONS_DEFAULT, metrics);
        TransportSecurity security = identities.isPresent()
                ? ScaleIdentities.manager(identities.get(), store, manager, metrics)
                : TransportSecurity.none();
        server = new SyncServer(
                SyncServerConfig.of("127.0.0.1", port),
                policy,
                store.fabricId().toString(),
                metrics,
                security,
                Clock.systemUTC());
        server.start();
        listeningNanos = System.nanoTime();
        listeningCpu = cpuSeconds();
        say(
                "listening after %.1f s, CPU of the process %.1f s: %d VMs, %d VM networks, %d hosts, %d gateways, heap %d MiB",
                seconds(start),
                cpuSeconds(),
                manager.count(Kind.VM),
                manager.count(Kind.VM_NETWORK),
                manager.count(Kind.HOST),
                manager.count(Kind.GATEWAY),
                heapMib());
    }

    public static void main(String[] arguments) throws Exception {
        int followers = Integer.parseInt(arguments[3]);
        int rate = Integer.parseInt(arguments[4]);
        int writers = arguments.length > 6 ? Integer.parseInt(arguments[6]) : WRITERS_DEFAULT;
        Optional<Path> identities = arguments.length > 7 ? Optional.of(Path.of(arguments[7])) : Optional.empty();
        ScaleManager scale = new ScaleManager(
                arguments[0], Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), identities);
        scale.awaitLevel(followers, scale.listeningNanos, scale.listeningCpu);
        if (rate > 0) {
            scale.change(rate, Integer.parseInt(arguments[5]), writers);
            scale.awaitLevel(followers, System.nanoTime(), cpuSeconds());
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            // Serves until its input ends, or until it is killed.
        }
        scale.close();
    }

    private static FabricStore open(String where) throws IOException {
        if (!where.startsWith("http")) {
            return SqliteStore.open(Files.createDirectories(Path.of(where)));
        }
        List<URI> endpoints = Stream.of(where.split(",")).map(URI::create).toList();
        return EtcdStore.open(
                new EtcdSettings(endpoints, "/scale/", Optional.empty(), Optional.empty(), Duration.ofSeconds(10)));
    }

    /** Every follower has applied the head. */
    private void awaitLevel(int followers, long start, double cpu) {
        long connectedAfter = 0;
        while (true) {
            List<Followers.Follower> connected =
                    server.all().stream().filter(Followers.Follower::connected).toList();
            if (connected.size() >= followers && connectedAfter == 0) {
                connectedAfter = System.nanoTime();
            }
            long head = store.head();
            if (connected.stream().filter(f -> f.appliedRevision() >= head).count() >= followers) {
                break;
            }
            LockSupport.parkNanos(20_000_000);
        }
        say(
                "%d followers connected after %.2f s and level after %.2f s; CPU %.2f s; %.0f snapshots, %.0f deltas, %.1f MiB sent",
                followers,
                (connectedAfter - start) / 1e9,
                seconds(start),
                cpuSeconds() - cpu,
                count("nvgate.sync.snapshots"),
                count("nvgate.sync.deltas"),
                sentMib());
    }

    private double count(String name) {
        return metrics.get(name).counter().count();
    }

    private double sentMib() {
        return metrics.get("nvgate.sync.bytes")
                        .tag("direction", "out")
                        .counter()
                        .count()
                / 1048576;
    }

    private void change(int rate, int seconds, int writerCount) throws InterruptedException {
        List<Vm> templates = new ArrayList<>();
        manager.list(Kind.VM).forEach(vm -> templates.add((Vm) vm));
        long start = System.nanoTime();
        double cpu = cpuSeconds();
        double sent = sentMib();
        double deltas = count("nvgate.sync.deltas");
        AtomicLong done = new AtomicLong();
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < writerCount; writer++) {
            int number = writer;
            writers.add(Thread.startVirtualThread(() ->
                    write(templates, number, rate / (double) writerCount, start + seconds * 1_000_000_000L, done)));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        say(
                "committed and visible after p50 %.1f ms, p99 %.1f ms, longest %.1f ms",
                commitMicros.getValueAtPercentile(50) / 1e3,
                commitMicros.getValueAtPercentile(99) / 1e3,
                commitMicros.getMaxValue() / 1e3);
        say(
                "%d VM changes in %.1f s (%.0f per second): CPU %.0f %% of one core, heap %d MiB, %.0f deltas, %.1f MiB sent",
                done.get(),
                seconds(start),
                done.get() / seconds(start),
                100 * (cpuSeconds() - cpu) / seconds(start),
                heapMib(),
                count("nvgate.sync.deltas") - deltas,
                sentMib() - sent);
    }

    /** Makes a VM beside another one, and deletes it with the next change. */
    private void write(List<Vm> templates, int writer, double rate, long endNanos, AtomicLong done) {
        Random random = new Random(writer);
        long next = System.nanoTime();
        UUID made = null;
        while (next < endNanos) {
            long wait = next - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            next += (long) (1e9 / rate);
            long asked = System.nanoTime();
            if (made == null) {
                Vm template = templates.get(random.nextInt(templates.size()));
                UUID subnet = template.nics().getFirst().vmSubnetId();
                Operation create = BenchFabric.vm("t" + asked + "." + writer, template.hostId(), subnet);
                made = manager.run(create).id();
            } else {
                manager.run(new Operation.Delete(Kind.VM, made));
                made = null;
            }
            commitMicros.recordValue((System.nanoTime() - asked) / 1000);
            done.incrementAndGet();
        }
    }

    /** When a VM with this name was asked for. */
    static long askedNanos(String vmName) {
        return Long.parseLong(vmName.substring(1, vmName.indexOf('.')));
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    private static double cpuSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
    }

    private static long heapMib() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    private static void say(String format, Object... arguments) {
        System.out.printf(Locale.ROOT, "manager: " + format + "%n", arguments);
    }

    private void close() {
        server.close();
        policy.close();
        manager.close();
        store.close();
    }
}
