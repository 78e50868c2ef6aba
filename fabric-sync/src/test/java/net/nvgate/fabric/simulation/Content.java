package net.nvgate.fabric.simulation;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.RevisionChanges;

/** The objects of a fabric as of a revision, as the log tells them. */
final class Content {

    private final Map<UUID, FabricObject> objects = new HashMap<>();

    Content(Collection<FabricObject> objects) {
        objects.forEach(object -> this.objects.put(object.id(), object));
    }

    /** The objects after a revision. */
    Content after(RevisionChanges changes) {
        Content next = new Content(objects.values());
        changes.changes()
                .forEach(change -> change.after()
                        .ifPresentOrElse(
                                object -> next.objects.put(object.id(), object),
                                () -> next.objects.remove(change.id())));
        return next;
    }

    Map<UUID, FabricObject> objects() {
        return objects;
    }

    <T extends FabricObject> List<T> all(Class<T> type) {
        return objects.values().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    Optional<FabricObject> find(UUID id) {
        return Optional.ofNullable(objects.get(id));
    }

    /** @throws AssertionError if there is none: somebody refers to what is not there */
    <T extends FabricObject> T get(Class<T> type, UUID id) {
        FabricObject object = objects.get(id);
        if (!type.isInstance(object)) {
            throw new AssertionError("there is no " + type.getSimpleName() + " " + id + " but " + object);
        }
        return type.cast(object);
    }
}
