package net.nvgate.fabric.policy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import net.nvgate.fabric.store.CompactedException;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreFollower;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Policy of every gateway and host, kept in step with the store by one watch. Listeners are called from the thread of
 * that watch. Keeps the changes of the last revisions, and takes them from the store's log when it starts, so that
 * followers catch up by deltas after a restart of the manager.
 */
public final class PolicyProjection implements PolicySource, AutoCloseable {

    public static final int HISTORY_REVISIONS_DEFAULT = 10_000;

    /** Of how long ago {@link #difference} answers. */
    public static final int REWIND_REVISIONS_MAX = 1_000;

    static final int REWIND_CHANGES_MAX = 5_000;

    private static final Duration CATCH_UP_MAX = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(PolicyProjection.class);

    private final FabricStore store;
    private final int historyRevisions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Timer updates;
    private final StoreFollower follower;
    private ProjectionState state;
    private PolicyHistory history;

    /**
     * @param store outlives the projection; closed by its owner
     * @param historyRevisions revisions whose changes are kept
     */
    public PolicyProjection(FabricStore store, int historyRevisions, MeterRegistry metrics) {
        this.store = store;
        this.historyRevisions = historyRevisions;
        updates = Timer.builder("nvgate.policy.update")
                .description("Time to project one revision of the model to policy")
                .register(metrics);
        state = new ProjectionState(0, List.of());
        history = new PolicyHistory(0, historyRevisions);
        follower = new StoreFollower(store, "policy", new Feed());
        Gauge.builder("nvgate.policy.revision", this, PolicyProjection::revision)
                .strongReference(true)
                .description("Revision up to which policy has been computed")
                .register(metrics);
        Gauge.builder("nvgate.policy.history.revisions", this, p -> p.locked(() -> p.history.revisions()))
                .strongReference(true)
                .description("Revisions that followers can catch up from by deltas")
                .register(metrics);
    }

    private final class Feed implements StoreFollower.Reader {
        @Override
        public void onRevision(RevisionChanges changes) {
            // A state that was computed afresh is ahead of the watch; whom its revisions touch is not known.
            if (changes.revision() <= revision()) {
                announce(changes.revision(), nodes());
                return;
            }
            long start = System.nanoTime();
            Set<NodeId> touched = locked(() -> project(changes));
            updates.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            announce(changes.revision(), touched);
        }

        /** Every node is touched, because what it has missed is not known here. */
        @Override
        public long restart() {
            Begun begun = begun();
            long revision = locked(() -> take(begun));
            LOG.info("policy at revision {}, history since {}", revision, begun.base());
            announce(revision, locked(() -> state.nodes()));
            return revision;
        }
    }

    /** Policy as computed from the store alone. */
    private record Begun(long base, ProjectionState state, PolicyHistory history) {}

    private Begun begun() {
        try {
            return begun(StoreRewind.of(store, historyRevisions));
        } catch (CompactedException e) {
            LOG.warn("the log was compacted while it was read, followers get snapshots: {}", e.getMessage());
            return begun(StoreRewind.none(store));
        }
    }

    private Begun begun(StoreRewind rewind) {
        ProjectionState begun = new ProjectionState(rewind.base(), rewind.objects());
        PolicyHistory since = new PolicyHistory(rewind.base(), historyRevisions);
        rewind.replay(
                store,
                changes -> since.add(changes.revision(), begun.apply(changes).slices()));
        return new Begun(rewind.base(), begun, since);
    }

    /** One that was computed meanwhile, after a trial had failed, may be ahead. */
    private long take(Begun begun) {
        if (begun.state().revision() >= state.revision()) {
            state = begun.state();
            history = begun.history();
        }
        moved.signalAll();
        return state.revision();
    }

    /** Returns the nodes with changes. */
    private Set<NodeId> project(RevisionChanges changes) {
        ProjectionState.Update update = state.apply(changes);
        history.add(changes.revision(), update.slices());
        moved.signalAll();
        Set<NodeId> touched = new HashSet<>(update.renamed());
        for (Slice slice : update.slices()) {
            for (UUID id : slice.audience()) {
                state.name(id).ifPresent(touched::add);
            }
        }
        return touched;
    }

