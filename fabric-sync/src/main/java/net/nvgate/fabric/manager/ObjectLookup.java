package net.nvgate.fabric.manager;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.ProviderAddress;

/** Objects by id, as of one moment. */
interface ObjectLookup {

    Optional<FabricObject> find(UUID id);

    /** The PA of a VSID on a host; empty where hosts have one PA for all. */
    Optional<ProviderAddress> providerAddress(UUID hostId, UUID vmSubnetId);

    /** An object that must be there, because a stored object refers to it. */
    default <T extends FabricObject> T get(Class<T> type, UUID id) {
        return find(id).map(type::cast)
                .orElseThrow(() -> new IllegalStateException("no " + type.getSimpleName() + " with id " + id));
    }
}
