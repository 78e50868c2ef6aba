package net.nvgate.fabric.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;

/**
 * Operations that were planned on the index.
 *
 * @param base revision of the index
 * @param results one for each operation
 * @param touched ids of the results that the operations themselves made or changed
 * @param changes every object before and after, without the stamps of the store
 * @param transaction empty if nothing needs to change
 */
record Planned(
        long base,
        List<FabricObject> results,
        Set<UUID> touched,
        Collection<ObjectChange> changes,
        Optional<Transaction> transaction) {

    /** One operation. */
    static Planned of(Draft draft, FabricObject result) {
        Set<UUID> touched = draft.puts(result.id()) ? Set.of(result.id()) : Set.of();
        Optional<Transaction> transaction = draft.isEmpty() ? Optional.empty() : Optional.of(draft.build());
        return new Planned(draft.index().revision(), List.of(result), touched, draft.unchecked(), transaction);
    }

    /** The transaction, with more besides. */
    Transaction transactionWith(List<Transaction.Change> besides) {
        Transaction own = transaction.orElseThrow();
        if (besides.isEmpty()) {
            return own;
        }
        List<Transaction.Change> all = new ArrayList<>(own.changes());
        all.addAll(besides);
        return new Transaction(own.basedOn(), all, own.guards(), own.origin());
    }

    /** As it is, or will be, stamped by the store. */
    FabricChange at(long revision, boolean committed, Origin origin) {
        return new FabricChange(
                base,
                revision,
                committed,
                origin,
                results.stream()
                        .map(object -> touched.contains(object.id()) ? stamped(object, revision, origin) : object)
                        .toList(),
                changes.stream()
                        .map(change -> new ObjectChange(
                                change.before(), change.after().map(object -> stamped(object, revision, origin))))
                        .toList());
    }

    private static FabricObject stamped(FabricObject object, long revision, Origin origin) {
        Meta before = object.createdRevision() == 0 ? null : object.meta();
        return object.withMeta(object.meta().stamped(before, revision, origin.actor()));
    }
}