    private void announce(long revision, Set<NodeId> touched) {
        for (Listener listener : listeners) {
            try {
                listener.onRevision(revision, touched);
            } catch (RuntimeException e) {
                LOG.error("a listener failed at revision {}: {}", revision, e.toString(), e);
            }
        }
    }

    private <R> R locked(Supplier<R> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long revision() {
        return locked(() -> state.revision());
    }

    @Override
    public boolean isCommitted(long revision) {
        return revision <= revision() || store.isCommitted(revision);
    }

    /** Why the store cannot be followed at present. */
    public Optional<String> trouble() {
        return follower.trouble();
    }

    @Override
    public boolean knows(NodeId node) {
        return locked(() -> state.id(node).isPresent());
    }

    /** Every gateway and host of the fabric. */
    public Set<NodeId> nodes() {
        return locked(() -> state.nodes());
    }

    @Override
    public PolicySnapshot snapshot(NodeId node) {
        return locked(() -> new PolicySnapshot(
                state.revision(), state.id(node).map(state::policy).orElse(List.of())));
    }

    @Override
    public Optional<Catchup> since(NodeId node, long revision) {
        return locked(() -> {
            Optional<UUID> id = state.id(node);
            long namedSince = state.since(node).orElse(Long.MAX_VALUE);
            if (id.isEmpty() || revision > state.revision() || revision < namedSince) {
                return Optional.empty();
            }
            return history.since(id.get(), revision).map(changes -> new Catchup(state.revision(), changes));
        });
    }

    /**
     * What changes that are planned on a revision of the model would do to the policy of every node.
     *
     * @return empty if policy is past that revision: the plan is out of date
     * @throws StoreException if policy does not reach that revision in time, or the thread is interrupted
     */
    public Optional<List<PolicyDifference>> preview(long base, List<ObjectChange> changes) {
        return locked(() -> {
            awaitRevision(base);
            return state.revision() > base ? Optional.empty() : Optional.of(tried(() -> state.preview(changes)));
        });
    }

    /**
     * What a revision did to the policy of every node. The later revisions are taken back for a moment, so only one of
     * the last {@value #REWIND_REVISIONS_MAX} is answered, and those after it may have changed at most {@value
     * #REWIND_CHANGES_MAX} objects: meanwhile nobody gets policy.
     *
     * @return empty if it is too long ago
     */
    public Optional<List<PolicyDifference>> difference(long revision) {
        List<RevisionChanges> log = new ArrayList<>();
        long at = revision - 1;
        while (true) {
            long head = Math.max(revision, revision());
            if (head - revision >= REWIND_REVISIONS_MAX) {
                return Optional.empty();
            }
            while (at < head) {
                log.addAll(store.changes(at, (int) (head - at)));
                at = log.getLast().revision();
                if (later(log) > REWIND_CHANGES_MAX) {
                    return Optional.empty();
                }
            }
            Optional<List<PolicyDifference>> difference = locked(() -> {
                awaitRevision(head);
                return state.revision() > head ? Optional.empty() : Optional.of(tried(() -> state.difference(log)));
            });
            if (difference.isPresent()) {
                return difference;
            }
        }
    }

    private static long later(List<RevisionChanges> log) {
        return log.stream()
                .skip(1)
                .mapToLong(changes -> changes.changes().size())
                .sum();
    }

    private void awaitRevision(long revision) {
        long nanos = CATCH_UP_MAX.toNanos();
        try {
            while (state.revision() < revision) {
                if (nanos <= 0) {
                    throw new StoreException("policy does not reach revision " + revision, null);
                }
                nanos = moved.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while waiting for policy of revision " + revision, e);
        }
    }

    /** A trial that breaks off may leave the state half changed: then policy is computed afresh. */
    private <R> R tried(Supplier<R> trial) {
        try {
            return trial.get();
        } catch (RuntimeException e) {
            LOG.error("policy is computed afresh after a trial failed: {}", e.toString(), e);
            take(begun());
            throw e;
        }
    }

    @Override
    public Subscription subscribe(Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        follower.close();
    }
}
