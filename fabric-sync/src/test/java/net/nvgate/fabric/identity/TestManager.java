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
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.sync.SyncServer;
import net.nvgate.fabric.sync.SyncServerConfig;
import net.nvgate.fabric.sync.SyncServerLimits;

/** A manager with a CA of its own, as far as nodes see it. */
public final class TestManager implements AutoCloseable {

    static final NodeId GW1 = new NodeId(NodeId.Kind.GATEWAY, "gw1");
    static final NodeId GW2 = new NodeId(NodeId.Kind.GATEWAY, "gw2");
    static final NodeId HOST1 = new NodeId(NodeId.Kind.HOST, "host1");

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final ManagerIdentity identity;
    final ManagerTransport transport;
    public final SyncServer server;

    /** A deadline that no handshake reaches, however slow the machine. */
    private static final Duration NEVER = Duration.ofMinutes(30);

    /** Of nodes that need no policy. */
    TestManager(FabricStore store, Path directory, Clock clock) throws IOException {
        this(store, directory, clock, NEVER);
    }

    /** @param handshake how long one may take */
    TestManager(FabricStore store, Path directory, Clock clock, Duration handshake) throws IOException {
        this(
                store,
                settings(directory, Duration.ZERO),
                clock,
                new KnownNodes(Set.of(GW1, GW2, HOST1)),
                SyncServerLimits.defaults(),
                handshake);
    }

    /** @param handshake how long one may take */
    public TestManager(
            FabricStore store,
            AuthoritySettings settings,
            Clock clock,
            PolicySource source,
            SyncServerLimits limits,
            Duration handshake)
            throws IOException {
        identity = new ManagerIdentity(store, settings, clock);
        transport = new ManagerTransport(identity, identity, handshake, meters);
        server = new SyncServer(
                new SyncServerConfig("127.0.0.1", 0, limits),
                source,
                store.fabricId().toString(),
                meters,
                transport,
                clock);
        server.start();
    }

    /** @param overlap how long a former CA is trusted once every node has a certificate of the next one */
    public static AuthoritySettings settings(Path directory, Duration overlap) {
        return new AuthoritySettings(
                "manager-1",
                List.of("127.0.0.1", "localhost"),
                directory.resolve("seal.key"),
                Duration.ofDays(90),
                Duration.ofDays(3650),
                overlap);
    }

    public Address address() {
        return new Address("127.0.0.1", server.address().getPort());
    }

    public String token(NodeId node) {
        NodeRole role = node.kind() == NodeId.Kind.HOST ? NodeRole.HOST : NodeRole.GATEWAY;
        return identity.createToken(role, node.name(), Duration.ofHours(1), Origin.SYSTEM)
                .text();
    }

    /** As when time has passed. */
    public void lookAgain() {
        identity.lookAgain();
    }

    public double refused(Peer.Reason reason) {
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
