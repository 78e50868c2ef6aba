package net.nvgate.fabric.store;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.Kind;

/**
 * What one transaction changed.
 *
 * @param at by the clock of the store that committed it
 */
public record RevisionChanges(long revision, Instant at, Origin origin, List<ObjectChange> changes) {

    public RevisionChanges {
        changes = List.copyOf(changes);
    }

    /** Without changes of objects of a kind. */
    public RevisionChanges without(Kind kind) {
        return changes.stream().noneMatch(change -> change.any().kind() == kind)
                ? this
                : new RevisionChanges(
                        revision,
                        at,
                        origin,
                        changes.stream()
                                .filter(change -> change.any().kind() != kind)
                                .toList());
    }

    /** With the changes of one object alone. */
    public RevisionChanges only(UUID id) {
        return new RevisionChanges(
                revision,
                at,
                origin,
                changes.stream().filter(change -> change.id().equals(id)).toList());
    }
}
