package net.nvgate.fabric.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.Companions;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.policy.PolicyDifference;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.CompactedException;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.LogBackwards;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;

/**
 * Dry runs with their effect on policy, the history of the fabric and of each object, and what takes a revision back.
 * History reaches back as far as the store's log. Thread-safe.
 *
 * <p>An object says which revision changed it last, and that revision's entry says the same of the object before: the
 * history of an object is read along this chain, whatever else has happened in between.
 */
public final class ChangeLog {

    private static final int ATTEMPTS_MAX = 50;

    private final FabricManager fabric;
    private final PolicyProjection policy;
    private final FabricStore store;

    /** @param store that both others follow */
    public ChangeLog(FabricManager fabric, PolicyProjection policy, FabricStore store) {
        this.fabric = fabric;
        this.policy = policy;
        this.store = store;
    }

    /**
     * What a request would do, if it was made through {@code actor} now.
     *
     * @throws FabricException if it would be refused, or BUSY if other managers change the fabric all the time
     */
    public DryRun dryRun(FabricManager actor, ChangeRequest request) {
        return dryRun(actor, List.of(request));
    }

    /**
     * What several requests would do, one transaction after the other.
     *
     * @throws FabricException if one would be refused, its place counted through all of them, or BUSY
     */
    public DryRun dryRun(FabricManager actor, List<ChangeRequest> requests) {
        for (int i = 0; i < ATTEMPTS_MAX; i++) {
            Optional<DryRun> tried = actor.dryRun(
                    requests,
                    change -> policy.preview(change.base(), change.changes())
                            .map(differences -> new DryRun(change, differences)));
            if (tried.isPresent()) {
                return tried.get();
            }
        }
        throw FabricException.busy("other managers changed the fabric all the time, try again");
    }

    /**
     * Revisions before {@code before}, the newest first; the last one known is the oldest of the log.
     *
     * @param summary what is kept of each: together they may have more changes than memory should hold
     */
    public <T> List<T> revisions(long before, int limit, Function<RevisionChanges, T> summary) {
        long to = Math.min(Math.max(before, 1) - 1, store.head());
        List<T> revisions = new ArrayList<>();
        try {
            LogBackwards log = new LogBackwards(store, Math.max(store.compacted(), to - limit), to);
            for (List<RevisionChanges> piece = log.next(); !piece.isEmpty(); piece = log.next()) {
                piece.reversed().stream().map(ChangeLog::shown).map(summary).forEach(revisions::add);
            }
        } catch (CompactedException e) {
            // Compacted meanwhile: it does not go back further.
            return revisions;
        }
        return revisions;
    }

    /**
     * The revisions after one, in order.
     *
     * @param limit revisions at most; fewer if they have many changes
     * @throws CompactedException if the log no longer reaches back so far
     */
    public List<RevisionChanges> since(long after, int limit) {
        return store.changes(after, limit).stream().map(ChangeLog::shown).toList();
    }

    /** Without the key of the request, which is no part of what it did. */
    private static RevisionChanges shown(RevisionChanges revision) {
        return revision.without(Kind.IDEMPOTENCY_KEY);
    }

    /** The newest revision, whether the fabric has seen it or not. */
    public long head() {
        return store.head();
    }

    /** @throws FabricException NOT_FOUND if it has not been, or the log does not reach back so far */
    public RevisionChanges revision(long revision) {
        try {
            if (revision >= 1 && revision <= store.head()) {
                return shown(store.changes(revision - 1, 1).getFirst());
            }
        } catch (CompactedException e) {
            throw FabricException.notFound(
                    "revision", "the log no longer has revision " + revision + ", it begins after " + e.compacted());
        }
        throw FabricException.notFound("revision", "there is no revision " + revision + " yet");
    }

    /**
     * What a revision did to the policy of the nodes.
     *
     * @return empty if it is longer ago than {@link PolicyProjection#REWIND_REVISIONS_MAX} revisions
     */
    public Optional<List<PolicyDifference>> policy(long revision) {
        revision(revision);
        return policy.difference(revision);
    }

    /**
     * The changes of an object, the newest first, as far as the log goes; also of one that was deleted. An object that
     * came back after its deletion begins anew.
     *
     * @param before only those of earlier revisions
     * @throws FabricException NOT_FOUND if there is nothing of this kind and id, now or in the log
     */
    public List<HistoryEntry> history(Kind kind, UUID id, long before, int limit) {
        List<HistoryEntry> entries = new ArrayList<>();
        Optional<HistoryEntry> entry = last(kind, id);
        while (entry.isPresent() && entries.size() < limit) {
            if (entry.get().revision() < before) {
                entries.add(entry.get());
            }
            entry = previous(entry.get());
        }
        return entries;
    }

    private Optional<HistoryEntry> previous(HistoryEntry entry) {
        return entry.change()
                .before()
                .map(FabricObject::changedRevision)
                .flatMap(revision -> entry(revision, entry.change().id()));
    }

