package net.nvgate.fabric.identity;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.FollowerState;
import net.nvgate.fabric.sync.PolicyTarget;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.sync.SyncClientConfig;
import net.nvgate.fabric.sync.TransportSecurity;
import net.nvgate.fabric.testing.Await;

/** A gateway or host that only follows, by the real stream and with a real identity. */
final class TestNode implements AutoCloseable {

    final Path directory;
    final NodeIdentityKeeper keeper;
    final SyncClient client;

    TestNode(Path directory, NodeId node, Address manager, Clock clock) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
        keeper = new NodeIdentityKeeper(
                new NodeSettings(
                        node,
                        List.of(manager),
                        directory.resolve("identity"),
                        directory.resolve("join-token"),
                        Duration.ofMillis(200)),
                clock,
                new SimpleMeterRegistry());
        client = client(directory, node, manager, new NodeTransport(keeper, Duration.ofSeconds(5)));
        keeper.start();
        client.start();
    }

    static SyncClient client(Path directory, NodeId node, Address manager, TransportSecurity security)
            throws IOException {
        SyncClientConfig.Limits d = SyncClientConfig.Limits.defaults();
        return new SyncClient(
                SyncClientConfig.of(List.of(manager), node, directory, "test")
                        .withLimits(new SyncClientConfig.Limits(
                                1 << 20,
                                4,
                                1000,
                                100,
                                d.connectTimeout(),
                                Duration.ofSeconds(5),
                                Duration.ofMillis(200),
                                Duration.ofMillis(20),
                                Duration.ofMillis(200),
                                d.closeTimeout(),
                                d.cache())),
                new Nothing(),
                new Nothing(),
                new SimpleMeterRegistry(),
                security);
    }

    /** Needs no policy and has nothing to tell. */
    private static final class Nothing implements PolicyTarget, FollowerState {
        @Override
        public void replace(PolicySnapshot snapshot) {
            // There is nothing in it.
        }

        @Override
        public void apply(long revision, List<PolicyChange> changes) {
            // There are none.
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
            throw new IllegalArgumentException(kind);
        }
    }

    void give(String token) throws IOException {
        PrivateFiles.write(directory.resolve("join-token"), token + "\n");
    }

    X509Certificate certificate() {
        return keeper.credentials().orElseThrow().certificate();
    }

    void awaitConnected() {
        Await.until(
                () -> "connected: " + client.state() + keeper.missing(),
                () -> client.state().connected());
    }

    void awaitRefused(String reason) {
        Await.until(
                () -> "refused because of '" + reason + "': " + client.state() + keeper.missing(),
                () -> !client.state().connected() && client.state().lastError().contains(reason));
    }

    @Override
    public void close() {
        client.close();
        keeper.close();
    }
}
