package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.identity.AuthoritySettings;
import net.nvgate.fabric.identity.ManagerIdentity;
import net.nvgate.fabric.identity.ManagerTransport;
import net.nvgate.fabric.identity.NodeIdentityKeeper;
import net.nvgate.fabric.identity.NodeSettings;
import net.nvgate.fabric.identity.NodeTransport;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A TLS link that is damaged or cut at any byte: no wrong byte gets through, and in the end the follower has the manager's policy. */
@Timeout(300)
class TlsLinkFaultsTest {

    private static final int RECORD_HEADER = 5;
    private static final int DAMAGES = 8;
    private static final int CUTS = 8;

    @TempDir
    Path directory;

    private final ListPolicySource source = new ListPolicySource().with(GW1);
    private final RecordingTarget target = new RecordingTarget();
    private final Random random = new Random(8);
    private FabricStore store;
    private ManagerIdentity identity;
    private ManagerTransport transport;
    private SyncServer server;
    private LinkProxy link;
    private NodeIdentityKeeper keeper;
    private SyncClient client;

    @BeforeEach
    void follow() throws IOException {
        source.put(GW1, Samples.records(0, 500));
        store = SqliteStore.open(directory.resolve("store"));
        Duration life = Duration.ofDays(90);
        identity = new ManagerIdentity(
                store,
                new AuthoritySettings(
                        "manager", List.of("127.0.0.1"), directory.resolve("seal.key"), life, life, Duration.ZERO),
                Clock.systemUTC());
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        transport = new ManagerTransport(identity, identity, SyncFixture.NEVER, meters);
        server = new SyncServer(
                new SyncServerConfig("127.0.0.1", 0, SyncFixture.quickLimits()),
                source,
                store.fabricId().toString(),
                meters,
                transport,
                Clock.systemUTC());
        server.start();
        link = new LinkProxy(server.address().getPort(), LinkProxy.TLS_RECORDS);
        List<Address> managers = List.of(new Address("127.0.0.1", link.port()));
        Path token = directory.resolve("join-token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                token,
                identity.createToken(NodeRole.GATEWAY, GW1.name(), Duration.ofHours(1), Origin.SYSTEM)
                        .text());
        keeper = new NodeIdentityKeeper(
                new NodeSettings(GW1, managers, directory.resolve("identity"), token, Duration.ofMillis(200)),
                Clock.systemUTC(),
                new SimpleMeterRegistry());
        client = new SyncClient(
                SyncClientConfig.of(managers, GW1, directory.resolve("gw1"), "test")
                        .withLimits(SyncFixture.quickClientLimits(Duration.ofSeconds(30), Duration.ofSeconds(5))),
                target,
                new SyncFixture.FixedState(),
                new SimpleMeterRegistry(),
                new NodeTransport(keeper, SyncFixture.NEVER));
        keeper.start();
        client.start();
        awaitEqual();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        keeper.close();
        link.close();
        server.close();
        transport.close();
        identity.close();
        store.close();
    }

    private void change() {
        var record = Samples.record(random.nextInt(600), "10.1.0." + random.nextInt(200));
        PolicyChange change =
                random.nextInt(4) == 0 ? new PolicyChange.Remove(record.key()) : new PolicyChange.Put(record);
        source.commit(Map.of(GW1, List.of(change)));
    }

    private void awaitEqual() {
        long head = source.revision();
        Await.until(
                () -> "level at " + head + ": " + client.state() + ", target at " + target.revision(),
                () -> server.find(GW1)
                        .map(f -> f.connected() && f.appliedRevision() >= head)
                        .orElse(false));
        assertThat(target.policy()).containsExactlyInAnyOrderElementsOf(source.policy(GW1));
    }

    @Test
    void damagedRecordEndsTheConnection() {
        for (int round = 0; round < DAMAGES; round++) {
            int connections = link.connections();
            link.damageNext(this::withOneBitChanged);
            change();
            Await.until("the record has gone", () -> !link.isDamagePending());
            Await.until("the follower connects again", () -> link.connections() > connections);
            change();
            awaitEqual();
        }
        assertThat(target.snapshots).as("it resumes by deltas").isEqualTo(1);
    }

    /** One that a plain stream would have taken for another message, or for a valid one. */
    private byte[] withOneBitChanged(byte[] record) {
        byte[] damaged = record.clone();
        int bit = random.nextInt(RECORD_HEADER * Byte.SIZE, record.length * Byte.SIZE);
        damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        return damaged;
    }

    @Test
    void linkThatIsCutAtAnyByteAndHealed() {
        for (int round = 0; round < CUTS; round++) {
            // In the handshake as well as after it.
            link.cutAfter(random.nextInt(round % 2 == 0 ? 4_000 : 400));
            for (int i = 0; i < 100 && !link.isCut(); i++) {
                change();
                long head = source.revision();
                Await.until("the follower moves, or the link is cut", () -> link.isCut() || target.revision() >= head);
            }
            link.cut();
            change();
            link.heal();
        }
        awaitEqual();
        assertThat(target.snapshots).as("it resumes by deltas").isEqualTo(1);
    }
}
