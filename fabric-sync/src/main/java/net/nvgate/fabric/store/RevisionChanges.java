package net.nvgate.fabric.store;

import java.time.Instant;
import java.util.List;

/** What one transaction changed. */
public record RevisionChanges(long revision, Instant at, List<ObjectChange> changes) {

    public RevisionChanges {
        changes = List.copyOf(changes);
    }
}
