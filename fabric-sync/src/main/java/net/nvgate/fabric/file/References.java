package net.nvgate.fabric.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import net.nvgate.fabric.file.FabricFile.Entry;
import net.nvgate.fabric.manager.Companions;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.VmSubnet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Puts ids in place of the names in a file: of objects of the file first, else of the fabric. */
final class References {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final FabricFile file;
    private final Names names;
    private final Function<Entry, UUID> idOf;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, List<Entry>> subnets = new HashMap<>();

    /** @param idOf id that an object of the file has, or will have; called when an object names it */
    References(FabricFile file, Names names, Function<Entry, UUID> idOf) {
        this.file = file;
        this.names = names;
        this.idOf = idOf;
        for (Entry entry : file.entries()) {
            entries.put(entry.kind() + "/" + entry.key(), entry);
            if (entry.kind() == Kind.VM_SUBNET) {
                subnets.computeIfAbsent(entry.fields().get("name").asString(), _ -> new ArrayList<>())
                        .add(entry);
            }
        }
    }

    boolean has(Kind kind, String key) {
        return entries.containsKey(kind + "/" + key);
    }

    /** The fields of an entry as the API takes them; what is null is left out. */
    ObjectNode resolved(Entry entry) {
        return mapping(entry, entry.fields(), Fields.of(entry.kind()), "");
    }

    private ObjectNode mapping(Entry entry, ObjectNode fields, Fields known, String path) {
        ObjectNode resolved = NODES.objectNode();
        fields.propertyStream()
                .filter(property -> !property.getValue().isNull())
                .forEach(property -> {
                    String name = property.getKey();
                    Fields.Field field = known.byName().get(name);
                    if (field != null) {
                        String at = path.isEmpty() ? name : path + "." + name;
                        resolved.set(field.json(), value(entry, property.getValue(), field, at));
                    }
                });
        return resolved;
    }

    private JsonNode value(Entry entry, JsonNode value, Fields.Field field, String path) {
        if (value instanceof ArrayNode list) {
            ArrayNode resolved = NODES.arrayNode();
            for (int i = 0; i < list.size(); i++) {
                resolved.add(value(entry, list.get(i), field, path + "[" + i + "]"));
            }
            return resolved;
        }
        if (value instanceof ObjectNode object && field.inner().isPresent()) {
            return mapping(entry, object, field.inner().get(), path);
        }
        if (field.refers().isPresent() && value.isContainer()) {
            throw file.error(
                    entry,
                    path,
                    entry.describe() + ": " + path + " must be a name, of one of the "
                            + field.refers().get().path());
        }
        return field.refers().isPresent()
                ? NODES.stringNode(
                        id(entry, field.refers().get(), value.asString(), path).toString())
                : value;
    }

    private UUID id(Entry from, Kind kind, String name, String path) {
        Entry exact = entries.get(kind + "/" + name);
        if (exact != null) {
            return idOf.apply(exact);
        }
        Optional<UUID> made = kind == Kind.IP_POOL ? poolOfEntry(name) : autoSubnet(kind, name);
        if (made.isPresent()) {
            return made.get();
        }
        List<Entry> inFile = kind == Kind.VM_SUBNET ? subnets.getOrDefault(name, List.of()) : List.of();
        List<FabricObject> inFabric = names.meant(kind, name)
                .filter(object -> !has(kind, names.key(object.id()).orElse("")))
                .toList();
        List<String> found = Stream.concat(
                        inFile.stream().map(Entry::key),
                        inFabric.stream().flatMap(object -> names.key(object.id()).stream()))
                .toList();
        if (found.size() != 1) {
            throw file.error(
                    from,
                    path,
                    FabricFile.path(from, path) + ": "
                            + (found.isEmpty()
                                    ? "no " + kind.label() + " is called '" + name + "', in this file or in the fabric"
                                    : "'" + name + "' can be any of " + String.join(", ", found)));
        }
        return inFile.isEmpty() ? inFabric.getFirst().id() : idOf.apply(inFile.getFirst());
    }

    /** The pool of a VM subnet of the file, which has the name of that. */
    private Optional<UUID> poolOfEntry(String name) {
        boolean second = name.endsWith(Names.IPV6);
        String key = second ? name.substring(0, name.length() - Names.IPV6.length()) : name;
        return Optional.ofNullable(entries.get(Kind.VM_SUBNET + "/" + key))
                .map(idOf)
                .flatMap(id -> names.object(id)
                        .map(subnet ->
                                second ? ((VmSubnet) subnet).ipPool6Id() : Optional.of(((VmSubnet) subnet).ipPoolId()))
                        .orElseGet(() ->
                                Optional.of(Companions.id(id, second ? Companions.Role.POOL6 : Companions.Role.POOL))));
    }

    /** The VM subnet that comes with a VM network which the file is about to make. */
    private Optional<UUID> autoSubnet(Kind kind, String name) {
        return kind == Kind.VM_SUBNET
                ? autoSubnetOwner(name)
                        .map(idOf)
                        .filter(network -> names.object(network).isEmpty())
                        .map(network -> Companions.id(network, Companions.Role.AUTO_SUBNET))
                : Optional.empty();
    }

    /** The VM network whose {@code autoCreateSubnet} makes the VM subnet of this name. */
    private Optional<Entry> autoSubnetOwner(String subnet) {
        int half = subnet.length() / 2;
        boolean twice = subnet.length() % 2 == 1
                && subnet.equals(Names.subnet(subnet.substring(0, half), subnet.substring(0, half)));
        String network = twice ? subnet.substring(0, half) : subnet;
        return Optional.ofNullable(entries.get(Kind.VM_NETWORK + "/" + network))
                .filter(entry -> isTrue(entry, "autoCreateSubnet"));
    }

    /** True for the VM subnet that came with a VM network of the file. */
    boolean comesWithEntry(FabricObject object) {
        return object.kind() == Kind.VM_SUBNET
                && names.key(object.id()).flatMap(this::autoSubnetOwner).isPresent();
    }

    /** Whether a logical network of the file makes the VM network of its name. */
    boolean hasSameNameVmNetwork(String name, UUID id) {
        return Optional.ofNullable(entries.get(Kind.LOGICAL_NETWORK + "/" + name))
                .filter(entry ->
                        isTrue(entry, "sameNameVmNetwork") && idOf.apply(entry).equals(id))
                .isPresent();
    }

    private static boolean isTrue(Entry entry, String field) {
        return entry.fields().path(field).asBoolean(false);
    }
}
