package net.nvgate.fabric.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyChange;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.sync.v1.ServerFrame;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Followers that stop reading cost the manager their write buffers, and nobody else anything. */
@Timeout(300)
class SlowFollowersTest {

    private static final int FOLLOWERS = 200;
    private static final int STOPPED = 50;
    private static final int REVISIONS = 60;
    private static final int CHANGES = 100;
    private static final int WRITE_HIGH = 16 << 10;
    private static final int CHUNK = 4 << 10;

    /** More than a delta of one revision, or of some that were merged. */
    private static final int FRAME = 32 << 10;

    @TempDir
    Path directory;

    /** Small buffers, and nobody is disconnected while the test runs. */
    private static SyncServerLimits limits() {
        SyncServerLimits d = SyncServerLimits.defaults();
        Duration never = SyncFixture.NEVER;
        return new SyncServerLimits(
                d.connections(),
                d.frameBytes(),
                CHUNK,
                d.statusBytes(),
                WRITE_HIGH / 2,
                WRITE_HIGH,
                d.snapshots(),
                d.queries(),
                d.queryRows(),
                d.sharedDeltaBytes(),
                d.queryTimeout(),
                never,
                never,
                d.pingInterval(),
                never,
                Duration.ofMillis(100),
                d.behindTimeout());
    }

    private static NodeId node(int n) {
        return new NodeId(NodeId.Kind.HOST, "host" + n);
    }

    /** What a peer has been told. */
    private static final class Told {
        final Map<String, PolicyObject> policy = new LinkedHashMap<>();
        volatile long revision;

        synchronized void take(ServerFrame frame) {
            PolicyDecoder decoder = new PolicyDecoder();
            switch (frame.getBodyCase()) {
                case SNAPSHOT_CHUNK ->
                    decoder.decodeObjects(frame.getSnapshotChunk().getObjectsList())
                            .forEach(object -> policy.put(object.key(), object));
                case SNAPSHOT_END -> revision = frame.getSnapshotEnd().getRevision();
                case DELTA -> {
                    assertThat(frame.getDelta().getFrom()).isEqualTo(revision);
                    decoder.decodeChanges(frame.getDelta().getChangesList())
                            .forEach(change -> ListPolicySource.replay(policy, change));
                    revision = frame.getDelta().getTo();
                }
                case PROGRESS -> revision = frame.getProgress().getRevision();
                default -> {}
            }
        }

        synchronized List<PolicyObject> objects() {
            return List.copyOf(policy.values());
        }
    }

    private static void read(RawPeer peer, Told told) {
        Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    told.take(peer.expect());
                }
            } catch (IOException e) {
                // The test is over.
            }
        });
    }

    @Test
    void fiftyOfTwoHundredStopReading() throws Exception {
        NodeId[] nodes = new NodeId[FOLLOWERS];
        Map<NodeId, List<PolicyChange>> first = new HashMap<>();
        for (int n = 0; n < FOLLOWERS; n++) {
            nodes[n] = node(n);
            first.put(nodes[n], changes(0));
        }
        ListPolicySource source = new ListPolicySource().with(nodes);
        source.commit(first);
        SyncServerLimits limits = limits();
        Map<NodeId, Told> told = new ConcurrentHashMap<>();
        List<RawPeer> peers = new ArrayList<>();
        try (SyncFixture fixture = new SyncFixture(directory, source, limits)) {
            for (int n = 0; n < FOLLOWERS; n++) {
                RawPeer peer = new RawPeer(fixture.port(), 4 << 10);
                peers.add(peer);
                peer.hello(nodes[n], 0, "");
                told.put(nodes[n], new Told());
                if (n >= STOPPED) {
                    read(peer, told.get(nodes[n]));
                }
            }
            long bytesOfEach = 0;
            double unsentMost = 0;
            for (int revision = 1; revision <= REVISIONS; revision++) {
                List<PolicyChange> changes = changes(revision);
                Map<NodeId, List<PolicyChange>> all = new HashMap<>();
                for (NodeId node : nodes) {
                    all.put(node, changes);
                }
                source.commit(all);
                // One by one, so that nobody gets many of them in one delta.
                awaitRevision(source, nodes, STOPPED, told);
                bytesOfEach += 60L * CHANGES;
                unsentMost = Math.max(unsentMost, unsent(fixture));
            }
            awaitLevel(source, nodes, STOPPED, told);
            unsentMost = Math.max(unsentMost, unsent(fixture));
            // What waits for each is the buffer and the delta that filled it, though far more was to be sent.
            double bound = (double) STOPPED * (WRITE_HIGH + FRAME);
            assertThat((double) STOPPED * bytesOfEach).isGreaterThan(5 * bound);
            assertThat(unsent(fixture)).isGreaterThan(STOPPED).isLessThanOrEqualTo(bound);
            assertThat(unsentMost).isLessThanOrEqualTo(bound + (FOLLOWERS - STOPPED) * (WRITE_HIGH + FRAME));
            assertThat(fixture.count("nvgate.sync.errors", "kind", "stall")).isZero();

            for (int n = 0; n < STOPPED; n++) {
                read(peers.get(n), Objects.requireNonNull(told.get(nodes[n])));
            }
            awaitLevel(source, nodes, 0, told);
            assertThat(unsent(fixture)).isLessThan(WRITE_HIGH);
        } finally {
            for (RawPeer peer : peers) {
                close(peer);
            }
        }
    }

    private static void close(RawPeer peer) {
        try {
            peer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double unsent(SyncFixture fixture) {
        return fixture.meters.get("nvgate.sync.unsent").gauge().value();
    }

    private static List<PolicyChange> changes(int revision) {
        List<PolicyChange> changes = new ArrayList<>();
        for (int n = 0; n < CHANGES; n++) {
            changes.add(new PolicyChange.Put(
                    Samples.record((revision * 7 + n) % (4 * CHANGES), "10.1.0." + (revision + n) % 200)));
        }
        return changes;
    }

    private static void awaitRevision(ListPolicySource source, NodeId[] nodes, int from, Map<NodeId, Told> told) {
        long head = source.revision();
        for (int n = from; n < nodes.length; n++) {
            Told one = Objects.requireNonNull(told.get(nodes[n]));
            Await.until("level", () -> one.revision >= head);
        }
    }

    private static void awaitLevel(ListPolicySource source, NodeId[] nodes, int from, Map<NodeId, Told> told) {
        awaitRevision(source, nodes, from, told);
        for (int n = from; n < nodes.length; n++) {
            Told one = Objects.requireNonNull(told.get(nodes[n]));
            assertThat(Set.copyOf(one.objects())).isEqualTo(Set.copyOf(source.policy(nodes[n])));
        }
    }
}
