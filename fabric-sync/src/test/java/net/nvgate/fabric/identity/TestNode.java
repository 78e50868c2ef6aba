package net.nvgate.fabric.identity;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** A gateway or host that only follows, by the real stream and with a real identity. */
public final class TestNode implements AutoCloseable {

    final Path directory;
    public final NodeIdentityKeeper keeper;
    public final SyncClient client;

    /** Needs no policy. */
    TestNode(Path directory, NodeId node, Address manager, Clock clock) throws IOException {
        this(directory, node, manager, clock, new Nothing());
    }

    public TestNode(Path directory, NodeId node, Address manager, Clock clock, PolicyTarget target) throws IOException {
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
        client = client(directory, node, manager, new NodeTransport(keeper, Duration.ofMinutes(1)), target);
        keeper.start();
        client.start();
    }

    static SyncClient client(Path directory, NodeId node, Address manager, TransportSecurity security)
            throws IOException {
        return client(directory, node, manager, security, new Nothing());
    }

    private static SyncClient client(
            Path directory, NodeId node, Address manager, TransportSecurity security, PolicyTarget target)
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
                                Duration.ofMinutes(1),
                                Duration.ofMillis(200),
                                Duration.ofMillis(20),
                                Duration.ofMillis(200),
                                d.closeTimeout(),
                                d.cache())),
                target,
                new Nothing(),
                new SimpleMeterRegistry(),
                security);
    }

    /** Somebody who claims to be another node, by this one's key and certificate; not started. */
    public SyncClient claiming(Path itsDirectory, NodeId other, Address manager, PolicyTarget target)
            throws IOException {
        return client(itsDirectory, other, manager, new NodeTransport(keeper, Duration.ofMinutes(1)), target);
    }

    /** Somebody who trusts the manager, and whose certificate has the node's name, but by a CA of his own; not started. */
    public static SyncClient withCaOfItsOwn(Path directory, NodeId node, TestManager manager, PolicyTarget target)
            throws IOException {
        Files.createDirectories(directory);
        KeyPair key = Certificates.newKey();
        String uri = "nvgate://"
                + IdentityUri.of(manager.identity.certificate()).orElseThrow().fabricId() + "/gateway/" + node.name();
        X509Certificate own = OutsideAuthority.create()
                .issue(key.getPublic(), List.of(OutsideAuthority.uri(uri)), KeyPurposeId.id_kp_clientAuth);
        PrivateFiles.write(
                directory.resolve("own.key"),
                Pem.write(Pem.KEY, key.getPrivate().getEncoded()));
        PrivateFiles.write(directory.resolve("own.pem"), Pem.write(List.of(own)));
        PrivateFiles.write(directory.resolve("ca.pem"), manager.identity.trusted());
        NodeOutsideIdentity identity = new NodeOutsideIdentity(
                new OutsideSettings(
                        directory.resolve("own.pem"),
                        directory.resolve("own.key"),
                        directory.resolve("ca.pem"),
                        Optional.empty(),
                        NodeNames.BY_URI),
                List.of(manager.address()),
                Duration.ofHours(1),
                Clock.systemUTC(),
                new SimpleMeterRegistry());
        return client(directory, node, manager.address(), new NodeTransport(identity, Duration.ofMinutes(1)), target);
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

    public void give(String token) throws IOException {
        PrivateFiles.write(directory.resolve("join-token"), token + "\n");
    }

    public X509Certificate certificate() {
        return keeper.credentials().orElseThrow().certificate();
    }

    public void awaitConnected() {
        Await.until(
                () -> "connected: " + client.state() + keeper.missing(),
                () -> client.state().connected());
    }

    public void awaitRefused(String reason) {
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
