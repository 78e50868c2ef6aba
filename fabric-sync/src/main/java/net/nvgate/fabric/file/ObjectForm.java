package net.nvgate.fabric.file;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.ModelException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Objects as fabric files have them: what can be asked for, names for ids, and no more than is needed. */
final class ObjectForm {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Defaults that the manager gives, and not the object itself. */
    private static final Map<Kind, Map<String, JsonNode>> DEFAULTS = Map.of(
            Kind.NAT_CONNECTION,
            Map.of("portMin", NODES.numberNode(1024), "portMax", NODES.numberNode(65_535)),
            Kind.NAT_RULE,
            Map.of("portCount", NODES.numberNode(1)));

    /** What is worked out once, when it is left out, and then stays. */
    private static final Map<Kind, Set<String>> KEPT =
            Map.of(Kind.VM_NETWORK_PEERING, Set.of("prefixes", "peerPrefixes"));

    /** What a gateway has from the VM subnet that it shares. */
    private static final Set<String> OF_VM_SUBNET = Set.of("routingSubnet", "routingSubnet6", "vsid", "routerMac");

    /** What a gateway has from its own routing subnet. */
    private static final Set<String> OF_ROUTING_SUBNET = Set.of("address", "address6");

    private final Names names;

    ObjectForm(Names names) {
        this.names = names;
    }

    /** As it stands in a file. */
    ObjectNode of(FabricObject object) {
        Fields fields = Fields.of(object.kind());
        ObjectNode tree = FabricJson.mapper().valueToTree(object);
        Defaults defaults = Defaults.of(object);
        ObjectNode plain = FabricJson.mapper().valueToTree(defaults.object());
        ObjectNode form = NODES.objectNode();
        form.put("name", object.name());
        fields.byName().forEach((name, field) -> {
            JsonNode value = tree.get(field.json());
            boolean left = defaults.fields().contains(field.json())
                    ? value != null && value.equals(plain.get(field.json()))
                    : field.optional() && value != null && isEmpty(value);
            if (value != null && !left) {
                form.set(name, shown(value, field));
            }
        });
        if (object.kind() == Kind.VM_NETWORK_GATEWAY) {
            form.remove(form.has("vmSubnet") ? OF_VM_SUBNET : OF_ROUTING_SUBNET);
        }
        if (names.isSameName(object)) {
            form.remove("rdid"); // of no use without isolation
        }
        if (form.get("labels") instanceof ObjectNode labels) {
            labels.remove(FabricFile.LABEL);
            if (labels.isEmpty()) {
                form.remove("labels");
            }
        }
        return form;
    }

    private static boolean isKept(Kind kind, Fields.Field field) {
        return !field.optional() || KEPT.getOrDefault(kind, Set.of()).contains(field.json());
    }

    private static boolean isEmpty(JsonNode value) {
        return (value.isContainer() && value.isEmpty())
                || (value.isString() && value.asString().isEmpty());
    }

    /** A value of the API as in a file. */
    private JsonNode shown(JsonNode value, Fields.Field field) {
        if (value instanceof ArrayNode list) {
            ArrayNode shown = NODES.arrayNode();
            list.forEach(item -> shown.add(shown(item, field)));
            return shown;
        }
        if (value instanceof ObjectNode object && field.inner().isPresent()) {
            ObjectNode shown = NODES.objectNode();
            field.inner().get().byName().forEach((name, inner) -> {
                JsonNode item = object.get(inner.json());
                if (item != null && !isEmpty(item)) {
                    shown.set(name, shown(item, inner));
                }
            });
            return shown;
        }
        return field.refers().isPresent()
                ? NODES.stringNode(names.key(UUID.fromString(value.asString())).orElse(value.asString()))
                : value;
    }

    /**
     * An object with its settings gone.
     *
     * @param object the same with the defaults of all settings that can be changed, except those that must be given or have
     *     no default of their own
     * @param fields that have their default in it
     */
    record Defaults(FabricObject object, Set<String> fields) {

        static Defaults of(FabricObject object) {
            Kind kind = object.kind();
            ObjectNode tree = FabricJson.mapper().valueToTree(object);
            Set<String> fields = new HashSet<>();
            for (Fields.Field field : Fields.of(kind).byName().values()) {
                if (tree.has(field.json()) && Patch.isMutable(kind, field.json()) && !isKept(kind, field)) {
                    fields.add(field.json());
                }
            }
            ObjectNode plain = tree.deepCopy();
            fields.forEach(field -> setDefault(kind, plain, field));
            if (!isWhole(kind, plain)) {
                fields.removeIf(field -> {
                    ObjectNode without = tree.deepCopy();
                    setDefault(kind, without, field);
                    return !isWhole(kind, without);
                });
                plain.setAll(tree);
                fields.forEach(field -> setDefault(kind, plain, field));
            }
            return new Defaults(FabricJson.read(plain.toString(), kind.type()), fields);
        }

        private static boolean isWhole(Kind kind, ObjectNode tree) {
            try {
                FabricJson.read(tree.toString(), kind.type());
                return true;
            } catch (ModelException e) {
                return false;
            }
        }
    }

    private static void setDefault(Kind kind, ObjectNode tree, String field) {
        JsonNode known = DEFAULTS.getOrDefault(kind, Map.of()).get(field);
        if (known != null) {
            tree.set(field, known);
        } else if (tree.get(field).isBoolean()) {
            tree.put(field, false);
        } else {
            tree.remove(field);
        }
    }
}
