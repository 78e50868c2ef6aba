package net.nvgate.fabric.identity;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.config.NodeIdentityConfig;
import net.nvgate.fabric.config.Security;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.TransportSecurity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a gateway's or host's configuration says about its way to the manager, in working order. */
public final class NodeSecurity implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeSecurity.class);
    private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);

    private final TransportSecurity transport;
    private final @Nullable NodeIdentitySource identity;

    private NodeSecurity(TransportSecurity transport, @Nullable NodeIdentitySource identity) {
        this.transport = transport;
        this.identity = identity;
    }

    /**
     * Reads the identity that is there; asks nobody before {@link #start}.
     *
     * @param stateDirectory the identity is in {@code identity} below it
     * @throws IOException if there is an identity that cannot be used
     */
    public static NodeSecurity open(
            NodeId node,
            ManagerEndpoint manager,
            NodeIdentityConfig config,
            Path stateDirectory,
            MeterRegistry registry)
            throws IOException {
        if (manager.security() == Security.NONE) {
            LOG.warn("manager.security is none: the stream to {} is neither encrypted nor authenticated", manager);
            return new NodeSecurity(TransportSecurity.none(), null);
        }
        Clock clock = Clock.systemUTC();
        NodeIdentitySource source;
        if (config.outsideCa().isPresent()) {
            source = new NodeOutsideIdentity(
                    OutsideSettings.of(config.outsideCa().get()), manager.endpoints(), clock, registry);
        } else {
            source = new NodeIdentityKeeper(
                    new NodeSettings(
                            node,
                            manager.endpoints(),
                            stateDirectory.resolve("identity"),
                            config.joinTokenFile().orElse(stateDirectory.resolve("join-token")),
                            Duration.ofSeconds(config.checkSeconds())),
                    clock,
                    registry);
        }
        return new NodeSecurity(new NodeTransport(source, HANDSHAKE_MAX), source);
    }

    /** Starts looking for an identity, if there is none, for which a join token is spent, and keeps it renewed. */
    public void start() {
        if (identity instanceof NodeIdentityKeeper keeper) {
            keeper.start();
        }
    }

    public TransportSecurity transport() {
        return transport;
    }

    @Override
    public void close() {
        if (identity != null) {
            identity.close();
        }
    }
}
