package net.nvgate.fabric.convergence;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.sync.SyncObserver;

/**
 * How long each change took to each node that it touches: from when policy had it until the node's data path runs by it.
 *
 * <pre>
 *  PolicySource ──revision, touched──▶ ┐
 *  SyncServer   ──sent, applied──────▶ ┴ per node: [7 8 11] ──applied 8──▶ Arrival of 7, Arrival of 8
 * </pre>
 *
 * Only of nodes that this manager sends policy to, and of changes that it has sent them: when they got another manager's, nobody knows
 * here. So nothing is remembered of nodes that have never connected, as Hyper-V hosts, which ask by themselves. Of a node that is away
 * the newest {@value #OPEN_MAX} changes are remembered, until it says which of them it has. Thread-safe.
 */
public final class Arrivals implements PolicySource.Listener, SyncObserver {

    static final int OPEN_MAX = 256;

    /**
     * A change has arrived.
     *
     * @param published when policy had it
     * @param sent when the node was sent it; before {@code published} if it got it before that was told here
     */
    public record Arrival(long revision, NodeId node, Instant published, Instant sent, Instant applied) {}

    private record Open(long revision, Instant published, Optional<Instant> sent) {}

    /** Of one node. */
    private static final class Changes {
        private final Deque<Open> open = new ArrayDeque<>();

        /** It has been sent all up to here, at {@link #sentAt}; what it held when it connected was sent at an unknown time. */
        private long sent;

        private Optional<Instant> sentAt = Optional.empty();

        /** It has all up to here. */
        private long applied;

        void published(long revision, Instant now) {
            // A node may have a change before policy's listeners hear of it.
            if (revision <= applied
                    || (!open.isEmpty() && revision <= open.getLast().revision())) {
                return;
            }
            open.addLast(new Open(revision, now, revision <= sent ? sentAt : Optional.empty()));
            if (open.size() > OPEN_MAX) {
                open.removeFirst();
            }
        }

        void held(long revision) {
            open.removeIf(change -> revision == 0 || change.revision() <= revision);
            sent = revision;
            sentAt = Optional.empty();
            applied = revision;
        }

        void sent(long revision, Instant now) {
            sent = revision;
            sentAt = Optional.of(now);
            upTo(revision).reversed().stream()
                    .map(change -> change.sent().isPresent()
                            ? change
                            : new Open(change.revision(), change.published(), sentAt))
                    .forEach(open::addFirst);
        }

        List<Open> applied(long revision) {
            applied = revision;
            return upTo(revision);
        }

        /** They are no longer here. */
        private List<Open> upTo(long revision) {
            List<Open> gone = new ArrayList<>();
            while (!open.isEmpty() && open.getFirst().revision() <= revision) {
                gone.add(open.removeFirst());
            }
            return gone;
        }
    }

    private final Clock clock;
    private final Consumer<Arrival> heard;
    private final Map<NodeId, Changes> nodes = new HashMap<>();

    /** @param heard must not block */
    public Arrivals(Clock clock, Consumer<Arrival> heard) {
        this.clock = clock;
        this.heard = heard;
    }

    @Override
    public synchronized void onRevision(long revision, Set<NodeId> touched) {
        Instant now = clock.instant();
        for (NodeId node : touched) {
            Changes changes = nodes.get(node);
            if (changes != null) {
                changes.published(revision, now);
            }
        }
    }

    /** Who comes with nothing may have had it all, from another manager: of what was published before, nothing is told. */
    @Override
    public synchronized void connected(NodeId node, long held) {
        nodes.computeIfAbsent(node, _ -> new Changes()).held(held);
    }

    @Override
    public synchronized void forgotten(NodeId node) {
        nodes.remove(node);
    }

    @Override
    public synchronized void sent(NodeId node, long revision) {
        Changes changes = nodes.get(node);
        if (changes != null) {
            changes.sent(revision, clock.instant());
        }
    }

    @Override
    public void applied(NodeId node, long revision) {
        arrived(node, revision).forEach(heard);
    }

    private synchronized List<Arrival> arrived(NodeId node, long revision) {
        Changes changes = nodes.get(node);
        if (changes == null) {
            return List.of();
        }
        Instant now = clock.instant();
        List<Arrival> arrived = new ArrayList<>();
        for (Open change : changes.applied(revision)) {
            change.sent()
                    .ifPresent(
                            sent -> arrived.add(new Arrival(change.revision(), node, change.published(), sent, now)));
        }
        return arrived;
    }
}
