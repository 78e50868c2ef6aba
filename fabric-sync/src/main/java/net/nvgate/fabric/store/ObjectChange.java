package net.nvgate.fabric.store;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;

/**
 * One object before and after a transaction.
 *
 * @param before empty if the transaction created it
 * @param after empty if the transaction deleted it
 */
public record ObjectChange(Optional<FabricObject> before, Optional<FabricObject> after) {

    public ObjectChange {
        if (before.isEmpty() && after.isEmpty()) {
            throw new IllegalArgumentException("a change needs an object before or after it");
        }
    }

    public UUID id() {
        return any().id();
    }

    /** The object after the change, or before it if it was deleted. */
    public FabricObject any() {
        return after.or(() -> before).orElseThrow();
    }

    /** What undoes the change. */
    public ObjectChange inverse() {
        return new ObjectChange(after, before);
    }
}
