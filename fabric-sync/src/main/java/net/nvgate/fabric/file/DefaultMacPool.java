package net.nvgate.fabric.file;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.file.FileStep.Action;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacPool;

/**
 * The MAC pool that a fabric begins with, while it is the only one and nobody has touched it: a file with MAC pools puts its
 * own in its place. A file that names it takes it over like any other object.
 */
record DefaultMacPool(FabricFile file, Names names, References references) {

    /** Its deletion, if the file has other MAC pools. */
    Optional<FileStep> step() {
        List<FabricObject> pools = names.all(Kind.MAC_POOL);
        boolean others = file.entries().stream().anyMatch(entry -> entry.kind() == Kind.MAC_POOL);
        if (!others || pools.size() != 1 || !(pools.getFirst() instanceof MacPool pool) || isUsed(pool)) {
            return Optional.empty();
        }
        return Optional.of(new FileStep(
                Action.DELETE,
                pool.kind(),
                pool.name(),
                List.of(),
                "",
                "",
                List.of(new Operation.Delete(pool.kind(), pool.id(), Optional.of(pool.changedRevision())))));
    }

    private boolean isUsed(MacPool pool) {
        return !pool.comesWithFabric()
                || references.has(Kind.MAC_POOL, pool.name())
                || names.all(Kind.MAC_GRANT).stream()
                        .anyMatch(grant -> grant.references().contains(pool.id()))
                || file.entries().stream()
                        .anyMatch(entry -> entry.kind() == Kind.MAC_GRANT
                                && entry.fields().path("macPool").asString("").equals(pool.name()));
    }
}
