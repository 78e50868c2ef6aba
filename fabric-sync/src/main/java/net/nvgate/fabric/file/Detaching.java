package net.nvgate.fabric.file;

import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ModelException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Objects without what they say of another one. */
final class Detaching {

    private Detaching() {}

    /** Whether an object names another one, and does not only need it by an address. */
    static boolean names(FabricObject object, UUID other) {
        return FabricJson.write(object).contains(other.toString());
    }

    /** The object without the other one in its settings; empty if it cannot do without it. */
    static Optional<FabricObject> from(FabricObject object, UUID other) {
        Kind kind = object.kind();
        ObjectNode tree = FabricJson.mapper().valueToTree(object);
        Stream.of(kind.type().getRecordComponents())
                .filter(component -> Patch.isMutable(kind, component.getName()))
                .forEach(component -> detach(tree, component, other.toString()));
        if (kind == Kind.UPLINK_PORT_PROFILE && tree.get("networkSiteIds").isEmpty()) {
            tree.put("networkVirtualization", false); // needs a site
        }
        try {
            return tree.toString().contains(other.toString())
                    ? Optional.empty()
                    : Optional.of(FabricJson.read(tree.toString(), kind.type()));
        } catch (ModelException e) {
            return Optional.empty();
        }
    }

    private static void detach(ObjectNode tree, RecordComponent component, String other) {
        JsonNode value = tree.get(component.getName());
        if (value instanceof ArrayNode list) {
            ArrayNode kept = FabricJson.mapper().createArrayNode();
            list.forEach(item -> {
                if (!item.toString().contains(other)) {
                    kept.add(item);
                }
            });
            tree.set(component.getName(), kept);
        } else if (value != null
                && value.isString()
                && value.asString().equals(other)
                && component.getType() == Optional.class) {
            tree.remove(component.getName());
        }
    }
}
