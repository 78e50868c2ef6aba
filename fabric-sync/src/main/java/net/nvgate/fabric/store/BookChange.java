package net.nvgate.fabric.store;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;

/**
 * What a change of an {@link ObjectBook} came to.
 *
 * @param result as the planner gave it
 * @param revision that the change made; of a dry run, or without a change, the one it was planned on
 * @param changes objects as they were and as they are stored now
 */
public record BookChange<R>(R result, long revision, List<ObjectChange> changes) {

    public BookChange {
        changes = List.copyOf(changes);
    }

    /** The object as the change left it, with its revision; as it was given if the change left it alone. */
    public <T extends FabricObject> T stored(T given) {
        @SuppressWarnings("unchecked")
        T found = (T) after(given.id()).orElse(given);
        return found;
    }

    private Optional<FabricObject> after(UUID id) {
        return changes.stream()
                .filter(change -> change.id().equals(id))
                .flatMap(change -> change.after().stream())
                .findFirst();
    }
}
