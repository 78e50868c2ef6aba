package net.nvgate.gateway.scale;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.FollowerState;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.fabric.sync.PolicyTarget;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.sync.SyncClientConfig;
import net.nvgate.gateway.control.TableLimits;
import net.nvgate.gateway.control.TablePolicy;
import net.nvgate.gateway.route.RouteTables;
import org.HdrHistogram.Histogram;

/**
 * A gateway's control side at scale, with its real tables, over real sockets.
 *
 * <pre>
 *   load RECORDS [poll[=CPU]|6]  one snapshot from a manager in another process: time, bytes per record, and with "poll" the longest stall of
 *                          a thread that polls the tables as a worker does, which takes a core; with "6" of IPv6 CAs; then the same
 *                          from the cache on disk
 *   follow PORT NODE SECONDS   follows a manager as this gateway and says how long VMs named t, nanoTime, dot... took to be in the tables
 * </pre>
 */
public final class GatewayScale implements PolicyTarget, FollowerState {

    private final RouteTables tables = new RouteTables(
            (bytes, align) -> Arena.global().allocate(bytes, align).address(), 1);
    private final TablePolicy policy = new TablePolicy(tables, TableLimits.DEFAULT, _ -> {});
    private final Histogram lagMicros = new Histogram(60_000_000L, 3);
    private volatile long replacedNanos;
    private volatile long replacedAt;
    private volatile long applyCpuNanos;
    private volatile long replaceCpuNanos;

    private GatewayScale() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "load" -> load(Integer.parseInt(arguments[1]), arguments.length > 2 ? arguments[2] : "");
            case "follow" -> follow(Integer.parseInt(arguments[1]), arguments[2], Integer.parseInt(arguments[3]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void load(int records, String how) throws Exception {
        Process manager = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx2g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SnapshotManager.class.getName(),
                        Integer.toString(records),
                        how.equals("6") ? "6" : "4")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Path state = Files.createTempDirectory("nvgate-scale");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(manager.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (!line.matches("[0-9]+")) {
                line = lines.readLine();
            }
            int port = Integer.parseInt(line);
            int poll = pollingCpu(how);
            loadOnce("snapshot from a manager", records, port, state, poll);
            manager.getOutputStream().close();
            var _ = manager.waitFor(10, TimeUnit.SECONDS);
            loadOnce("cache on disk", records, port, state, poll);
        } finally {
            manager.destroyForcibly();
        }
    }

    private static int pollingCpu(String how) {
        if (how.startsWith("poll=")) {
            return Integer.parseInt(how.substring("poll=".length()));
        }
        return how.equals("poll") ? PollingLoop.ANY_CPU : PollingLoop.NONE;
    }

    private static void loadOnce(String from, int records, int port, Path state, int poll) throws Exception {
        long heapBefore = heap();
        GatewayScale gateway = new GatewayScale();
        try (PollingLoop polling = new PollingLoop(gateway.tables, poll)) {
            LockSupport.parkNanos(2_000_000_000L);
            long idleStall = polling.longestMicros();
            long start = System.nanoTime();
            try (SyncClient client = gateway.client(port, SnapshotManager.GATEWAY, state)) {
                client.start();
                while (client.state().revision() == 0) {
                    LockSupport.parkNanos(1_000_000);
                }
                System.out.printf(
                        Locale.ROOT,
                        "%d records, %s: %.2f s until applied, of these %.2f s in the tables; CPU %.2f s of the thread that applies,"
                                + " of these %.2f s in the tables; longest stall of a polling loop"
                                + " %d us (%d us in 2 s without policy), %d found%n",
                        records,
                        from,
                        (gateway.replacedAt - start) / 1e9,
                        gateway.replacedNanos / 1e9,
                        gateway.applyCpuNanos / 1e9,
                        gateway.replaceCpuNanos / 1e9,
                        polling.longestMicros(),
                        idleStall,
                        polling.found());
                LockSupport.parkNanos(3_000_000_000L);
            }
        }
        long heap = heap() - heapBefore;
        long tables = gateway.tables.allocatedBytes();
        System.out.printf(
                Locale.ROOT,
                "  heap %.1f MiB, tables %.1f MiB: %.1f + %.1f = %.1f bytes per record (networks and subnets included)%n",
                heap / 1048576.0,
                tables / 1048576.0,
                (double) heap / records,
                (double) tables / records,
                (double) (heap + tables) / records);
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void follow(int port, String node, int seconds) throws Exception {
        GatewayScale gateway = new GatewayScale();
        Path state = Files.createTempDirectory("nvgate-scale");
        try (SyncClient client = gateway.client(port, new NodeId(NodeId.Kind.GATEWAY, node), state)) {
            client.start();
            while (client.state().revision() == 0) {
                LockSupport.parkNanos(1_000_000);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d records after %.2f s%n",
                    node,
                    gateway.tables.records.size(),
                    gateway.replacedNanos / 1e9);
            // The first seconds are the compiler's.
            LockSupport.parkNanos(seconds * 500_000_000L);
            synchronized (gateway.lagMicros) {
                gateway.lagMicros.reset();
            }
            LockSupport.parkNanos(seconds * 500_000_000L);
            synchronized (gateway.lagMicros) {
                Histogram lag = gateway.lagMicros;
                System.out.printf(
                        Locale.ROOT,
                        "%s: %d VMs created, in the tables after p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                        node,
                        lag.getTotalCount(),
                        lag.getValueAtPercentile(50) / 1e3,
                        lag.getValueAtPercentile(99) / 1e3,
                        lag.getMaxValue() / 1e3);
            }
        }
    }

    private SyncClient client(int port, NodeId node, Path state) throws IOException {
        SyncClientConfig config = SyncClientConfig.of("127.0.0.1", port, node, state, "scale");
        return new SyncClient(config, this, this, new SimpleMeterRegistry());
    }

    @Override
    public void replace(PolicySnapshot snapshot) throws PolicyRejectedException {
        long start = System.nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        policy.replace(snapshot);
        applyCpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        replaceCpuNanos = applyCpuNanos - cpu;
        replacedAt = System.nanoTime();
        replacedNanos = replacedAt - start;
    }

    @Override
    public void apply(long revision, List<PolicyChange> changes) throws PolicyRejectedException {
        policy.apply(revision, changes);
        long now = System.nanoTime();
        synchronized (lagMicros) {
            for (PolicyChange change : changes) {
                if (change instanceof PolicyChange.Put(LookupRecord record)
                        && record.vmName().startsWith("t")) {
                    String name = record.vmName();
                    long lag = (now - Long.parseLong(name.substring(1, name.indexOf('.')))) / 1000;
                    lagMicros.recordValue(Math.clamp(lag, 0, lagMicros.getHighestTrackableValue()));
                }
            }
        }
    }

    @Override
    public boolean forwarding() {
        return true;
    }

    @Override
    public String statusJson() {
        return "{}";
    }

    @Override
    public QueryResult query(String kind, Map<String, String> filter, int limit) {
        return policy.query(kind, filter, limit);
    }
}
