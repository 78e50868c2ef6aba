package net.nvgate.fabric.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.FollowerState;
import net.nvgate.fabric.sync.PolicyTarget;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.sync.SyncClientConfig;
import net.nvgate.fabric.sync.TransportSecurity;
import org.HdrHistogram.Histogram;

/**
 * Every gateway and host of {@link ScaleManager}'s fabric, as real clients whose targets only count. Arguments: manager's port, gateways,
 * hosts, seconds, longest wait before a reconnect in milliseconds (10,000), and for mutual TLS a directory of {@link ScaleIdentities}. Says every 10 s how long new VMs took from being asked for to being applied, over all followers.
 */
public final class ScaleFollowers implements PolicyTarget, FollowerState {

    private static final Histogram LAG_MICROS = new Histogram(60_000_000L, 3);
    private static long changes;
    private static long snapshots;

    private ScaleFollowers() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int gateways = Integer.parseInt(arguments[1]);
        int hosts = Integer.parseInt(arguments[2]);
        Path state = Files.createTempDirectory("nvgate-scale");
        List<NodeId> nodes = new ArrayList<>();
        for (int i = 0; i < gateways; i++) {
            nodes.add(new NodeId(NodeId.Kind.GATEWAY, "gw" + i * BenchFabric.NETWORKS_PER_GATEWAY));
        }
        for (int i = 0; i < hosts; i++) {
            nodes.add(new NodeId(NodeId.Kind.HOST, "h" + i));
        }
        List<SyncClient> clients = new ArrayList<>();
        for (NodeId node : nodes) {
            ScaleFollowers target = new ScaleFollowers();
            SyncClientConfig config = SyncClientConfig.of("127.0.0.1", port, node, state.resolve(node.name()), "scale")
                    .withLimits(limits(arguments));
            TransportSecurity security = arguments.length > 5
                    ? ScaleIdentities.node(Path.of(arguments[5]), node, port)
                    : TransportSecurity.none();
            SyncClient client = new SyncClient(config, target, target, new SimpleMeterRegistry(), security);
            client.start();
            clients.add(client);
        }
        long end = System.nanoTime() + Integer.parseInt(arguments[3]) * 1_000_000_000L;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000_000L);
            report(clients);
        }
        clients.forEach(SyncClient::close);
    }

    private static SyncClientConfig.Limits limits(String[] arguments) {
        SyncClientConfig.Limits d = SyncClientConfig.Limits.defaults();
        return new SyncClientConfig.Limits(
                d.frameBytes(),
                d.applyQueueFrames(),
                d.objects(),
                d.queryRows(),
                d.connectTimeout(),
                d.idleTimeout(),
                d.statusInterval(),
                d.backoffMin(),
                arguments.length > 4 ? Duration.ofMillis(Long.parseLong(arguments[4])) : d.backoffMax(),
                d.closeTimeout(),
                d.cache());
    }

    private static synchronized void report(List<SyncClient> clients) {
        System.out.printf(
                Locale.ROOT,
                "followers: %d connected, %d snapshots, %d changes; %d new VMs applied after p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
                clients.stream().filter(client -> client.state().connected()).count(),
                snapshots,
                changes,
                LAG_MICROS.getTotalCount(),
                LAG_MICROS.getValueAtPercentile(50) / 1e3,
                LAG_MICROS.getValueAtPercentile(99) / 1e3,
                LAG_MICROS.getMaxValue() / 1e3);
        LAG_MICROS.reset();
    }

    @Override
    public void replace(PolicySnapshot snapshot) {
        synchronized (ScaleFollowers.class) {
            snapshots++;
        }
    }

    @Override
    public void apply(long revision, List<PolicyChange> applied) {
        long now = System.nanoTime();
        synchronized (ScaleFollowers.class) {
            changes += applied.size();
            for (PolicyChange change : applied) {
                if (change instanceof PolicyChange.Put(LookupRecord record)
                        && record.vmName().startsWith("t")) {
                    long lag = (now - ScaleManager.askedNanos(record.vmName())) / 1000;
                    LAG_MICROS.recordValue(Math.clamp(lag, 0, LAG_MICROS.getHighestTrackableValue()));
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
        return new QueryResult("[]", false);
    }
}
