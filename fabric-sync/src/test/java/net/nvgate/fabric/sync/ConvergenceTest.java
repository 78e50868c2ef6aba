package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static net.nvgate.fabric.sync.Samples.GW2;
import static net.nvgate.fabric.sync.Samples.HOST1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReference;
import net.nvgate.fabric.convergence.Convergence;
import net.nvgate.fabric.convergence.NodeConvergence;
import net.nvgate.fabric.convergence.NodeConvergence.State;
import net.nvgate.fabric.convergence.RevisionConvergence;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.testing.Await;
import net.nvgate.fabric.testing.MovableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the manager tells of real followers that stall, refuse, go away or never come. */
@Timeout(300)
class ConvergenceTest {

    private static final Duration ALERT_AFTER = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final MovableClock clock = MovableClock.still();
    private final ListPolicySource source = new ListPolicySource().with(GW1, GW2, HOST1);
    private final Set<NodeId> nodes = new CopyOnWriteArraySet<>(Set.of(GW1, GW2, HOST1));
    private SyncFixture fixture;
    private Convergence convergence;

    @BeforeEach
    void start() throws Exception {
        source.put(GW1, Samples.record(1));
        fixture = new SyncFixture(directory, source);
        convergence = new Convergence(
                source, () -> nodes, fixture.server, Optional.empty(), clock, ALERT_AFTER, fixture.meters);
    }

    @AfterEach
    void stop() {
        convergence.close();
        fixture.close();
    }

    private NodeConvergence view(NodeId node) {
        return convergence.find(node).orElseThrow();
    }

    private void awaitState(NodeId node, State state) {
        Await.until(
                () -> node + " is " + state + ": " + view(node),
                () -> view(node).state() == state);
    }

    @Test
    void oneThatNeverCameAgesFromTheStart() {
        clock.jump(Duration.ofSeconds(40));
        assertThat(view(GW2))
                .returns(State.DISCONNECTED, NodeConvergence::state)
                .returns(source.revision(), NodeConvergence::desiredRevision)
                .returns(0L, NodeConvergence::appliedRevision)
                .returns(40.0, NodeConvergence::lagSeconds);
        assertThat(view(GW2).since()).isEmpty();
        assertThat(convergence.find(new NodeId(NodeId.Kind.HOST, "nobody"))).isEmpty();
    }

    @Test
    void nobodyHasWhatPolicyHasNotReached() throws Exception {
        fixture.follow(GW1);
        awaitState(GW1, State.LEVEL);
        long next = source.revision() + 1;
        assertThat(convergence.has(GW1, next)).isFalse();
        assertThat(convergence.of(next).projected()).isFalse();
        assertThat(source.put(GW2, Samples.record(2))).isEqualTo(next);
        assertThat(convergence.has(GW1, next)).as("nothing of it is its own").isTrue();
        assertThat(convergence.has(GW2, next)).isFalse();
        assertThat(convergence.has(new NodeId(NodeId.Kind.HOST, "nobody"), next))
                .isFalse();
    }

    /** A listener that comes first sees the revision before convergence knows whom it touches. */
    @Test
    void nobodyHasWhatIsNotToldYet() {
        AtomicReference<Boolean> projected = new AtomicReference<>();
        ListPolicySource later = new ListPolicySource().with(GW1);
        AtomicReference<Convergence> asked = new AtomicReference<>();
        later.subscribe((revision, _) ->
                projected.set(Objects.requireNonNull(asked.get()).of(revision).projected()));
        try (Convergence second = new Convergence(
                later,
                () -> Set.of(GW1),
                fixture.server,
                Optional.empty(),
                clock,
                ALERT_AFTER,
                new SimpleMeterRegistry())) {
            asked.set(second);
            long revision = later.put(GW1, Samples.record(1));
            assertThat(projected).hasValue(false);
            assertThat(second.of(revision).projected()).isTrue();
        }
    }

    @Test
    void aLevelFollowerStaysLevelWhileOthersAreTouched() throws Exception {
        fixture.follow(GW1);
        fixture.follow(GW2);
        awaitState(GW1, State.LEVEL);
        awaitState(GW2, State.LEVEL);
        source.put(GW1, Samples.record(2));
        clock.jump(Duration.ofSeconds(100));
        assertThat(view(GW2))
                .returns(State.LEVEL, NodeConvergence::state)
                .returns(0.0, NodeConvergence::lagSeconds)
                .returns(0L, NodeConvergence::lagRevisions);
        awaitState(GW1, State.LEVEL);
    }

