package net.nvgate.fabric.manager;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ProviderAddress;

/** Objects by id, as of one moment. */
interface ObjectLookup {

    Optional<FabricObject> find(UUID id);

    /** The PA of a VSID on a host; empty where hosts have one PA for all. */
    Optional<ProviderAddress> providerAddress(UUID hostId, UUID vmSubnetId);

    /** Ids of the objects that need this one. */
    Set<UUID> users(UUID id);

    /** The object of this id, if it is of this type. */
    default <T extends FabricObject> Optional<T> find(Class<T> type, UUID id) {
        return find(id).filter(type::isInstance).map(type::cast);
    }

    /** @throws FabricException NOT_FOUND */
    default <T extends FabricObject> T existing(Class<T> type, UUID id) {
        return find(type, id).orElseThrow(() -> FabricManager.notFound(Kind.of(type), id));
    }

    /** Objects of this type that need this one. */
    default <T extends FabricObject> Stream<T> users(Class<T> type, UUID id) {
        return users(id).stream().flatMap(user -> find(type, user).stream());
    }

    /** An object that must be there, because a stored object refers to it. */
    default <T extends FabricObject> T get(Class<T> type, UUID id) {
        return find(id).map(type::cast)
                .orElseThrow(() -> new IllegalStateException("no " + type.getSimpleName() + " with id " + id));
    }
}
