package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a follower does when it is stopped in the middle of applying policy. */
@Timeout(300)
class ClientCloseTest {

    @TempDir
    Path directory;

    private final ListPolicySource source = new ListPolicySource().with(GW1);

    /** Applies a revision only when it is told to. */
    private static final class GatedTarget implements PolicyTarget {
        final CountDownLatch entered = new CountDownLatch(1);
        final CompletableFuture<Void> gate = new CompletableFuture<>();
        final AtomicInteger applied = new AtomicInteger();

        @Override
        public void replace(PolicySnapshot snapshot) {
            applied.incrementAndGet();
        }

        @Override
        public void apply(long revision, List<PolicyChange> changes) {
            entered.countDown();
            gate.join();
            applied.incrementAndGet();
        }
    }

    /** Once it is shut, tells its status only when it is told to. */
    private static final class GatedState extends SyncFixture.FixedState {
        final AtomicBoolean shut = new AtomicBoolean();
        final CountDownLatch entered = new CountDownLatch(1);
        final CompletableFuture<Void> gate = new CompletableFuture<>();

        @Override
        public String statusJson() {
            if (shut.get()) {
                entered.countDown();
                gate.join();
            }
            return super.statusJson();
        }
    }

    private SyncClient follow(SyncFixture fixture, PolicyTarget target, Duration closeTimeout, FollowerState state)
            throws Exception {
        SyncClientConfig config = SyncClientConfig.of(
                        "127.0.0.1", fixture.port(), GW1, directory.resolve("gw1"), "test")
                .withLimits(SyncFixture.quickClientLimits(closeTimeout));
        SyncClient client = new SyncClient(config, target, state, new SimpleMeterRegistry());
        client.start();
        return client;
    }

    @Test
    void revisionInWorkIsFinishedAndWhatWaitsBehindItIsNot() throws Exception {
        source.put(GW1, Samples.records(0, 10));
        GatedTarget target = new GatedTarget();
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            SyncClient client = follow(fixture, target, SyncFixture.NEVER, new SyncFixture.FixedState());
            Await.until("snapshot", () -> client.state().revision() == 1);
            source.put(GW1, Samples.record(11));
            target.entered.await();
            Thread closing = closeUntilItWaits(client);
            source.put(GW1, Samples.record(12));
            target.gate.complete(null);
            closing.join();
            assertThat(target.applied).hasValue(2);
            assertThat(client.state().revision()).isEqualTo(2);
            assertThat(client.state().lastError()).isEmpty();
        }
        assertThat(cachedRevision()).isEqualTo(2);
    }

    /** An event loop that is stopped between two looks at its channels does not close them by itself. */
    @Test
    void closeInTheMiddleOfAStatusEndsTheConnection() throws Exception {
        GatedState state = new GatedState();
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            SyncClient client = follow(fixture, new RecordingTarget(), SyncFixture.NEVER, state);
            Await.until("connected", () -> client.state().connected());
            Await.until("the manager knows", () -> fixture.view(GW1).connected());
            state.shut.set(true);
            state.entered.await();
            Thread closing = closeUntilItWaits(client);
            state.gate.complete(null);
            closing.join();
            Await.until("gone", () -> !fixture.view(GW1).connected());
        }
    }

    /** Closing has begun: it waits, with a limit, for other threads (or has waited, on a slow machine). */
    private static Thread closeUntilItWaits(SyncClient client) {
        Thread closing = Thread.ofPlatform().start(client::close);
        Await.until("close waits", () -> closing.getState() == Thread.State.TIMED_WAITING || !closing.isAlive());
        return closing;
    }

    @Test
    void revisionThatDoesNotComeToAnEndIsNamedAndTheCacheKeepsTheOneBefore() throws Exception {
        source.put(GW1, Samples.records(0, 10));
        GatedTarget target = new GatedTarget();
        try (SyncFixture fixture = new SyncFixture(directory, source)) {
            SyncClient client = follow(fixture, target, Duration.ofMillis(100), new SyncFixture.FixedState());
            Await.until("snapshot", () -> client.state().revision() == 1);
            source.put(GW1, Samples.record(11));
            target.entered.await();
            client.close();
            assertThat(client.state().lastError())
                    .isEqualTo("closed after 100 ms while the delta to revision 2, 1 changes, was being applied:"
                            + " the data path is left with it half done, revision 1 is the last that is known to be"
                            + " whole, and the cache keeps it");
            assertThat(cachedRevision()).isEqualTo(1);
            target.gate.complete(null);
            Await.until(
                    "the thread that was left behind ends", () -> client.state().revision() == 2);
        }
        assertThat(cachedRevision()).isEqualTo(1);
    }

    private long cachedRevision() throws Exception {
        try (PolicyCache cache =
                new PolicyCache(directory.resolve("gw1"), GW1, CacheLimits.defaults(), new SimpleMeterRegistry())) {
            return cache.load().orElseThrow().snapshot().revision();
        }
    }
}
