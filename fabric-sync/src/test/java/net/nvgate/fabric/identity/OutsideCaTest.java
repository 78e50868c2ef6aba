package net.nvgate.fabric.identity;

import static net.nvgate.fabric.identity.TestManager.GW1;
import static net.nvgate.fabric.identity.TestManager.GW2;
import static net.nvgate.fabric.identity.TestManager.HOST1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.hyperv.AgentPlayer;
import net.nvgate.fabric.hyperv.HyperVServer;
import net.nvgate.fabric.hyperv.HyperVServerConfig;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.store.VersionException;
import net.nvgate.fabric.sync.SyncClient;
import net.nvgate.fabric.sync.SyncServer;
import net.nvgate.fabric.sync.SyncServerConfig;
import net.nvgate.fabric.sync.SyncServerLimits;
import net.nvgate.fabric.testing.Await;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that somebody else makes: DNS names for nodes, revocation lists, files that change. */
final class OutsideCaTest {

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final NodeNames NAMES = new NodeNames(NodeNames.By.DNS, "*.gw.example.org", "*.hosts.example.org");

    @TempDir
    private Path directory;

    private final OutsideAuthority outside = OutsideAuthority.create();
    private final Certificates.Signed authority = outside.signed;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private FabricStore store;
    private ManagerOutsideIdentity identity;
    private ManagerTransport transport;
    private SyncServer server;

    @BeforeEach
    void start() throws IOException {
        start(List.of("127.0.0.1"));
    }

    private void start(List<String> managerNames) throws IOException {
        store = SqliteStore.open(directory.resolve("store"), 1000, Clock.systemUTC());
        Files.writeString(directory.resolve("crl.pem"), "");
        identity = new ManagerOutsideIdentity(store, settings("manager", managerNames, true), LOOK, Clock.systemUTC());
        transport = new ManagerTransport(identity, identity, Duration.ofSeconds(2), meters);
        server = new SyncServer(
                new SyncServerConfig("127.0.0.1", 0, SyncServerLimits.defaults()),
                new KnownNodes(Set.of(GW1, GW2, HOST1)),
                store.fabricId().toString(),
                meters,
                transport,
                Clock.systemUTC());
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        transport.close();
        identity.close();
        store.close();
    }

    /** Makes the files of one machine, whose certificate does not say what it is for. */
    private OutsideSettings settings(String machine, List<String> hosts, boolean crl) throws IOException {
        write(machine, hosts);
        return files(machine, crl);
    }

    private OutsideSettings files(String machine, boolean crl) {
        return new OutsideSettings(
                directory.resolve(machine + ".pem"),
                directory.resolve(machine + ".key"),
                directory.resolve("ca.pem"),
                crl ? Optional.of(directory.resolve("crl.pem")) : Optional.empty(),
                NAMES);
    }

    private X509Certificate write(String machine, List<String> hosts) throws IOException {
        return write(machine, hosts, outside, List.of());
    }

    /** @param behind certificates between the machine's own and the CA */
    private X509Certificate write(
            String machine, List<String> hosts, OutsideAuthority issuer, List<X509Certificate> behind)
            throws IOException {
        KeyPair key = Certificates.newKey();
        X509Certificate certificate = issuer.issue(
                key.getPublic(), hosts.stream().map(OutsideAuthority::host).toList());
        PrivateFiles.write(
                directory.resolve(machine + ".key"),
                Pem.write(Pem.KEY, key.getPrivate().getEncoded()));
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
        chain.addAll(behind);
        PrivateFiles.write(directory.resolve(machine + ".pem"), Pem.write(chain));
        PrivateFiles.write(directory.resolve("ca.pem"), Pem.write(List.of(authority.certificate())));
        return certificate;
    }

