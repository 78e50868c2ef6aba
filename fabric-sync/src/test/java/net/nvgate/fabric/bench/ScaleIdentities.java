package net.nvgate.fabric.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.identity.AuthoritySettings;
import net.nvgate.fabric.identity.ManagerIdentity;
import net.nvgate.fabric.identity.ManagerTransport;
import net.nvgate.fabric.identity.NodeIdentityKeeper;
import net.nvgate.fabric.identity.NodeSettings;
import net.nvgate.fabric.identity.NodeTransport;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.sync.TransportSecurity;

/**
 * Mutual TLS between {@link ScaleManager} and {@link ScaleFollowers}: a directory that both see holds the manager's seal key, and
 * a join token and later the identity of each node, as {@code gateway-gw0} and so on.
 */
final class ScaleIdentities {

    private static final Duration LIFE = Duration.ofDays(90);
    private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);

    private ScaleIdentities() {}

    /** The manager's CA, and a token for each node that has not joined yet. */
    static TransportSecurity manager(
            Path directory, FabricStore store, FabricManager manager, SimpleMeterRegistry metrics) throws IOException {
        ManagerIdentity identity = new ManagerIdentity(
                store,
                new AuthoritySettings(
                        "manager", List.of("127.0.0.1"), directory.resolve("seal.key"), LIFE, LIFE, Duration.ZERO),
                Clock.systemUTC());
        if (identity.identities().isEmpty()) {
            for (NodeRole role : List.of(NodeRole.GATEWAY, NodeRole.HOST)) {
                Kind kind = role == NodeRole.HOST ? Kind.HOST : Kind.GATEWAY;
                manager.list(kind).forEach(node -> token(directory, identity, role, node.name()));
            }
        }
        return new ManagerTransport(identity, identity, HANDSHAKE_MAX, metrics);
    }

    private static void token(Path directory, ManagerIdentity identity, NodeRole role, String name) {
        try {
            Path token =
                    Files.createDirectories(home(directory, role.name(), name)).resolve("join-token");
            Files.deleteIfExists(token);
            Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    token,
                    identity.createToken(role, name, Duration.ofHours(1), Origin.SYSTEM)
                            .text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A node that joins with its token, or has joined before. */
    static TransportSecurity node(Path directory, NodeId node, int port) throws IOException {
        Path home = home(directory, node.kind().name(), node.name());
        NodeIdentityKeeper keeper = new NodeIdentityKeeper(
                new NodeSettings(
                        node,
                        List.of(new Address("127.0.0.1", port)),
                        home.resolve("identity"),
                        home.resolve("join-token"),
                        Duration.ofMinutes(1)),
                Clock.systemUTC(),
                new SimpleMeterRegistry());
        keeper.start();
        // One joins after the other: what is measured comes later.
        while (keeper.credentials().isEmpty()) {
            LockSupport.parkNanos(10_000_000);
        }
        return new NodeTransport(keeper, HANDSHAKE_MAX);
    }

    private static Path home(Path directory, String role, String name) {
        return directory.resolve(role.toLowerCase(Locale.ROOT) + "-" + name);
    }
}
