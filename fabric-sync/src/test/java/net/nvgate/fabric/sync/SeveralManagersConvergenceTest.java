package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static net.nvgate.fabric.sync.Samples.GW2;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import net.nvgate.fabric.convergence.Convergence;
import net.nvgate.fabric.convergence.NodeConvergence;
import net.nvgate.fabric.convergence.NodeConvergence.State;
import net.nvgate.fabric.convergence.OtherManagers;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.etcd.EtcdExtension;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import net.nvgate.fabric.store.etcd.EtcdStore;
import net.nvgate.fabric.testing.Await;
import net.nvgate.fabric.testing.MovableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two managers over a real etcd, one gateway at each: both tell the same. */
@Timeout(240)
class SeveralManagersConvergenceTest {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    private static final Duration ALERT_AFTER = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final MovableClock clock = MovableClock.still();

    /** Policy is the same at all managers. */
    private final ListPolicySource source = new ListPolicySource().with(GW1, GW2);

    private Side first;
    private Side second;

    /** A manager. */
    private final class Side implements AutoCloseable {

        final FabricStore store;
        final SyncFixture sync;
        final OtherManagers others;
        final Convergence convergence;

        Side(String name, EtcdSettings settings) throws Exception {
            store = EtcdStore.open(settings);
            sync = new SyncFixture(directory.resolve(name), source);
            others = new OtherManagers(name, store::board, sync.server, source::knows);
            convergence = new Convergence(
                    source, () -> Set.of(GW1, GW2), sync.server, Optional.of(others), clock, ALERT_AFTER, sync.meters);
        }

        NodeConvergence view(NodeId node) {
            return convergence.find(node).orElseThrow();
        }

        void awaitState(NodeId node, State state) {
            Await.until(
                    () -> node + " is " + state + ": " + view(node),
                    () -> view(node).state() == state);
        }

        void awaitConverged(long revision) {
            Await.until(
                    () -> "all have " + revision + ": " + convergence.of(revision),
                    () -> convergence.await(revision, Duration.ofSeconds(30)).converged());
        }

        @Override
        public void close() {
            convergence.close();
            others.close();
            sync.close();
            store.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        EtcdSettings settings = ETCD.settings();
        first = new Side("manager-1", settings);
        second = new Side("manager-2", settings);
        source.put(GW1, Samples.record(1));
        source.put(GW2, Samples.record(1));
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @Test
    void bothKnowWhoHasARevisionAndWhoIsLate() throws Exception {
        StallingTarget stalling = new StallingTarget();
        first.sync.follow(GW1);
        SyncClientConfig config = SyncClientConfig.of(
                        "127.0.0.1", second.sync.port(), GW2, directory.resolve("gw2"), "v7")
                .withLimits(SyncFixture.quickClientLimits());
        try (SyncClient client =
                new SyncClient(config, stalling, new SyncFixture.FixedState(), new SimpleMeterRegistry())) {
            client.start();
            bothKnow(stalling.permits);
        }
    }

    /** @param gw2 a permit for each revision that it may apply */
    private void bothKnow(Semaphore gw2) {
        gw2.release();
        for (Side side : List.of(first, second)) {
            side.awaitState(GW1, State.LEVEL);
            side.awaitState(GW2, State.LEVEL);
        }
        assertThat(first.view(GW1).elsewhere()).isEmpty();
        assertThat(first.view(GW2).elsewhere()).contains("manager-2");
        assertThat(second.view(GW1).elsewhere()).contains("manager-1");
        first.awaitConverged(source.revision());

        long held = source.put(GW2, Samples.record(2));
        long free = source.put(GW1, Samples.record(2));
        clock.jump(Duration.ofSeconds(40));
        for (Side side : List.of(first, second)) {
            side.awaitState(GW1, State.LEVEL);
            assertThat(side.view(GW2).state()).isNotEqualTo(State.LEVEL);
            assertThat(side.convergence.late())
                    .extracting(NodeConvergence::node)
                    .containsExactly(GW2);
            assertThat(side.convergence.of(held).missing())
                    .extracting(NodeConvergence::node)
                    .containsExactly(GW2);
            assertThat(side.convergence.of(free).applied()).containsExactly(GW1);
        }
        gw2.release(100);
        for (Side side : List.of(first, second)) {
            side.awaitConverged(free);
            assertThat(side.convergence.late()).isEmpty();
        }
    }

    @Test
    void aManagerThatGoesLeavesWhatItKnewAndANodeThatMovesIsSeenWhereItIs() throws Exception {
        second.sync.follow(GW2);
        first.awaitState(GW2, State.LEVEL);
        long applied = first.view(GW2).appliedRevision();
        second.convergence.close();
        second.others.close();
        second.sync.close();
        first.awaitState(GW2, State.DISCONNECTED);
        assertThat(first.view(GW2).appliedRevision()).isEqualTo(applied);
        assertThat(first.view(GW2).lagSeconds()).as("nothing is missing").isZero();
        assertThat(first.convergence.of(applied).applied()).contains(GW2);
        first.sync.follow(GW2);
        first.awaitState(GW2, State.LEVEL);
        assertThat(first.view(GW2).elsewhere()).isEmpty();
    }
}
