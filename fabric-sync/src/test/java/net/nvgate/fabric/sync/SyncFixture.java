package net.nvgate.fabric.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.testing.Await;
import net.nvgate.fabric.testing.FreePort;

/** A manager and followers on loopback, all in this JVM. */
final class SyncFixture implements AutoCloseable {

    static final String FABRIC = "fabric-1";

    final Path directory;
    final ListPolicySource source;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    SyncServerLimits limits = quickLimits();
    SyncServer server;
    private final int port;
    private final List<Runnable> opened = new ArrayList<>();

    SyncFixture(Path directory, ListPolicySource source) throws IOException {
        this(directory, source, quickLimits());
    }

    SyncFixture(Path directory, ListPolicySource source, SyncServerLimits limits) throws IOException {
        this.directory = directory;
        this.source = source;
        this.limits = limits;
        this.port = FreePort.take();
        this.server = listen(source, FABRIC);
    }

    /** A deadline that no test reaches, however slow the machine. */
    static final Duration NEVER = Duration.ofMinutes(30);

    /** Small chunks, and what is done again and again is done often; nobody is taken for dead. */
    static SyncServerLimits quickLimits() {
        return limits(64 << 10, 4 << 10, NEVER, NEVER);
    }

    /** The same for so many connections. */
    static SyncServerLimits quickLimits(Doorkeeper.Limits connections) {
        return limits(connections, 64 << 10, 4 << 10, NEVER, NEVER, NEVER, NEVER);
    }

    static SyncServerLimits limits(int writeHighBytes, int chunkBytes, Duration idle, Duration stall) {
        return limits(writeHighBytes, chunkBytes, idle, stall, NEVER, NEVER);
    }

    static SyncServerLimits limits(
            int writeHighBytes, int chunkBytes, Duration idle, Duration stall, Duration query, Duration hello) {
        Doorkeeper.Limits any = Doorkeeper.Limits.DEFAULT;
        return limits(any, writeHighBytes, chunkBytes, idle, stall, query, hello);
    }

    private static SyncServerLimits limits(
            Doorkeeper.Limits connections,
            int writeHighBytes,
            int chunkBytes,
            Duration idle,
            Duration stall,
            Duration query,
            Duration hello) {
        SyncServerLimits d = SyncServerLimits.defaults();
        return new SyncServerLimits(
                connections,
                1 << 20,
                chunkBytes,
                64 << 10,
                writeHighBytes / 2,
                writeHighBytes,
                d.snapshots(),
                4,
                1000,
                1 << 20,
                query,
                hello,
                idle,
                Duration.ofMillis(100),
                stall,
                Duration.ofMillis(20),
                Duration.ofSeconds(2));
    }

    private SyncServer listen(ListPolicySource from, String fabricId) throws IOException {
        SyncServer next = new SyncServer(new SyncServerConfig("127.0.0.1", port, limits), from, fabricId, meters);
        next.start();
        opened.add(next::close);
        return next;
    }

    /** Another manager process at the same address. */
    void restartServer(ListPolicySource from, String fabricId) throws IOException {
        server.close();
        server = listen(from, fabricId);
    }

    int port() {
        return port;
    }

    Peer follow(NodeId node) throws IOException {
        return follow(node, new RecordingTarget(), new FixedState());
    }

    Peer follow(NodeId node, RecordingTarget target, FollowerState state) throws IOException {
        SyncClientConfig config = SyncClientConfig.of("127.0.0.1", port, node, directory.resolve(node.name()), "test-1")
                .withLimits(quickClientLimits());
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        SyncClient client = new SyncClient(config, target, state, registry);
        client.start();
        opened.add(client::close);
        return new Peer(client, target, registry);
    }

    static SyncClientConfig.Limits quickClientLimits() {
        return quickClientLimits(NEVER);
    }

    static SyncClientConfig.Limits quickClientLimits(Duration closeTimeout) {
        return quickClientLimits(closeTimeout, NEVER);
    }

    static SyncClientConfig.Limits quickClientLimits(Duration closeTimeout, Duration idleTimeout) {
        SyncClientConfig.Limits d = SyncClientConfig.Limits.defaults();
        return new SyncClientConfig.Limits(
                1 << 20,
                4,
                200_000,
                100,
                d.connectTimeout(),
                idleTimeout,
                Duration.ofMillis(200),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                closeTimeout,
                d.cache());
    }

    record Peer(SyncClient client, RecordingTarget target, SimpleMeterRegistry meters) {}

    Followers.Follower view(NodeId node) {
        return server.find(node).orElseThrow();
    }

    /** The follower has acknowledged the head and its policy equals the manager's, object by object. */
    void awaitConverged(NodeId node, RecordingTarget target) {
        long head = source.revision();
        Await.until(
                () -> node + " at " + head + ": " + server.find(node) + ", target at " + target.revision(),
                () -> server.find(node)
                        .map(f -> f.connected() && f.appliedRevision() >= head)
                        .orElse(false));
        assertThat(target.policy()).containsExactlyInAnyOrderElementsOf(source.policy(node));
    }

    double count(String name, String... tags) {
        Counter counter = meters.find(name).tags(tags).counter();
        return counter == null ? 0 : counter.count();
    }

    @Override
    public void close() {
        opened.reversed().forEach(Runnable::run);
    }

    /** A follower that answers "echo" with its filter, refuses other kinds, and can be made to fail. */
    static class FixedState implements FollowerState {
        volatile String json = "{\"uptimeSeconds\":1}";

        @Override
        public boolean forwarding() {
            return true;
        }

        @Override
        public String statusJson() {
            return json;
        }

        @Override
        public QueryResult query(String kind, Map<String, String> filter, int limit) {
            return switch (kind) {
                case "echo" -> new QueryResult("[{\"a\":\"" + filter.get("a") + "\",\"limit\":" + limit + "}]", true);
                case "broken" -> throw new IllegalStateException("it broke");
                case "huge" -> new QueryResult("[\"" + "x".repeat(2 << 20) + "\"]", false);
                default -> throw new IllegalArgumentException("unknown kind " + kind);
            };
        }
    }
}
