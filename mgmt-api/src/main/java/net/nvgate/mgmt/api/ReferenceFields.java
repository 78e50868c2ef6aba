package net.nvgate.mgmt.api;

import java.util.Set;
import net.nvgate.fabric.model.Kind;

/** Fields that name other objects by id, all of which the fabric has an index of. */
final class ReferenceFields {

    /** The objects that a field of this name belongs to are no users of what it names: it is its own, or theirs. */
    private static final Set<String> OWN = Set.of("id", "nics.id", "rdid");

    private ReferenceFields() {}

    /** @param path as in filters, {@code nics.vmSubnetId} */
    static boolean has(Kind kind, String path) {
        boolean ownPool = kind == Kind.VM_SUBNET && path.startsWith("ipPool");
        return (path.endsWith("Id") || path.endsWith("Ids") || path.equals("grantedTo"))
                && !OWN.contains(path)
                && !ownPool;
    }
}