    /** What is gone, as it was last; empty if it has not been deleted, or the log does not go back so far. */
    public Optional<FabricObject> deleted(UUID id) {
        return store.deletion(id)
                .flatMap(revision -> entry(revision, id))
                .map(HistoryEntry::change)
                .flatMap(ObjectChange::before);
    }

    /** Empty if the log no longer has it. */
    private Optional<HistoryEntry> last(Kind kind, UUID id) {
        Optional<FabricObject> present = fabric.find(kind, id);
        if (present.isPresent()) {
            return entry(present.get().changedRevision(), id);
        }
        return Optional.of(store.deletion(id)
                .flatMap(revision -> entry(revision, id))
                .filter(entry -> entry.change().any().kind() == kind)
                .orElseThrow(() -> FabricException.notFound(
                        kind.label(), "no " + kind.label() + " has the id " + id + ", now or in the log")));
    }

    /** Empty if the log no longer has it. */
    private Optional<HistoryEntry> entry(long revision, UUID id) {
        try {
            RevisionChanges only = store.change(revision, id)
                    .orElseThrow(() -> new IllegalStateException("revision " + revision + " did not change " + id));
            return Optional.of(HistoryEntry.of(only, only.changes().getFirst()));
        } catch (CompactedException e) {
            return Optional.empty();
        }
    }

    /**
     * A request that takes a revision back: what it made goes, what it deleted comes back as it was, and the fields that
     * it changed get the values they had. It is refused if later changes stand against that.
     */
    public ChangeRequest undo(long revision) {
        List<ObjectChange> inverse =
                revision(revision).changes().stream().map(ObjectChange::inverse).toList();
        boolean ofVms = inverse.stream().anyMatch(change -> change.any() instanceof Vm);
        List<Operation> operations = inverse.stream()
                // PAs of VSIDs go with the VMs, and come with them if another host has the old one meanwhile.
                .filter(change -> !(ofVms && isPa(change) && change.after().isEmpty()))
                .sorted(ChangeLog::order)
                .<Operation>map(change -> new Operation.Reset(
                        change, companions(change, inverse), Optional.empty(), ofVms && isPa(change)))
                .toList();
        return new ChangeRequest(operations, true);
    }

    private static boolean isPa(ObjectChange change) {
        return change.any() instanceof ProviderAddress;
    }

    /** What goes is first, users before what they use; then what comes back, in the order of kinds; then what changes. */
    private static int order(ObjectChange a, ObjectChange b) {
        int phases = Integer.compare(phase(a), phase(b));
        if (phases != 0) {
            return phases;
        }
        int kinds = a.any().kind().compareTo(b.any().kind());
        return a.after().isEmpty() ? -kinds : kinds;
    }

    private static int phase(ObjectChange change) {
        if (change.after().isEmpty()) {
            return 0;
        }
        return change.before().isEmpty() ? 1 : 2;
    }

    /** What comes back with an object, as it went with it. */
    private static List<FabricObject> companions(ObjectChange change, List<ObjectChange> all) {
        if (change.before().isPresent() || change.after().isEmpty()) {
            return List.of();
        }
        FabricObject owner = change.after().get();
        return all.stream()
                .filter(other -> other.before().isEmpty())
                .flatMap(other -> other.after().stream())
                .filter(companion -> Companions.belongs(companion, owner))
                .toList();
    }

    /**
     * A request that gives an object the fields it had as of a revision; one that was deleted comes back.
     *
     * @param ifRevision {@code changedRevision} that the object must have now, if the caller insists on one
     * @throws FabricException NOT_FOUND if the object is not in the log, INVALID if it did not exist then
     */
    public ChangeRequest revert(Kind kind, UUID id, long revision, Optional<Long> ifRevision) {
        Optional<HistoryEntry> last = last(kind, id);
        FabricObject wanted = asOf(fabric.find(kind, id), last, revision)
                .orElseThrow(() -> FabricException.invalid(
                        kind.label(),
                        "revision",
                        "the log has no " + kind.label() + " with the id " + id + " as of revision " + revision));
        Optional<FabricObject> present = fabric.find(kind, id);
        List<FabricObject> companions = present.isPresent()
                ? List.of()
                : companions(
                        new ObjectChange(Optional.empty(), Optional.of(wanted)),
                        revision(last.orElseThrow().revision()).changes().stream()
                                .map(ObjectChange::inverse)
                                .toList());
        ObjectChange change = new ObjectChange(present, Optional.of(wanted));
        return ChangeRequest.of(new Operation.Reset(change, companions, ifRevision, false));
    }

    private Optional<FabricObject> asOf(Optional<FabricObject> present, Optional<HistoryEntry> last, long revision) {
        Optional<FabricObject> state = present;
        Optional<HistoryEntry> entry = last;
        while (entry.isPresent() && entry.get().revision() > revision) {
            state = entry.get().change().before();
            entry = previous(entry.get());
        }
        return state.filter(object -> object.changedRevision() <= revision);
    }
}
