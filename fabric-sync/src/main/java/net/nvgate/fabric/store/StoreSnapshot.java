package net.nvgate.fabric.store;

import java.util.List;
import net.nvgate.fabric.model.FabricObject;

/** All objects as of one revision, in no particular order. */
public record StoreSnapshot(long revision, List<FabricObject> objects) {

    public StoreSnapshot {
        objects = List.copyOf(objects);
    }
}
