package net.nvgate.fabric.policy;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.CompactedException;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.LogBackwards;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreSnapshot;

/**
 * The model as it was some revisions ago, so that policy can be computed from there again and a restarted manager knows
 * what its followers missed. The log in between is read twice, a piece at a time: backwards to get there, forwards by
 * {@link #replay}.
 *
 * @param base revision of {@code objects}
 * @param objects the model at {@code base}
 * @param head of the store when it was read
 */
record StoreRewind(long base, Collection<FabricObject> objects, long head) {

    /** A restart goes back no further once it has gone through this number of changes. */
    static final int CHANGES_MAX = 100_000;

    private static final int READ_REVISIONS_MAX = 256;

    /** Rewinds at most {@code revisionsMax} revisions and {@value #CHANGES_MAX} changes, or as far as the log goes. */
    static StoreRewind of(FabricStore store, int revisionsMax) {
        return of(store, revisionsMax, CHANGES_MAX);
    }

    static StoreRewind of(FabricStore store, int revisionsMax, int changesMax) {
        StoreSnapshot snapshot = store.snapshot();
        long head = snapshot.revision();
        Map<UUID, FabricObject> objects = new HashMap<>();
        snapshot.objects().forEach(object -> objects.put(object.id(), object));
        long base = head;
        try {
            LogBackwards log = new LogBackwards(store, Math.max(store.compacted(), head - revisionsMax), head);
            int left = changesMax;
            for (List<RevisionChanges> piece = log.next(); !piece.isEmpty() && left > 0; piece = log.next()) {
                for (RevisionChanges changes : piece.reversed()) {
                    left -= changes.changes().size();
                    if (left < 0) {
                        break;
                    }
                    changes.changes().stream().map(ObjectChange::inverse).forEach(change -> set(objects, change));
                    base = changes.revision() - 1;
                }
            }
        } catch (CompactedException e) {
            // Compacted meanwhile: it does not go back further.
            return new StoreRewind(base, objects.values(), head);
        }
        return new StoreRewind(base, objects.values(), head);
    }

    /** The present, without a history: followers get a snapshot. */
    static StoreRewind none(FabricStore store) {
        StoreSnapshot snapshot = store.snapshot();
        return new StoreRewind(snapshot.revision(), snapshot.objects(), snapshot.revision());
    }

    /**
     * Hands over each revision after {@code base} up to the head.
     *
     * @throws CompactedException if the log no longer has them all
     */
    void replay(FabricStore store, Consumer<RevisionChanges> to) {
        long at = base;
        while (at < head) {
            List<RevisionChanges> piece = store.changes(at, (int) Math.min(READ_REVISIONS_MAX, head - at));
            piece.forEach(to);
            at = piece.getLast().revision();
        }
    }

    private static void set(Map<UUID, FabricObject> objects, ObjectChange change) {
        change.after().ifPresentOrElse(object -> objects.put(object.id(), object), () -> objects.remove(change.id()));
    }
}
