package net.nvgate.fabric.manager;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;

/**
 * All objects of a fabric as of one revision.
 *
 * @param objects of each kind, by name
 */
public record FabricContent(long revision, Map<Kind, List<FabricObject>> objects) {

    static FabricContent of(FabricIndex index) {
        Map<Kind, List<FabricObject>> objects = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.ofFabric()) {
            objects.put(kind, List.copyOf(index.all(kind)));
        }
        return new FabricContent(index.revision(), objects);
    }

    /** Sorting is not done while others wait for the index. */
    FabricContent sorted() {
        objects.replaceAll(
                (_, list) -> list.stream().sorted(FabricManager.BY_NAME).toList());
        return this;
    }
}
