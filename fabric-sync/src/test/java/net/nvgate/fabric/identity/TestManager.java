package net.nvgate.fabric.identity;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.sync.SyncServer;
import net.nvgate.fabric.sync.SyncServerConfig;
import net.nvgate.fabric.sync.SyncServerLimits;

/** A manager with a CA of its own, as far as nodes see it. */
final class TestManager implements AutoCloseable {

    static final NodeId GW1 = new NodeId(NodeId.Kind.GATEWAY, "gw1");
    static final NodeId GW2 = new NodeId(NodeId.Kind.GATEWAY, "gw2");
    static final NodeId HOST1 = new NodeId(NodeId.Kind.HOST, "host1");

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final ManagerIdentity identity;
    final ManagerTransport transport;
    final SyncServer server;

    TestManager(FabricStore store, Path directory, Clock clock) throws IOException {
        this(store, settings(directory, Duration.ofDays(90)), clock);
    }

    TestManager(FabricStore store, AuthoritySettings settings, Clock clock) throws IOException {
        identity = new ManagerIdentity(store, settings, clock);
        transport = new ManagerTransport(identity, identity, Duration.ofSeconds(1), meters);
        server = new SyncServer(
                new SyncServerConfig("127.0.0.1", 0, limits()),
                new KnownNodes(Set.of(GW1, GW2, HOST1)),
                store.fabricId().toString(),
                meters,
                transport,
                clock);
        server.start();
    }

    static AuthoritySettings settings(Path directory, Duration life) {
        return new AuthoritySettings(
                "manager-1",
                List.of("127.0.0.1", "localhost"),
                directory.resolve("seal.key"),
                life,
                Duration.ofDays(3650),
                Duration.ZERO);
    }

    private static SyncServerLimits limits() {
        return SyncServerLimits.defaults();
    }

    Address address() {
        return new Address("127.0.0.1", server.address().getPort());
    }

    String token(NodeId node) {
        NodeRole role = node.kind() == NodeId.Kind.HOST ? NodeRole.HOST : NodeRole.GATEWAY;
        return identity.createToken(role, node.name(), Duration.ofHours(1), Origin.SYSTEM)
                .text();
    }

    double refused(Peer.Reason reason) {
        return meters.get("nvgate.identity.refused.handshakes")
                .tag("reason", reason.label())
                .counter()
                .count();
    }

    @Override
    public void close() {
        server.close();
        transport.close();
        identity.close();
    }
}