    @SuppressWarnings("JavaUtilDate") // what Bouncy Castle takes
    private void revoke(BigInteger serial) throws Exception {
        JcaX509v2CRLBuilder builder =
                new JcaX509v2CRLBuilder(authority.certificate().getSubjectX500Principal(), new Date());
        builder.addCRLEntry(serial, new Date(), CRLReason.keyCompromise);
        byte[] list = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.key()))
                .getEncoded();
        PrivateFiles.write(directory.resolve("crl.pem"), Pem.write("X509 CRL", list));
    }

    private record Node(NodeOutsideIdentity identity, SyncClient client) implements AutoCloseable {

        void awaitConnected() {
            Await.until(
                    () -> "connected: " + client.state(), () -> client.state().connected());
        }

        void awaitRefused(String reason) {
            Await.until(
                    () -> "refused because of '" + reason + "': " + client.state(),
                    () -> !client.state().connected()
                            && client.state().lastError().contains(reason));
        }

        @Override
        public void close() {
            client.close();
            identity.close();
        }
    }

    private Node node(NodeId id, String host) throws IOException {
        return node(id, settings(id.name(), List.of(host), false));
    }

    private Node node(NodeId id, OutsideSettings settings) throws IOException {
        Address manager = new Address("127.0.0.1", server.address().getPort());
        NodeOutsideIdentity own =
                new NodeOutsideIdentity(settings, List.of(manager), LOOK, Clock.systemUTC(), new SimpleMeterRegistry());
        SyncClient client = TestNode.client(
                directory.resolve(id.name()), id, manager, new NodeTransport(own, Duration.ofSeconds(5)));
        client.start();
        return new Node(own, client);
    }

    @Test
    void nodesAreKnownByTheirDnsNames() throws IOException {
        try (Node gateway = node(GW1, "gw1.gw.example.org");
                Node host = node(HOST1, "host1.hosts.example.org");
                Node stranger = node(GW2, "gw2.example.com")) {
            gateway.awaitConnected();
            host.awaitConnected();
            stranger.awaitRefused("names no gateway or host, by DNS");
        }
        assertThatThrownBy(() -> identity.createToken(NodeRole.GATEWAY, "gw1", Duration.ofHours(1), Origin.SYSTEM))
                .hasMessageContaining("outside CA");
    }

    @Test
    void aRevocationListThatChangesCutsOff() throws Exception {
        try (Node gateway = node(GW1, "gw1.gw.example.org")) {
            gateway.awaitConnected();
            revoke(gateway.identity().credentials().orElseThrow().certificate().getSerialNumber());
            gateway.awaitRefused("was revoked by its CA");
            write("gw1", List.of("gw1.gw.example.org")); // its owner gets another one
            gateway.awaitConnected();
        }
    }

    /** Companies' CAs are kept off line, and sign one that signs the rest. */
    @Test
    void aCaBetweenIsShownByTheNodeAndCanBeRevoked() throws Exception {
        OutsideAuthority between = outside.between();
        X509Certificate behind = between.signed.certificate();
        X509Certificate own = write("gw1", List.of("gw1.gw.example.org"), between, List.of(behind));
        try (Node gateway = node(GW1, files("gw1", false))) {
            gateway.awaitConnected();
            assertThat(identity.identify(List.of(own)))
                    .as("without the one between")
                    .isInstanceOfSatisfying(
                            Peer.Refused.class, no -> assertThat(no.reason()).isEqualTo(Peer.Reason.UNKNOWN_CA));
            revoke(behind.getSerialNumber());
            gateway.awaitRefused("the CA certificate " + Pem.serial(behind) + " was revoked by its CA");
        }
    }

    /** The host's certificate is its administrator's to renew: the manager has none to give. */
    @Test
    void aHyperVHostShowsItsOwnToo() throws Exception {
        OutsideAuthority between = outside.between();
        KeyPair key = AgentPlayer.rsa();
        X509Certificate own = between.issue(key.getPublic(), List.of(OutsideAuthority.host("host1.hosts.example.org")));
        String chain = Pem.write(List.of(own, between.signed.certificate()));
        try (HyperVServer hosts = new HyperVServer(
                HyperVServerConfig.of("127.0.0.1", 0),
                new KnownNodes(Set.of(HOST1)),
                store.fabricId().toString(),
                store.history(),
                identity,
                identity,
                meters,
                Clock.systemUTC())) {
            hosts.start();
            URI address = URI.create("https://127.0.0.1:" + hosts.address().getPort());
            String trusted = Pem.write(List.of(authority.certificate()));
            try (AgentPlayer stranger = AgentPlayer.stranger(address, trusted, "TLSv1.2");
                    AgentPlayer agent = stranger.with(key, chain)) {
                assertThat(stranger.get("/v1/policy").body()).contains("no-certificate");
                assertThat(agent.get("/v1/host").body()).contains("\"host1\"");
                assertThat(agent.get("/v1/policy").body()).contains("\"HostName\":\"host1\"");
                assertThat(agent.get("/v1/trusted").body()).contains("BEGIN CERTIFICATE");
                assertThat(agent.post("/v1/renew", Map.of("request", AgentPlayer.request(key)))
                                .body())
                        .contains("not-here");
            }
        }
    }

    @Test
    void whatWasNeverHeardOfHasNoVersion() {
        BookRequest insisting = new BookRequest(Origin.SYSTEM, Optional.of(7L), false);
        assertThatThrownBy(() -> identity.revoke(NodeRole.GATEWAY, "never-heard-of", insisting))
                .isInstanceOf(VersionException.class)
                .hasMessageContaining("gateway/never-heard-of");
        assertThat(identity.identities()).isEmpty();
        identity.revoke(NodeRole.GATEWAY, "never-heard-of", BookRequest.of(Origin.SYSTEM));
        assertThat(identity.identities()).extracting(NodeIdentity::state).containsExactly(NodeIdentity.State.REVOKED);
    }

    @Test
    void theManagerRevokesAsWell() throws IOException {
        try (Node gateway = node(GW1, "gw1.gw.example.org")) {
            gateway.awaitConnected();
            identity.revoke(NodeRole.GATEWAY, "gw1", Origin.SYSTEM);
            gateway.awaitRefused("the identity of gateway/gw1 was revoked");
        }
    }

    @Test
    void aManagerOfAnotherNameIsNotFollowed() throws IOException {
        stop();
        start(List.of("manager.example.org"));
        try (Node gateway = node(GW1, "gw1.gw.example.org")) {
            Await.until(
                    () -> "refused: " + gateway.client().state(),
                    () -> gateway.client()
                            .state()
                            .lastError()
                            .contains("names [manager.example.org], not [127.0.0.1]"));
        }
    }

    @Test
    void whatCannotBeUsedIsNamedAndWhatWasStays() throws IOException {
        assertThatThrownBy(() -> new NodeOutsideIdentity(
                        new OutsideSettings(
                                directory.resolve("manager.pem"),
                                directory.resolve("ca.pem"),
                                directory.resolve("ca.pem"),
                                Optional.empty(),
                                NodeNames.BY_URI),
                        List.of(),
                        LOOK,
                        Clock.systemUTC(),
                        new SimpleMeterRegistry()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected one PRIVATE KEY");
        try (Node gateway = node(GW1, "gw1.gw.example.org")) {
            gateway.awaitConnected();
            Credentials before = gateway.identity().credentials().orElseThrow();
            PrivateFiles.write(directory.resolve("gw1.pem"), "rubbish");
            assertThat(gateway.identity().credentials()).contains(before);
            X509Certificate next = write("gw1", List.of("gw1.gw.example.org"));
            Await.until(
                    () -> "the next certificate",
                    () -> gateway.identity()
                            .credentials()
                            .orElseThrow()
                            .certificate()
                            .equals(next));
            assertThat(gateway.client().state().connected()).isTrue();
        }
    }

    @Test
    void patternsAndCommonNames() {
        X509Certificate certificate = Certificates.newAuthority("gw-7", Instant.now(), Duration.ofDays(1))
                .certificate();
        NodeNames byName = new NodeNames(NodeNames.By.CN, "gw-*", "");
        assertThat(byName.of(certificate, "f")).contains(new IdentityUri("f", NodeRole.GATEWAY, "7"));
        assertThat(new NodeNames(NodeNames.By.CN, "", "host-*").of(certificate, "f"))
                .isEmpty();
        assertThat(new NodeNames(NodeNames.By.CN, "gw-*", "gw-*").of(certificate, "f"))
                .as("two meanings are none")
                .isEmpty();
        assertThatThrownBy(() -> new NodeNames(NodeNames.By.CN, "gw", "")).hasMessageContaining("one *");
        assertThatThrownBy(() -> new NodeNames(NodeNames.By.DNS, "", "")).hasMessageContaining("pattern is needed");
    }
}
