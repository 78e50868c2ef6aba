package net.nvgate.fabric.change;

import java.time.Instant;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.RevisionChanges;

/** One change in the life of an object. */
public record HistoryEntry(long revision, Instant at, Origin origin, ObjectChange change) {

    static HistoryEntry of(RevisionChanges revision, ObjectChange change) {
        return new HistoryEntry(revision.revision(), revision.at(), revision.origin(), change);
    }
}
