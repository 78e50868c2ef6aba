package net.nvgate.fabric.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.CompactedException;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreSnapshot;

/**
 * The model as it was some revisions ago, and the revisions since, so that policy can be computed from there again and a
 * restarted manager knows what its followers missed.
 *
 * @param base revision of {@code objects}
 * @param objects the model at {@code base}
 * @param since every revision after it up to the head of the store
 */
record StoreRewind(long base, Collection<FabricObject> objects, List<RevisionChanges> since) {

    private static final int READ_REVISIONS_MAX = 512;

    /** Rewinds at most {@code revisionsMax} revisions, or as far as the log goes. */
    static StoreRewind of(FabricStore store, int revisionsMax) {
        StoreSnapshot snapshot = store.snapshot();
        long head = snapshot.revision();
        long base = Math.max(store.compacted(), Math.max(0, head - revisionsMax));
        List<RevisionChanges> log;
        try {
            log = read(store, Math.min(base, head), head);
        } catch (CompactedException e) {
            // Compacted between two reads; without history followers get a snapshot.
            return new StoreRewind(head, snapshot.objects(), List.of());
        }
        Map<UUID, FabricObject> objects = new HashMap<>();
        snapshot.objects().forEach(object -> objects.put(object.id(), object));
        for (RevisionChanges changes : log.reversed()) {
            changes.changes().stream().map(ObjectChange::inverse).forEach(change -> set(objects, change));
        }
        return new StoreRewind(head - log.size(), objects.values(), log);
    }

    static List<RevisionChanges> read(FabricStore store, long base, long head) {
        List<RevisionChanges> log = new ArrayList<>();
        while (base + log.size() < head) {
            long at = base + log.size();
            int limit = (int) Math.min(READ_REVISIONS_MAX, head - at);
            log.addAll(store.changes(at, limit));
        }
        return log;
    }

    private static void set(Map<UUID, FabricObject> objects, ObjectChange change) {
        change.after().ifPresentOrElse(object -> objects.put(object.id(), object), () -> objects.remove(change.id()));
    }
}
