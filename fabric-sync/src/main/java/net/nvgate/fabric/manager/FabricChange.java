package net.nvgate.fabric.manager;

import java.util.List;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;

/**
 * What one transaction did, or would do.
 *
 * @param base revision of the fabric that it was planned on
 * @param revision of the transaction; of a dry run, the one it would become if nothing else changed before; the present
 *     one if nothing has to change
 * @param committed false if it was a dry run, or if nothing had to change
 * @param results one for each operation: the object as the operation left it, or as it was when it was deleted
 * @param changes every object that is different afterwards, once, in the order in which it was first touched
 */
public record FabricChange(
        long base,
        long revision,
        boolean committed,
        Origin origin,
        List<FabricObject> results,
        List<ObjectChange> changes) {

    public FabricChange {
        results = List.copyOf(results);
        changes = List.copyOf(changes);
    }
}
