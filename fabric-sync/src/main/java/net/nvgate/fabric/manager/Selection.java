package net.nvgate.fabric.manager;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import net.nvgate.fabric.model.FabricObject;

/**
 * Which objects of a list are wanted, and in what order. What one comes to is kept for who asks the same again.
 *
 * @param key equal keys mean the same selection
 * @param wanted decides by the object alone
 * @param order absent = by name; objects that are equal in it stay ordered by name
 */
public record Selection(Object key, Predicate<FabricObject> wanted, Optional<Comparator<FabricObject>> order) {

    /**
     * The first objects that are wanted, in order.
     *
     * @param total how many are wanted
     */
    public record Found(List<FabricObject> objects, int total) {}
}
