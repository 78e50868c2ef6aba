package net.nvgate.fabric.change;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.ChangeRequest;
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
    private static final int SEARCH_REVISIONS = 512;

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

    /** Revisions before {@code before}, the newest first; the last one known is the oldest of the log. */
    public List<RevisionChanges> revisions(long before, int limit) {
        long to = Math.min(Math.max(before, 1) - 1, store.head());
        long compacted = store.compacted();
        long from = Math.max(compacted, to - limit);
        return from >= to ? List.of() : store.changes(from, (int) (to - from)).reversed();
    }

    /** @throws FabricException NOT_FOUND if it has not been, or the log does not reach back so far */
    public RevisionChanges revision(long revision) {
        try {
            if (revision >= 1 && revision <= store.head()) {
                return store.changes(revision - 1, 1).getFirst();
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
        long compacted = store.compacted();
        return entry.change()
                .before()
                .map(FabricObject::changedRevision)
                .filter(revision -> revision > compacted)
                .map(revision -> entry(revision, entry.change().id()));
    }

    /** Empty if the log no longer has it. */
    private Optional<HistoryEntry> last(Kind kind, UUID id) {
        Optional<FabricObject> present = fabric.find(kind, id);
        if (present.isPresent()) {
            long revision = present.get().changedRevision();
            return revision > store.compacted() ? Optional.of(entry(revision, id)) : Optional.empty();
        }
        return Optional.of(deletion(id, store.head())
                .map(revision -> entry(revision, id))
                .filter(entry -> entry.change().any().kind() == kind)
                .orElseThrow(() -> FabricException.notFound(
                        kind.label(), "no " + kind.label() + " has the id " + id + ", now or in the log")));
    }

    private HistoryEntry entry(long revision, UUID id) {
        RevisionChanges changes = store.changes(revision - 1, 1).getFirst();
        return changes.changes().stream()
                .filter(change -> change.id().equals(id))
                .findFirst()
                .map(change -> HistoryEntry.of(changes, change))
                .orElseThrow(() -> new IllegalStateException("revision " + revision + " did not change " + id));
    }

    /** The last revision up to {@code to} that deleted an object. Reads the log backwards. */
    private Optional<Long> deletion(UUID id, long to) {
        long compacted = store.compacted();
        for (long end = to; end > compacted; end -= SEARCH_REVISIONS) {
            long start = Math.max(compacted, end - SEARCH_REVISIONS);
            Optional<Long> found = store.changes(start, (int) (end - start)).stream()
                    .filter(revision -> revision.changes().stream()
                            .anyMatch(change ->
                                    change.id().equals(id) && change.after().isEmpty()))
                    .map(RevisionChanges::revision)
                    .max(Comparator.naturalOrder());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
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

    /** What comes back with an object, because each needs the other: the pools of a VM subnet. */
    private static List<FabricObject> companions(ObjectChange change, List<ObjectChange> all) {
        if (change.before().isPresent() || change.after().isEmpty()) {
            return List.of();
        }
        FabricObject object = change.after().get();
        return all.stream()
                .filter(other -> other.before().isEmpty())
                .flatMap(other -> other.after().stream())
                .filter(other -> other.references().contains(object.id())
                        && object.references().contains(other.id()))
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
