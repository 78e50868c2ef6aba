package net.nvgate.fabric.store;

import java.util.Set;
import java.util.UUID;

/**
 * What a stored object holds on to.
 *
 * @param uniqueKeys all it has
 * @param references ids of all objects it needs
 */
public record Links(Set<UniqueKey> uniqueKeys, Set<UUID> references) {

    public static final Links NONE = new Links(Set.of(), Set.of());

    public Links {
        uniqueKeys = Set.copyOf(uniqueKeys);
        references = Set.copyOf(references);
    }
}
