package net.nvgate.gateway.acl;

import java.util.UUID;
import net.nvgate.fabric.model.AclDirection;

/** Says which counter of {@link AclHits} a rule has. */
@FunctionalInterface
public interface AclSlots {

    /** No rule has a counter. */
    AclSlots NONE = (_, _, _) -> 0;

    /** @param priority of the rule, 0 = the list's default action */
    int slot(UUID listId, AclDirection direction, int priority);
}
