package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static net.nvgate.fabric.sync.Samples.GW2;
import static net.nvgate.fabric.sync.Samples.HOST1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.testing.Await;
import net.nvgate.fabric.testing.MovableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to links and frames: in the end each follower has the manager's policy, record by record. */
@Timeout(300)
class LinkFaultsTest {

    private static final List<NodeId> NODES = List.of(GW1, GW2, HOST1);

    private static final int ROUNDS = 15;

    @TempDir
    Path directory;

    private final ListPolicySource source = new ListPolicySource().with(GW1, GW2, HOST1);
    private final Map<NodeId, RecordingTarget> targets = new HashMap<>();
    private final List<SyncClient> clients = new ArrayList<>();
    private SyncFixture fixture;
    private LinkProxy link;

    @BeforeEach
    void follow() throws IOException {
        for (NodeId node : NODES) {
            source.put(node, Samples.records(0, 500));
        }
        fixture = new SyncFixture(directory, source);
        link = new LinkProxy(fixture.port());
    }

    private void followAll() throws IOException {
        for (NodeId node : NODES) {
            RecordingTarget target = new RecordingTarget();
            SyncClientConfig config = SyncClientConfig.of(
                            List.of(new Address("127.0.0.1", link.port())),
                            node,
                            directory.resolve(node.name()),
                            "test")
                    .withLimits(SyncFixture.quickClientLimits());
            SyncClient client = new SyncClient(config, target, new SyncFixture.FixedState(), new SimpleMeterRegistry());
            client.start();
            targets.put(node, target);
            clients.add(client);
        }
    }

    @AfterEach
    void stop() throws IOException {
        clients.forEach(SyncClient::close);
        link.close();
        fixture.close();
    }

    private void change(Random random, int revisions) {
        for (int i = 0; i < revisions; i++) {
            var record = Samples.record(random.nextInt(600), "10.1.0." + random.nextInt(200));
            PolicyChange change =
                    random.nextInt(4) == 0 ? new PolicyChange.Remove(record.key()) : new PolicyChange.Put(record);
            source.commit(Map.of(NODES.get(random.nextInt(NODES.size())), List.of(change)));
        }
    }

    private void awaitAllEqual() {
        targets.forEach((node, target) -> fixture.awaitConverged(node, target));
    }

    @Test
    void linkThatIsCutAtAnyByteAndHealed() throws Exception {
        Random random = new Random(5);
        link.cutAfter(random.nextInt(60_000)); // before they have their first policy
        followAll();
        int cutInSnapshots = 0;
        for (int round = 0; round < ROUNDS; round++) {
            boolean level = targets.values().stream().allMatch(target -> target.revision() > 0);
            cutInSnapshots += level ? 0 : 1;
            if (round > 0) {
                link.cutAfter(random.nextInt(level ? 1_000 : 60_000));
            }
            for (int i = 0; i < 100 && !link.isCut(); i++) {
                change(random, 1);
                long head = source.revision();
                Await.until(
                        "a follower moves, or the link is cut",
                        () -> link.isCut()
                                || targets.values().stream().anyMatch(target -> target.revision() >= head)
                                || targets.values().stream().allMatch(target -> target.revision() == 0));
            }
            link.cut();
            change(random, 5);
            link.heal();
        }
        awaitAllEqual();
        assertThat(cutInSnapshots).isPositive();
        // A follower that has had a snapshot never needs another one.
        assertThat(targets.values()).allMatch(target -> target.snapshots == 1);
    }

    /**
     * What a frame may turn into: bytes that are no message, a length beyond all limits, none. Damage that leaves a valid message is for
     * TLS to find.
     */
    private static final List<UnaryOperator<byte[]>> DAMAGES = List.of(
            frame -> {
                byte[] noise = new byte[frame.length];
                new Random(frame.length).nextBytes(noise);
                ByteBuffer.wrap(noise).putInt(frame.length - Integer.BYTES).put((byte) 0xff);
                return noise;
            },
            frame -> ByteBuffer.wrap(frame.clone()).putInt(0, Integer.MAX_VALUE).array(),
            frame -> ByteBuffer.wrap(frame.clone()).putInt(0, -1).array(),
            frame -> ByteBuffer.wrap(frame.clone()).putInt(0, 0).array());

    @Test
    void corruptedAndOversizedFrames() throws Exception {
        followAll();
        awaitAllEqual();
        Random random = new Random(6);
        for (int round = 0; round < 2 * DAMAGES.size(); round++) {
            link.damageNext(DAMAGES.get(round % DAMAGES.size()));
            change(random, 3);
            Await.until("the frame has gone", () -> !link.isDamagePending());
            awaitAllEqual();
        }
        assertThat(clients).anyMatch(client -> !client.state().lastError().isEmpty());
        assertThat(targets.values()).allMatch(target -> target.snapshots == 1);
    }

    @Test
    void clockThatJumpsEndsNoConnection() throws Exception {
        MovableClock clock = new MovableClock();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        SyncServerConfig config = new SyncServerConfig("127.0.0.1", 0, SyncFixture.quickLimits());
        try (SyncServer server =
                new SyncServer(config, source, SyncFixture.FABRIC, meters, TransportSecurity.none(), clock)) {
            server.start();
            link.close();
            link = new LinkProxy(server.address().getPort());
            followAll();
            Random random = new Random(7);
            for (Duration jump : List.of(Duration.ofDays(400), Duration.ofDays(-800), Duration.ofHours(1))) {
                change(random, 20);
                clock.jump(jump);
                change(random, 20);
                long head = source.revision();
                Await.until(
                        "all level after a jump of " + jump,
                        () -> server.all().size() == NODES.size()
                                && server.all().stream().allMatch(f -> f.connected() && f.appliedRevision() >= head));
                targets.forEach((node, target) ->
                        assertThat(target.policy()).containsExactlyInAnyOrderElementsOf(source.policy(node)));
            }
            assertThat(clients).allMatch(client -> client.state().lastError().isEmpty());
            assertThat(meters.get("nvgate.sync.snapshots").counter().count()).isEqualTo(NODES.size());
        }
    }
}
