package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static net.nvgate.fabric.sync.Samples.GW2;
import static net.nvgate.fabric.sync.Samples.HOST1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class SyncStreamTest {

    @TempDir
    Path directory;

    private final ListPolicySource source = new ListPolicySource().with(GW1, GW2, HOST1);

    @Test
    void followerGetsSnapshotThenDeltas() throws Exception {
        source.put(GW1, Samples.everyKind().toArray(PolicyObject[]::new));
        source.put(GW1, Samples.records(10, 1000));
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var peer = fixture.follow(GW1);
            fixture.awaitConverged(GW1, peer.target());
            assertThat(peer.target().snapshots).isEqualTo(1);

            source.commit(Map.of(
                    GW1,
                    List.of(
                            new PolicyChange.Put(Samples.record(10, "10.1.0.2")),
                            new PolicyChange.Remove(Samples.record(11).key()),
                            new PolicyChange.Put(Samples.record(2000)))));
            fixture.awaitConverged(GW1, peer.target());
            assertThat(peer.target().snapshots).isEqualTo(1);
            assertThat(peer.target().deltas).isEqualTo(1);
            assertThat(fixture.view(GW1))
                    .returns(true, Followers.Follower::connected)
                    .returns("test-1", Followers.Follower::software)
                    .returns(source.revision(), Followers.Follower::desiredRevision)
                    .returns("", Followers.Follower::lastError);
        }
    }

    @Test
    void eachNodeGetsItsOwnAndProgressForTheRest() throws Exception {
        source.put(GW1, Samples.record(1));
        source.put(HOST1, Samples.record(2));
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var gateway = fixture.follow(GW1);
            var host = fixture.follow(HOST1);
            fixture.awaitConverged(GW1, gateway.target());
            fixture.awaitConverged(HOST1, host.target());

            source.put(GW1, Samples.record(3));
            fixture.awaitConverged(GW1, gateway.target());
            fixture.awaitConverged(HOST1, host.target());
            assertThat(host.target().deltas).isZero();
            assertThat(host.client().state().revision()).isEqualTo(source.revision());

            source.put(HOST1, Samples.record(4));
            fixture.awaitConverged(HOST1, host.target());
            assertThat(host.target().deltas).isEqualTo(1);
            assertThat(host.target().snapshots).isEqualTo(1);
        }
    }

    @Test
    void oneChangeForManyIsEncodedOnce() throws Exception {
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            source.put(GW2, Samples.record(9));
            var first = fixture.follow(GW1);
            var second = fixture.follow(GW2);
            fixture.awaitConverged(GW1, first.target());
            fixture.awaitConverged(GW2, second.target());
            for (int n = 0; n < 20; n++) {
                List<PolicyChange> change = List.of(new PolicyChange.Put(Samples.record(n)));
                source.commit(Map.of(GW1, change, GW2, change));
                fixture.awaitConverged(GW1, first.target());
                fixture.awaitConverged(GW2, second.target());
            }
            assertThat(fixture.count("nvgate.sync.deltas")).isEqualTo(40);
            // Two planner threads may meet the same new list at the same moment; mostly they do not.
            assertThat(fixture.count("nvgate.sync.delta.bodies", "how", "reused"))
                    .isPositive();
        }
    }

    @Test
    void serverRestartWithHistoryResumesByDelta() throws Exception {
        source.put(GW1, Samples.records(0, 100));
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var peer = fixture.follow(GW1);
            fixture.awaitConverged(GW1, peer.target());
            fixture.server.close();
            source.put(GW1, Samples.record(200));
            source.put(GW1, Samples.record(1, "10.1.0.9"));
            fixture.restartServer(source, SyncFixture.FABRIC);
            fixture.awaitConverged(GW1, peer.target());
            assertThat(peer.target().snapshots).isEqualTo(1);
            assertThat(peer.target().deltas).isEqualTo(1);
            assertThat(source.snapshotsTaken).isEqualTo(1);
        }
    }

    @Test
    void serverRestartWithoutHistorySendsSnapshot() throws Exception {
        source.put(GW1, Samples.records(0, 100));
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var peer = fixture.follow(GW1);
            fixture.awaitConverged(GW1, peer.target());
            fixture.server.close();
            source.commit(Map.of(
                    GW1, List.of(new PolicyChange.Remove(Samples.record(5).key()))));
            source.forgetHistory();
            fixture.restartServer(source, SyncFixture.FABRIC);
            fixture.awaitConverged(GW1, peer.target());
            assertThat(peer.target().snapshots).isEqualTo(2);
        }
    }

    @Test
    void clientRestartStartsFromItsCacheAndResumes() throws Exception {
        source.put(GW1, Samples.records(0, 100));
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var before = fixture.follow(GW1);
            fixture.awaitConverged(GW1, before.target());
            before.client().close();
            fixture.server.close();

            var after = fixture.follow(GW1);
            Await.until("cached policy is applied", () -> after.target().revision() == 1);
            assertThat(after.target().policy()).containsExactlyInAnyOrderElementsOf(source.policy(GW1));
            assertThat(after.client().state().connected()).isFalse();

            source.put(GW1, Samples.record(200));
            fixture.restartServer(source, SyncFixture.FABRIC);
            fixture.awaitConverged(GW1, after.target());
            assertThat(after.target().snapshots).as("only the cache's").isEqualTo(1);
            assertThat(after.target().deltas).isEqualTo(1);
        }
    }

    @Test
    void anotherFabricSendsSnapshotThoughRevisionsWouldFit() throws Exception {
        source.put(GW1, Samples.records(0, 10));
        ListPolicySource other = new ListPolicySource().with(GW1);
        other.put(GW1, Samples.records(50, 60));
        other.put(GW1, Samples.record(70));
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var peer = fixture.follow(GW1);
            fixture.awaitConverged(GW1, peer.target());
            fixture.restartServer(other, "fabric-2");
            Await.until("policy of the other fabric", () -> peer.target().revision() == 2);
            assertThat(peer.target().policy()).containsExactlyInAnyOrderElementsOf(other.policy(GW1));
            Await.until("acknowledged", () -> fixture.view(GW1).appliedRevision() == 2);
            assertThat(peer.client().state().fabricId()).isEqualTo("fabric-2");
            assertThat(peer.target().snapshots).isEqualTo(2);
        }
    }

    @Test
    void rejectedRevisionIsNotAppliedAndMendedBySnapshot() throws Exception {
        source.put(GW1, Samples.records(0, 10));
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var peer = fixture.follow(GW1);
            fixture.awaitConverged(GW1, peer.target());
            var good = source.policy(GW1);
            peer.target().refuse(Samples.record(20).key());

            source.put(GW1, Samples.record(19), Samples.record(20));
            Await.until(
                    "error is known",
                    () -> fixture.view(GW1).lastError().equals("lookup/6000/10.0.0.20: the test refuses it"));
            assertThat(peer.target().policy()).containsExactlyInAnyOrderElementsOf(good);
            Await.until("it tries again", () -> fixture.count("nvgate.sync.nacks") >= 3);
            Await.until("status tells what is applied", () -> fixture.view(GW1).appliedRevision() == 1);

            peer.target().refuse(null);
            fixture.awaitConverged(GW1, peer.target());
            // A status may tell of the revision before the acknowledgement does.
            Await.until("acknowledged", () -> fixture.view(GW1).lastError().isEmpty());
            assertThat(peer.target().snapshots).isEqualTo(2);
        }
    }

    @Test
    void unknownNodeGetsNothingUntilItIsKnownAndWhenItIsGone() throws Exception {
        NodeId stranger = new NodeId(NodeId.Kind.GATEWAY, "stranger");
        source.put(stranger, Samples.record(1));
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var peer = fixture.follow(stranger);
            Await.until(
                    "refusal",
                    () -> peer.client()
                            .state()
                            .lastError()
                            .contains("unknown-node: the fabric has no gateway/stranger"));
            assertThat(peer.target().revision()).isZero();
            assertThat(fixture.server.find(stranger)).isEmpty();

            source.with(stranger);
            fixture.awaitConverged(stranger, peer.target());

            source.drop(stranger);
            Await.until(
                    "it is disconnected and forgotten",
                    () -> fixture.server.find(stranger).isEmpty());
            assertThat(peer.target().policy()).as("fail-static").hasSize(1);
        }
    }

    @Test
    void newestConnectionOfANameWinsAndTheOldOneIsTold() throws Exception {
        source.put(GW1, Samples.record(1));
        try (SyncFixture fixture = new SyncFixture(directory, source);
                RawPeer old = new RawPeer(fixture.port());
                RawPeer young = new RawPeer(fixture.port())) {
            old.hello(GW1, 0, "");
            assertThat(old.expect().hasWelcome()).isTrue();
            young.hello(GW1, 0, "");
            assertThat(young.expect().hasWelcome()).isTrue();
            assertThat(old.expectRefusal().getCode()).isEqualTo("duplicate");
            old.expectEnd();
            assertThat(fixture.view(GW1).connected()).isTrue();
            assertThat(fixture.view(GW1).remoteAddress()).contains(":" + young.localPort());
        }
    }

    @Test
    void statusIsSeenByTheManager() throws Exception {
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            var state = new SyncFixture.FixedState();
            var peer = fixture.follow(GW1, new RecordingTarget(), state);
            Await.until(
                    "first status",
                    () -> fixture.server
                            .find(GW1)
                            .map(f -> f.statusJson().equals("{\"uptimeSeconds\":1}"))
                            .orElse(false));
            assertThat(fixture.view(GW1).forwarding()).isTrue();
            state.json = "{\"uptimeSeconds\":2}";
            peer.client().statusChanged();
            Await.until("next status", () -> fixture.view(GW1).statusJson().contains("2"));
            peer.client().close();
            Await.until("gone", () -> !fixture.view(GW1).connected());
            assertThat(fixture.view(GW1).forwarding()).isFalse();
        }
    }
}
