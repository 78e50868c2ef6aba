package net.nvgate.fabric.sync;

import static net.nvgate.fabric.sync.Samples.GW1;
import static net.nvgate.fabric.sync.Samples.GW2;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.security.auth.x500.X500Principal;
import net.nvgate.fabric.identity.Peer;
import net.nvgate.fabric.identity.TestNode;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.testing.Await;
import net.nvgate.fabric.testing.LogLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Certificates that are exchanged, revoked, wrong or out of date while records change: who has none gets no record, and in the end each
 * follower has the manager's policy, record by record.
 */
@Timeout(300)
class CertificateFaultsTest extends TlsFixture {

    /** Changes records until it is closed. */
    private final class Flow implements AutoCloseable {

        private volatile boolean stopped;
        private final Thread thread = Thread.ofPlatform().name("changes").start(() -> {
            while (!stopped) {
                change();
                // Slowly enough that what a node misses while a slow machine brings it back is less than a delta may
                // have.
                LockSupport.parkNanos(20_000_000);
            }
        });

        @Override
        public void close() {
            stopped = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void awaitMore() {
        long before = source.revision();
        Await.until("records flow", () -> target.revision() > before);
    }

    /** Another one has another port. */
    private Optional<String> connection() {
        return manager.server.find(GW1).filter(Followers.Follower::connected).map(Followers.Follower::remoteAddress);
    }

    private void jump(Duration by) {
        clock.jump(by);
        nodesClock.jump(by);
        manager.lookAgain();
    }

    @Test
    void certificatesAndCaAreExchangedWhileRecordsFlow() {
        try (Flow _ = new Flow()) {
            awaitMore();
            Optional<String> connection = connection();
            BigInteger first = node.certificate().getSerialNumber();
            jump(Duration.ofDays(61));
            Await.until(
                    "a certificate that follows the first",
                    () -> !node.certificate().getSerialNumber().equals(first));
            awaitMore();
            X500Principal former = node.certificate().getIssuerX500Principal();
            manager.identity.rotate(Origin.SYSTEM);
            Await.until(
                    "a certificate by the new CA",
                    () -> !node.certificate().getIssuerX500Principal().equals(former));
            awaitMore();
            assertThat(connection())
                    .as("the connection has not ended")
                    .isPresent()
                    .isEqualTo(connection);

            jump(Duration.ofMinutes(11));
            Await.until("the former CA goes", () -> {
                manager.lookAgain();
                return manager.identity.authorities().size() == 1;
            });
            awaitMore();
            jump(Duration.ofDays(30)); // what the first connections began with has expired, too
            awaitMore();
        }
        awaitEqual();
        assertThat(target.snapshots)
                .as("whoever comes back gets what is new alone")
                .isEqualTo(1);
    }

    @Test
    void whoIsRevokedGetsNothingMoreAndBothLogsSayWhy() throws IOException {
        RecordingTarget others = new RecordingTarget();
        try (LogLines log = new LogLines();
                Flow _ = new Flow();
                TestNode other = new TestNode(directory.resolve("gw2"), GW2, manager.address(), nodesClock, others)) {
            awaitMore();
            manager.identity.revoke(NodeRole.GATEWAY, "gw1", new Origin("ann", "lost"));
            node.awaitRefused("the identity of gateway/gw1 was revoked");
            long cut = source.revision();
            other.give(manager.token(GW2));
            source.put(GW2, Samples.record(1));
            awaitEqual(GW2, others);
            assertThat(target.revision()).as("nothing of what came later").isLessThanOrEqualTo(cut);
            assertThat(log.lines())
                    .as("the manager's")
                    .anyMatch(line -> line.contains("gateway/gw1 was revoked by ann"))
                    .anyMatch(line -> line.contains(
                            "is refused: revoked: the identity of gateway/gw1 was revoked; it must join again"));
            assertThat(log.lines())
                    .as("the node's")
                    .anyMatch(line -> line.startsWith("Connection to ")
                            && line.endsWith(
                                    "the manager refuses gateway/gw1: identity: the identity of gateway/gw1 was"
                                            + " revoked; it must join again"));
            node.give(manager.token(GW1));
            awaitMore();
        }
        awaitEqual();
        assertThat(target.snapshots).isEqualTo(1);
    }

    @Test
    void wrongCertificatesGetNoRecord() throws IOException {
        source.put(GW2, Samples.records(0, 100));
        RecordingTarget claimed = new RecordingTarget();
        RecordingTarget strange = new RecordingTarget();
        try (SyncClient claims = node.claiming(directory.resolve("claims"), GW2, manager.address(), claimed);
                SyncClient stranger = TestNode.withCaOfItsOwn(directory.resolve("stranger"), GW2, manager, strange)) {
            claims.start();
            stranger.start();
            Await.until(
                    () -> "refused: " + claims.state(),
                    () -> claims.state()
                            .lastError()
                            .contains("identity: gateway/gw2: its certificate is that of gateway/gw1"));
            Await.until(
                    () -> "refused: " + stranger.state(),
                    () -> stranger.state().lastError().contains("no trusted CA has signed its certificate"));
            assertThat(manager.refused(Peer.Reason.OTHER_NODE)).isPositive();
            assertThat(manager.refused(Peer.Reason.UNKNOWN_CA)).isPositive();
        }
        assertThat(claimed.policy()).isEmpty();
        assertThat(strange.policy()).isEmpty();
        try (TestNode right = new TestNode(directory.resolve("claims"), GW2, manager.address(), nodesClock, claimed)) {
            right.give(manager.token(GW2));
            awaitEqual(GW2, claimed);
        }
        awaitEqual();
    }

    @Test
    void clocksThatJumpCutOffUntilTheyAreRight() {
        try (Flow _ = new Flow()) {
            awaitMore();
            clock.jump(Duration.ofDays(91));
            manager.lookAgain();
            node.awaitRefused("expired");
            clock.jump(Duration.ofDays(-91));
            manager.lookAgain();
            awaitMore();

            nodesClock.jump(Duration.ofDays(-1));
            link.cut();
            link.heal();
            node.awaitRefused("and here it is");
            nodesClock.jump(Duration.ofDays(1));
            awaitMore();
        }
        awaitEqual();
        assertThat(target.snapshots).isEqualTo(1);
    }
}
