package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static net.nvgate.fabric.sync.Samples.GW2;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.v1.ClientFrame;
import net.nvgate.fabric.sync.v1.Status;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Followers of one fabric go from manager to manager without being sent everything again. */
@Timeout(300)
class SeveralManagersTest {

    @TempDir
    Path directory;

    private final ListPolicySource source = new ListPolicySource().with(GW1, GW2);

    @BeforeEach
    void somePolicy() {
        source.put(GW1, Samples.records(0, 50));
        source.put(GW2, Samples.records(0, 50));
    }

    private SyncServer manager(ListPolicySource from, SimpleMeterRegistry meters) throws IOException {
        SyncServer server = new SyncServer(
                new SyncServerConfig("127.0.0.1", 0, SyncFixture.quickLimits()),
                from,
                SyncFixture.FABRIC,
                meters,
                TransportSecurity.none(),
                Clock.systemUTC());
        server.start();
        return server;
    }

    private static double snapshots(SimpleMeterRegistry meters) {
        return meters.get("nvgate.sync.snapshots").counter().count();
    }

    @Test
    @SuppressWarnings("try") // One manager closes before the other.
    void followersOfAManagerThatIsGoneResumeAtTheOther() throws Exception {
        SimpleMeterRegistry metersA = new SimpleMeterRegistry();
        SimpleMeterRegistry metersB = new SimpleMeterRegistry();
        try (SyncServer a = manager(source, metersA);
                SyncServer b = manager(source, metersB)) {
            List<Address> both = List.of(
                    new Address("127.0.0.1", a.address().getPort()),
                    new Address("127.0.0.1", b.address().getPort()));
            RecordingTarget target1 = new RecordingTarget();
            RecordingTarget target2 = new RecordingTarget();
            try (SyncClient client1 = client(GW1, both, target1);
                    SyncClient client2 = client(GW2, both, target2)) {
                awaitLevel(target1, GW1);
                awaitLevel(target2, GW2);
                double before = snapshots(metersA) + snapshots(metersB);
                assertThat(before).isEqualTo(2);
                a.close();
                source.put(GW1, Samples.record(1, "10.1.0.9"));
                source.put(GW2, Samples.record(2, "10.1.0.9"));
                awaitLevel(target1, GW1);
                awaitLevel(target2, GW2);
                Await.until(
                        "all at b",
                        () -> b.all().stream()
                                        .filter(Followers.Follower::connected)
                                        .count()
                                == 2);
                assertThat(snapshots(metersA) + snapshots(metersB)).isEqualTo(before);
                assertThat(client1.state().connected()).isTrue();
                assertThat(client2.state().connected()).isTrue();
            }
        }
    }

    private SyncClient client(NodeId node, List<Address> managers, RecordingTarget target) throws IOException {
        SyncClientConfig config = SyncClientConfig.of(managers, node, directory.resolve(node.name()), "test")
                .withLimits(SyncFixture.quickClientLimits());
        SyncClient client = new SyncClient(config, target, new SyncFixture.FixedState(), new SimpleMeterRegistry());
        client.start();
        return client;
    }

    private void awaitLevel(RecordingTarget target, NodeId node) {
        long head = source.revision();
        Await.until(
                () -> node + " at " + target.revision() + ", head " + head,
                () -> target.policy().containsAll(source.policy(node)));
        assertThat(target.policy()).containsExactlyInAnyOrderElementsOf(source.policy(node));
    }

    /** A manager whose policy lags behind the fabric. */
    private ListPolicySource lagging(AtomicBoolean storeHasIt) {
        ListPolicySource lagging = new ListPolicySource() {
            @Override
            public boolean isCommitted(long revision) {
                return storeHasIt.get();
            }
        }.with(GW1, GW2);
        lagging.put(GW1, Samples.records(0, 50));
        lagging.put(GW2, Samples.records(0, 50));
        return lagging;
    }

    @Test
    void managerThatIsBehindCatchesUpBeforeItAnswers() throws Exception {
        ListPolicySource lagging = lagging(new AtomicBoolean(true));
        source.put(GW1, Samples.record(60));
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var peer = fixture.follow(GW1);
            fixture.awaitConverged(GW1, peer.target());
            fixture.restartServer(lagging, SyncFixture.FABRIC);
            Await.until(
                    "seen by the manager that is behind",
                    () -> fixture.server.find(GW1).isPresent());
            lagging.put(GW1, Samples.record(60));
            lagging.put(GW1, Samples.record(61));
            Await.until("at the new head", () -> peer.target().revision() == 4);
            assertThat(peer.target().policy()).containsExactlyInAnyOrderElementsOf(lagging.policy(GW1));
            assertThat(lagging.snapshotsTaken).isZero();
            assertThat(peer.target().snapshots).isEqualTo(1);
        }
    }

    @Test
    void managerThatStaysBehindSendsTheFollowerElsewhere() throws Exception {
        ListPolicySource lagging = lagging(new AtomicBoolean(true));
        try (SyncFixture fixture = new SyncFixture(directory, lagging);
                RawPeer peer = new RawPeer(fixture.port())) {
            peer.hello(GW1, 7, SyncFixture.FABRIC);
            assertThat(peer.expectRefusal().getCode()).isEqualTo("behind");
            assertThat(lagging.snapshotsTaken).isZero();
        }
    }

    @Test
    void followerOfAStoreThatWasRestoredGetsASnapshot() throws Exception {
        ListPolicySource restored = lagging(new AtomicBoolean(false));
        try (SyncFixture fixture = new SyncFixture(directory, restored);
                RawPeer peer = new RawPeer(fixture.port())) {
            peer.hello(GW1, 7, SyncFixture.FABRIC);
            assertThat(peer.expect().hasWelcome()).isTrue();
            assertThat(peer.expect().getSnapshotBegin().getObjects()).isEqualTo(50);
            peer.send(ClientFrame.newBuilder()
                    .setStatus(Status.newBuilder()
                            .setAppliedRevision(7)
                            .setForwarding(true)
                            .setJson(ByteString.copyFromUtf8("{}")))
                    .build());
            Await.until(
                    "its status is known",
                    () -> fixture.server.find(GW1).orElseThrow().forwarding());
            assertThat(fixture.server.find(GW1).orElseThrow().appliedRevision())
                    .as("a revision that the store does not have")
                    .isZero();
            assertThat(fixture.server.find(GW1).orElseThrow().desiredRevision()).isEqualTo(restored.revision());
        }
    }
}
