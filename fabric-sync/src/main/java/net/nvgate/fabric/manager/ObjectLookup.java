package net.nvgate.fabric.manager;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;

/** Objects by id, as of one moment. */
interface ObjectLookup {

    Optional<FabricObject> find(UUID id);

    /** An object that must be there, because a stored object refers to it. */
    default <T extends FabricObject> T get(Class<T> type, UUID id) {
        return find(id).map(type::cast)
                .orElseThrow(() -> new IllegalStateException("no " + type.getSimpleName() + " with id " + id));
    }
}
