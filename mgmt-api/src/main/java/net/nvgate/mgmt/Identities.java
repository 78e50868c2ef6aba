package net.nvgate.mgmt;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.nvgate.fabric.config.Security;
import net.nvgate.fabric.identity.AuthoritySettings;
import net.nvgate.fabric.identity.ManagerIdentities;
import net.nvgate.fabric.identity.ManagerIdentity;
import net.nvgate.fabric.identity.ManagerOutsideIdentity;
import net.nvgate.fabric.identity.ManagerTransport;
import net.nvgate.fabric.identity.OutsideSettings;
import net.nvgate.fabric.identity.Subscription;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.sync.TransportSecurity;
import net.nvgate.mgmt.config.IdentityConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the manager's configuration says about identities, in working order. */
final class Identities implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Identities.class);
    private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);

    private final ManagerIdentities identities;
    private final TransportSecurity transport;

    private Identities(ManagerIdentities identities, TransportSecurity transport) {
        this.identities = identities;
        this.transport = transport;
    }

    /** @throws IOException if keys or certificates cannot be made or used; the message says what to do */
    static Identities open(ManagerConfig config, FabricStore store, MeterRegistry registry) throws IOException {
        IdentityConfig identity = config.identity();
        Clock clock = Clock.systemUTC();
        ManagerIdentities identities = identity.outsideCa().isPresent()
                ? new ManagerOutsideIdentity(
                        store, OutsideSettings.of(identity.outsideCa().get()), clock)
                : new ManagerIdentity(store, settings(config), clock);
        if (config.sync().security() == Security.NONE) {
            LOG.warn(
                    "sync.security is none: the stream on {} is neither encrypted nor authenticated",
                    config.sync().address());
            return new Identities(identities, TransportSecurity.none());
        }
        return new Identities(identities, new ManagerTransport(identities, identities, HANDSHAKE_MAX, registry));
    }

    private static AuthoritySettings settings(ManagerConfig config) {
        IdentityConfig identity = config.identity();
        Path sealKey = identity.sealKeyFile()
                .orElse(config.stateDirectory().resolve("identity").resolve("seal.key"));
        return new AuthoritySettings(
                nameOf(config),
                hosts(config),
                sealKey,
                Duration.ofHours(identity.certificateHours()),
                AuthoritySettings.AUTHORITY_LIFE_DEFAULT,
                Duration.ofMinutes(identity.overlapMinutes()));
    }

    private static List<String> hosts(ManagerConfig config) {
        Set<String> hosts = new LinkedHashSet<>(config.identity().names());
        hosts.addAll(addresses(config.sync().address()));
        if (config.http().tls()) {
            hosts.addAll(addresses(config.http().address()));
            hosts.addAll(config.http().allowedHosts());
        }
        hosts.add(machine());
        hosts.addAll(List.of("localhost", "127.0.0.1"));
        return List.copyOf(hosts);
    }

    /** Without the scope that the JDK gives IPv6 addresses of interfaces, link-local or not. */
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }

    /** Under which somebody finds what listens there. */
    private static List<String> addresses(String address) {
        if (!address.matches("0\\.0\\.0\\.0|::|\\[::]")) {
            return List.of(address);
        }
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
                    .map(Identities::text)
                    .toList();
        } catch (SocketException e) {
            LOG.warn("the manager's certificate names no addresses: {}", e.getMessage());
            return List.of();
        }
    }

    /** The name of this manager. */
    static String nameOf(ManagerConfig config) {
        return config.identity().name().orElseGet(Identities::machine);
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "manager";
        }
    }

    ManagerIdentities identities() {
        return identities;
    }

    /** Keeps a file that has the certificates of those who sign for this manager, PEM. */
    void publishTrusted(Path file) throws IOException {
        publish(file);
        Subscription _ = identities.onChange(() -> {
            try {
                publish(file);
            } catch (IOException e) {
                LOG.warn("cannot write {}: {}", file, e.toString());
            }
        });
    }

    private synchronized void publish(Path file) throws IOException {
        String trusted = identities.trusted();
        if (Files.exists(file) && Files.readString(file).equals(trusted)) {
            return;
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, trusted);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    TransportSecurity transport() {
        return transport;
    }

    @Override
    public void close() {
        if (transport instanceof ManagerTransport tls) {
            tls.close();
        }
        identities.close();
    }
}
