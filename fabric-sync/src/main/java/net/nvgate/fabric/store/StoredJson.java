package net.nvgate.fabric.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JsonNode;

/**
 * The JSON form of stored objects and logged revisions: values in etcd and lines of a backup.
 *
 * <pre>
 *  {"kind":"vm","object":{...},"keys":[["pa","10.0.0.1"],...],"references":["UUID",...]}
 *  {"revision":7,"at":EPOCH_MILLIS,"actor":"...","comment":"...","guards":["site/UUID",...],
 *   "changes":[{"kind":"vm","before":{...},"after":{...},"keys":[...],"references":[...]},...]}
 * </pre>
 *
 * What is empty is left out.
 */
public final class StoredJson {

    private StoredJson() {}

    public static void write(JsonGenerator out, StoredObject stored) {
        out.writeStartObject();
        out.writeStringProperty("kind", stored.object().kind().label());
        out.writePOJOProperty("object", stored.object());
        writeLinks(out, stored.links());
        out.writeEndObject();
    }

    public static void write(JsonGenerator out, LoggedRevision logged) {
        RevisionChanges changes = logged.changes();
        out.writeStartObject();
        out.writeNumberProperty("revision", changes.revision());
        out.writeNumberProperty("at", changes.at().toEpochMilli());
        out.writeStringProperty("actor", changes.origin().actor());
        if (!changes.origin().comment().isEmpty()) {
            out.writeStringProperty("comment", changes.origin().comment());
        }
        if (!logged.guards().isEmpty()) {
            out.writeArrayPropertyStart("guards");
            logged.guards().stream().sorted().forEach(out::writeString);
            out.writeEndArray();
        }
        out.writeArrayPropertyStart("changes");
        for (int i = 0; i < changes.changes().size(); i++) {
            ObjectChange change = changes.changes().get(i);
            out.writeStartObject();
            out.writeStringProperty("kind", change.any().kind().label());
            change.before().ifPresent(before -> out.writePOJOProperty("before", before));
            change.after().ifPresent(after -> out.writePOJOProperty("after", after));
            writeLinks(out, logged.links().get(i));
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void writeLinks(JsonGenerator out, Links links) {
        if (!links.uniqueKeys().isEmpty()) {
            out.writeArrayPropertyStart("keys");
            links.uniqueKeys().stream().sorted(UniqueKey.ORDER).forEach(key -> {
                out.writeStartArray();
                out.writeString(key.scope());
                out.writeString(key.value());
                out.writeEndArray();
            });
            out.writeEndArray();
        }
        if (!links.references().isEmpty()) {
            out.writeArrayPropertyStart("references");
            links.references().stream().sorted().forEach(id -> out.writeString(id.toString()));
            out.writeEndArray();
        }
    }

    /**
     * The quick way for a store that is read as a whole. Needs the kind before the object, as {@link #write} has it.
     *
     * @throws RuntimeException of the parser or the model if this is not a stored object
     */
    public static StoredObject readObject(byte[] json) {
        Kind kind = null;
        FabricObject object = null;
        Set<UniqueKey> uniqueKeys = new HashSet<>();
        Set<UUID> references = new HashSet<>();
        try (JsonParser in = FabricJson.mapper().createParser(json)) {
            in.nextToken();
            for (String name = in.nextName(); name != null; name = in.nextName()) {
                in.nextToken();
                switch (name) {
                    case "kind" -> kind = Kind.ofLabel(in.getString());
                    case "object" ->
                        object = in.readValueAs(
                                Objects.requireNonNull(kind, "kind").type());
                    case "keys" -> {
                        for (String[] key : in.readValueAs(String[][].class)) {
                            uniqueKeys.add(new UniqueKey(key[0], key[1]));
                        }
                    }
                    case "references" -> references.addAll(List.of(in.readValueAs(UUID[].class)));
                    default -> throw new IllegalArgumentException("unknown field " + name);
                }
            }
        }
        return new StoredObject(Objects.requireNonNull(object, "object"), new Links(uniqueKeys, references));
    }

    /** @throws RuntimeException of the parser or the model if this is not a stored object */
    public static StoredObject readObject(JsonNode node) {
        return new StoredObject(object(kind(node), node.required("object")), readLinks(node));
    }

    /** @throws RuntimeException of the parser or the model if this is not a logged revision */
    public static LoggedRevision readRevision(JsonNode node) {
        List<ObjectChange> changes = new ArrayList<>();
        List<Links> links = new ArrayList<>();
        for (JsonNode change : node.required("changes").values()) {
            Kind kind = kind(change);
            changes.add(new ObjectChange(
                    change.optional("before").map(object -> object(kind, object)),
                    change.optional("after").map(object -> object(kind, object))));
            links.add(readLinks(change));
        }
        Set<String> guards = new HashSet<>();
        node.path("guards").values().forEach(guard -> guards.add(guard.stringValue()));
        Instant at = Instant.ofEpochMilli(node.required("at").longValue());
        Origin origin = new Origin(
                node.required("actor").stringValue(), node.path("comment").stringValue(""));
        return new LoggedRevision(
                new RevisionChanges(node.required("revision").longValue(), at, origin, changes), links, guards);
    }

    private static Kind kind(JsonNode node) {
        return Kind.ofLabel(node.required("kind").stringValue());
    }

    private static FabricObject object(Kind kind, JsonNode node) {
        return FabricJson.mapper().treeToValue(node, kind.type());
    }

    private static Links readLinks(JsonNode node) {
        Optional<JsonNode> keys = node.optional("keys");
        Optional<JsonNode> references = node.optional("references");
        if (keys.isEmpty() && references.isEmpty()) {
            return Links.NONE;
        }
        Set<UniqueKey> uniqueKeys = new HashSet<>();
        for (JsonNode key : node.path("keys").values()) {
            uniqueKeys.add(
                    new UniqueKey(key.required(0).stringValue(), key.required(1).stringValue()));
        }
        Set<UUID> ids = new HashSet<>();
        node.path("references").values().forEach(id -> ids.add(UUID.fromString(id.stringValue())));
        return new Links(uniqueKeys, ids);
    }
}
