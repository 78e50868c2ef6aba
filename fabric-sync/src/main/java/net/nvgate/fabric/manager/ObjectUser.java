package net.nvgate.fabric.manager;

import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;

/**
 * An object that needs another one.
 *
 * @param kind segment of the API path, e.g. {@code vm-subnets}
 */
public record ObjectUser(String kind, UUID id, String name) {

    public static ObjectUser of(FabricObject object) {
        return new ObjectUser(object.kind().path(), object.id(), object.name());
    }
}
