package net.nvgate.fabric.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;

/** Values that one object at most may have. */
final class Claims {

    private record Claim(String scope, Object value) {}

    private final Map<Claim, UUID> owners = new HashMap<>();

    /** @throws AssertionError if the value is taken */
    void claim(String scope, Object value, FabricObject owner) {
        UUID other = owners.put(new Claim(scope, value), owner.id());
        if (other != null) {
            throw new AssertionError(scope + " " + value + " is twice: " + owner + " and " + other);
        }
    }
}
