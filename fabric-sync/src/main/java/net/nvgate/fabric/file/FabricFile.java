package net.nvgate.fabric.file;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Labels;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a fabric file says, before its names are looked up.
 *
 * <pre>
 *  name: demo                     # of the file: the label of what it makes
 *  network-sites:                 # a list for each kind of object, called as in the API
 *    - name: hnv-site
 *      logicalNetwork: hnv        # another object, by its name
 *      subnets: [{prefix: 10.10.10.0/24}]
 * </pre>
 *
 * @param name of the file
 * @param entries in the order of the kinds, those of one kind as they stand
 */
record FabricFile(String name, List<Entry> entries, YamlText text) {

    /** The label of every object that a file made, or changed: its value is the file's name. */
    static final String LABEL = Labels.APPLIED_BY;

    private static final String NAME = "name";

    /**
     * An object of the file.
     *
     * @param key the object's name; of a VM subnet {@code network/subnet}
     * @param fields as written, with names for ids
     * @param document of the file, from 0
     * @param path in the document, e.g. {@code network-sites[0]}
     */
    record Entry(Kind kind, String key, ObjectNode fields, int document, String path) {

        String describe() {
            return kind.label() + " '" + key + "'";
        }
    }

    /** @throws FileException with line and path, if it is not YAML, or has what no fabric file has */
    static FabricFile read(String yaml) {
        return new Reader(new YamlText(yaml)).read();
    }

    /** An error at a field of an entry, or at the entry if the field is empty. */
    FileException error(Entry entry, String field, String message) {
        String path = path(entry, field);
        return FileException.at(text.line(entry.document(), path), path, message);
    }

    static String path(Entry entry, String field) {
        return field.isEmpty() ? entry.path() : entry.path() + "." + field;
    }

    private static final class Reader {

        private static final Map<String, Kind> KINDS =
                Kind.ofFabric().stream().collect(Collectors.toUnmodifiableMap(Kind::path, kind -> kind));

        private final YamlText text;
        private final Map<Kind, List<Entry>> entries = new EnumMap<>(Kind.class);
        private final Map<String, Entry> seen = new HashMap<>();
        private String name = "";
        private int document;

        Reader(YamlText text) {
            this.text = text;
        }

        FabricFile read() {
            for (JsonNode each : text.documents()) {
                if (each instanceof ObjectNode object) {
                    object.propertyStream().forEach(property -> read(property.getKey(), property.getValue()));
                } else if (!each.isNull()) {
                    throw wrong("", "a fabric file has a name and lists of objects");
                }
                document++;
            }
            if (name.isEmpty()) {
                throw FileException.at(
                        1, NAME, "name is required: what the file makes is labelled " + LABEL + ": <name>");
            }
            return new FabricFile(
                    name,
                    entries.values().stream()
                            .flatMap(List::stream)
                            .sorted(Comparator.comparing(Reader::order)
                                    .thenComparing(Entry::kind, Comparator.reverseOrder()))
                            .toList(),
                    text);
        }

        /** A gateway that shares a VM subnet takes one of the addresses that the VMs have left, unless it says which. */
        private static Kind order(Entry entry) {
            boolean takes = entry.kind() == Kind.VM_NETWORK_GATEWAY
                    && entry.fields().has("vmSubnet")
                    && !entry.fields().has("address");
            return takes ? Kind.VM : entry.kind();
        }

        private void read(String key, JsonNode value) {
            Kind kind = KINDS.get(key);
            if (key.equals(NAME)) {
                name(value);
            } else if (kind == null) {
                throw FileException.unknownField(
                        text.line(document, key),
                        key,
                        "'" + key + "' is not a kind of object, expected name or one of: "
                                + Kind.ofFabric().stream().map(Kind::path).collect(Collectors.joining(", ")));
            } else if (value instanceof ArrayNode list) {
                for (int i = 0; i < list.size(); i++) {
                    add(kind, list.get(i), key + "[" + i + "]");
                }
            } else if (!value.isNull()) {
                throw wrong(key, key + " must be a list");
            }
        }

        private void name(JsonNode value) {
            String given = value.isString() ? value.asString() : "";
            if (!given.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}") || !(name.isEmpty() || name.equals(given))) {
                throw wrong(NAME, "name must be 1..64 of A-Z a-z 0-9 . _ - and the same in all documents");
            }
            name = given;
        }

        private void add(Kind kind, JsonNode value, String path) {
            if (!(value instanceof ObjectNode object)) {
                throw wrong(path, path + " must have fields");
            }
            check(object, Fields.of(kind), path);
            JsonNode given = object.get(NAME);
            if (given == null || given.isNull() || given.isContainer()) {
                throw wrong(path, path + ".name is required");
            }
            String key = kind == Kind.VM_SUBNET && object.has("vmNetwork")
                    ? Names.subnet(object.get("vmNetwork").asString(), given.asString())
                    : given.asString();
            Entry entry = new Entry(kind, key, object, document, path);
            Entry other = seen.putIfAbsent(kind + "/" + key, entry);
            if (other != null) {
                throw wrong(path, entry.describe() + " is in the file twice, first as " + other.path());
            }
            entries.computeIfAbsent(kind, _ -> new ArrayList<>()).add(entry);
        }

        private void check(ObjectNode object, Fields fields, String path) {
            for (Map.Entry<String, JsonNode> property : object.properties()) {
                String at = path + "." + property.getKey();
                Fields.Field field = fields.byName().get(property.getKey());
                if (field == null) {
                    throw FileException.unknownField(
                            text.line(document, at),
                            at,
                            at + " is not a field, expected one of: "
                                    + String.join(", ", fields.byName().keySet()));
                }
                field.inner().ifPresent(inner -> checkInner(property.getValue(), inner, at));
            }
        }

        private void checkInner(JsonNode value, Fields inner, String path) {
            if (value instanceof ObjectNode object) {
                check(object, inner, path);
            } else if (value instanceof ArrayNode list) {
                for (int i = 0; i < list.size(); i++) {
                    checkInner(list.get(i), inner, path + "[" + i + "]");
                }
            }
        }

        private FileException wrong(String path, String message) {
            return FileException.at(text.line(document, path), path, message);
        }
    }
}
