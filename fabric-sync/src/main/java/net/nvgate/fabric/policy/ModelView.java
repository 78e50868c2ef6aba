package net.nvgate.fabric.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.Vm;

/** The objects that others are projected by. VMs and NAT rules, the many, are not among them. */
final class ModelView {

    private final Map<UUID, FabricObject> objects = new HashMap<>();

    void put(FabricObject object) {
        if (!(object instanceof Vm) && !(object instanceof NatRule)) {
            objects.put(object.id(), object);
        }
    }

    void remove(UUID id) {
        objects.remove(id);
    }

    /** The store keeps an object as long as another one refers to it. */
    <T extends FabricObject> T get(Class<T> type, UUID id) {
        FabricObject object = objects.get(id);
        if (object == null) {
            throw new IllegalStateException("the model has no " + type.getSimpleName() + " with id " + id);
        }
        return type.cast(object);
    }
}