    @Test
    void oneThatStallsAgesByItsOldestChange() throws Exception {
        StallingTarget target = new StallingTarget();
        SyncClientConfig config = SyncClientConfig.of("127.0.0.1", fixture.port(), GW1, directory.resolve("gw1"), "v7")
                .withLimits(SyncFixture.quickClientLimits());
        try (SyncClient client =
                new SyncClient(config, target, new SyncFixture.FixedState(), new SimpleMeterRegistry())) {
            client.start();
            target.permits.release();
            awaitState(GW1, State.LEVEL);
            long first = source.put(GW1, Samples.record(2));
            Await.until("the first is being applied", target.permits::hasQueuedThreads);
            clock.jump(Duration.ofSeconds(20));
            long second = source.put(GW1, Samples.record(3));
            clock.jump(Duration.ofSeconds(15));
            assertThat(view(GW1))
                    .returns(State.BEHIND, NodeConvergence::state)
                    .returns(second, NodeConvergence::desiredRevision)
                    .returns(2L, NodeConvergence::lagRevisions)
                    .returns(35.0, NodeConvergence::lagSeconds)
                    .returns(true, NodeConvergence::connected)
                    .returns("v7", NodeConvergence::software);
            assertThat(convergence.late()).extracting(NodeConvergence::node).contains(GW1);

            target.permits.release();
            Await.until("the first is applied", () -> view(GW1).appliedRevision() == first);
            assertThat(view(GW1).lagSeconds()).isEqualTo(15.0);
            assertThat(convergence.late()).extracting(NodeConvergence::node).doesNotContain(GW1);
            target.permits.release(10);
            awaitState(GW1, State.LEVEL);
            target.permits.release(1000);
        }
    }

    @Test
    void oneThatRefusesSaysWhatAndWhy() throws Exception {
        RecordingTarget target = new RecordingTarget();
        fixture.follow(GW1, target, new SyncFixture.FixedState());
        awaitState(GW1, State.LEVEL);
        String key = Samples.record(2).key();
        target.refuse(key);
        long refused = source.put(GW1, Samples.record(2));
        awaitState(GW1, State.ERROR);
        NodeConvergence view = view(GW1);
        assertThat(view.lastError()).isEqualTo(key + ": the test refuses it");
        assertThat(view.standingErrors()).isEqualTo(1);
        assertThat(view.errors().getFirst())
                .returns(key, FollowerError::key)
                .returns("the test refuses it", FollowerError::reason)
                .returns(refused, FollowerError::revision)
                .returns(true, FollowerError::standing);
        assertThat(view.unappliedSince()).contains(clock.instant());

        target.refuse(null);
        awaitState(GW1, State.LEVEL);
        assertThat(view(GW1).lastError()).isEmpty();
        assertThat(view(GW1).errors())
                .singleElement()
                .returns(key, FollowerError::key)
                .returns(false, FollowerError::standing);
    }

    @Test
    void oneThatGoesAwayIsLateOnlyIfSomethingTouchesIt() throws Exception {
        var peer = fixture.follow(GW1);
        awaitState(GW1, State.LEVEL);
        peer.client().close();
        awaitState(GW1, State.DISCONNECTED);
        clock.jump(Duration.ofSeconds(100));
        assertThat(view(GW1).lag()).isZero();
        source.put(GW2, Samples.record(5));
        clock.jump(Duration.ofSeconds(100));
        assertThat(view(GW1).lag()).isZero();
        source.put(GW1, Samples.record(6));
        clock.jump(Duration.ofSeconds(45));
        assertThat(view(GW1)).returns(45.0, NodeConvergence::lagSeconds).returns(false, NodeConvergence::connected);
        fixture.follow(GW1);
        awaitState(GW1, State.LEVEL);
        assertThat(view(GW1).lag()).isZero();
    }

    @Test
    void saysWhoHasARevisionAndWaitsForTheOthers() throws Exception {
        nodes.remove(HOST1);
        fixture.follow(GW1);
        RevisionConvergence before = convergence.of(source.revision());
        assertThat(before.converged()).isFalse();
        assertThat(before.missing()).extracting(NodeConvergence::node).contains(GW2);
        fixture.follow(GW2);
        long revision = source.put(GW1, Samples.record(2));
        RevisionConvergence after = convergence.await(revision, Duration.ofSeconds(60));
        assertThat(after.converged()).isTrue();
        assertThat(after.applied()).containsExactlyInAnyOrder(GW1, GW2);

        RevisionConvergence future = convergence.await(revision + 1, Duration.ofMillis(60));
        assertThat(future.projected()).isFalse();
        assertThat(future.converged()).isFalse();
        assertThat(future.missing()).hasSize(2);
    }

    @Test
    void gaugesHaveEveryNodeAndForgetThoseThatAreGone() throws Exception {
        fixture.follow(GW1);
        awaitState(GW1, State.LEVEL);
        clock.jump(Duration.ofSeconds(12));
        convergence.refreshMetrics();
        assertThat(gauge("nvgate.sync.lag", "node", "gateway/gw1")).isZero();
        assertThat(gauge("nvgate.sync.lag", "node", "host/host1")).isEqualTo(12);
        assertThat(gauge("nvgate.sync.lag.revisions", "node", "host/host1")).isEqualTo(1);
        assertThat(gauge("nvgate.sync.follower.errors", "node", "host/host1")).isZero();
        assertThat(gauge("nvgate.sync.oldest.unapplied")).isEqualTo(12);
        assertThat(gauge("nvgate.sync.nodes", "state", "disconnected")).isEqualTo(2);
        assertThat(gauge("nvgate.sync.nodes", "state", "level")).isEqualTo(1);
        nodes.remove(HOST1);
        nodes.remove(GW2);
        convergence.refreshMetrics();
        assertThat(fixture.meters.find("nvgate.sync.lag").gauges()).hasSize(1);
        assertThat(gauge("nvgate.sync.oldest.unapplied")).isZero();
        assertThat(gauge("nvgate.sync.nodes", "state", "disconnected")).isZero();
    }

    private double gauge(String name, String... tags) {
        Gauge gauge = fixture.meters.get(name).tags(tags).gauge();
        return gauge.value();
    }
}
