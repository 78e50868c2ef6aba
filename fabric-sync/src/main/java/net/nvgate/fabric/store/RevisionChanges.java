package net.nvgate.fabric.store;

import java.time.Instant;
import java.util.List;

/**
 * What one transaction changed.
 *
 * @param at by the clock of the store that committed it
 */
public record RevisionChanges(long revision, Instant at, Origin origin, List<ObjectChange> changes) {

    public RevisionChanges {
        changes = List.copyOf(changes);
    }
}
