package net.nvgate.mgmt.fuzz;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** Values that a schema allows. Ids are often those of objects that are there. */
final class FuzzValues {

    /** Text that programs often get wrong; {@code <..>} stands for what Java strings cannot hold in UTF-8. */
    static final List<String> ODD_TEXTS = List.of(
            "",
            " ",
            "\u0000",
            "a\u0000b",
            "\r\nX-Header: 1",
            "\u202eabc",
            "\ufeffbom",
            "\u2028",
            "e\u0301",
            "İıſK",
            "\ud83d\ude00",
            "<high>",
            "<low>",
            "' OR 1=1 --",
            "<script>alert(1)</script>",
            "%00%s%n${jndi:x}",
            "../../etc/passwd",
            "0x1F",
            "NaN",
            "-0",
            "٣",
            "\uffff",
            "a".repeat(5000));

    private static final int ITEMS_MAX = 3;

    private final FuzzContract contract;
    private final Random random;
    private final Map<String, List<String>> ids = new TreeMap<>();

    FuzzValues(FuzzContract contract, Random random) {
        this.contract = contract;
        this.random = random;
    }

    /** @param kind as in paths */
    void known(String kind, String id) {
        ids.computeIfAbsent(kind, _ -> new ArrayList<>()).add(id);
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** An id of something of this kind that is, or was, there; or of nothing. */
    String id(String kind) {
        List<String> known = ids.getOrDefault(kind, List.of());
        return known.isEmpty() || chance(10) ? uuid() : one(known);
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private String anyId() {
        return id(one(List.copyOf(ids.keySet())));
    }

    /** An example of the contract with ids of objects that are there, and a name of its own. */
    JsonObject adopted(JsonObject example) {
        for (String field : List.copyOf(example.fieldNames())) {
            Object value = example.getValue(field);
            if (field.equals("name") || field.equals("id") || isId(field)) {
                example.put(field, string(new JsonObject(), field));
            } else if (value instanceof JsonObject inner) {
                example.put(field, adopted(inner));
            } else if (value instanceof JsonArray array) {
                example.put(field, adopted(array, field));
            }
        }
        return example;
    }

    private JsonArray adopted(JsonArray array, String field) {
        JsonArray copy = new JsonArray();
        array.forEach(item -> copy.add(
                item instanceof JsonObject object
                        ? adopted(object)
                        : field.endsWith("Ids") ? string(new JsonObject(), field) : item));
        return copy;
    }

    private static boolean isId(String field) {
        return field.endsWith("Id");
    }

    /** @param field whose value it is, or of whose list it is an item */
    Object value(JsonObject given, String field, int depth) {
        JsonObject schema = contract.resolved(given);
        if (schema.containsKey("enum")) {
            return one(schema.getJsonArray("enum").stream().toList());
        }
        if (schema.containsKey("const")) {
            return schema.getValue("const");
        }
        return switch (type(schema)) {
            case "integer" -> integer(schema);
            case "number" -> random.nextInt(1000) / 8.0;
            case "boolean" -> random.nextBoolean();
            case "array" -> array(schema, field, depth);
            case "object" -> object(schema, depth);
            default -> string(schema, field);
        };
    }

    static String type(JsonObject schema) {
        Object type = schema.getValue("type");
        if (type instanceof JsonArray several) {
            return several.getString(0);
        }
        return type == null ? schema.containsKey("properties") ? "object" : "string" : (String) type;
    }

    private long integer(JsonObject schema) {
        long least = schema.getLong("minimum", 0L);
        long most = schema.getLong("maximum", least + 100_000L);
        if (chance(25)) {
            return random.nextBoolean() ? least : most;
        }
        long range = Math.min(most - least, chance(50) ? 10 : Long.MAX_VALUE - 1);
        return least + (range <= 0 ? 0 : Math.floorMod(random.nextLong(), range + 1));
    }

    private JsonArray array(JsonObject schema, String field, int depth) {
        int least = schema.getInteger("minItems", 0);
        int most = Math.min(schema.getInteger("maxItems", ITEMS_MAX), Math.max(least, ITEMS_MAX));
        int size = depth <= 0 ? least : least + random.nextInt(most - least + 1);
        JsonArray array = new JsonArray();
        for (int i = 0; i < size; i++) {
            array.add(value(schema.getJsonObject("items", new JsonObject()), field, depth - 1));
        }
        return array;
    }

    JsonObject object(JsonObject schema, int depth) {
        JsonObject object = new JsonObject();
        List<String> required = schema.getJsonArray("required", new JsonArray()).stream()
                .map(String.class::cast)
                .toList();
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        int share = random.nextInt(101);
        for (String name : properties.fieldNames()) {
            if (required.contains(name) || (depth > 0 && chance(share))) {
                object.put(name, value(properties.getJsonObject(name), name, depth - 1));
            }
        }
        if (properties.isEmpty() && schema.getValue("additionalProperties") instanceof JsonObject inner) {
            object.put("k" + random.nextInt(10), value(inner, "value", depth - 1));
        }
        return object;
    }

    private String string(JsonObject schema, String field) {
        String lower = field.toLowerCase(java.util.Locale.ROOT);
        if (field.endsWith("Ids") || isId(field)) {
            String stem = field.replaceFirst("Ids?$", "");
            String kind = stem.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT) + "s";
            return ids.keySet().stream()
                    .filter(known -> kind.endsWith(known) || known.endsWith(kind))
                    .findFirst()
                    .map(this::id)
                    .orElseGet(this::anyId);
        }
        if (field.equals("id") || "uuid".equals(schema.getString("format"))) {
            return chance(30) ? anyId() : uuid();
        }
        if (chance(3)) {
            return one(ODD_TEXTS);
        }
        if (lower.contains("prefix") || lower.endsWith("subnet")) {
            return one(
                    List.of("192.168.1.0/24", "10." + random.nextInt(256) + ".0.0/16", "2001:db8::/64", "0.0.0.0/0"));
        }
        if (lower.contains("mac")) {
            return "00:1d:d8:%02x:%02x:%02x".formatted(random.nextInt(256), random.nextInt(256), random.nextInt(256));
        }
        if (lower.contains("address")
                || lower.startsWith("range")
                || lower.contains("gateway")
                || lower.endsWith("hop")) {
            return one(List.of(
                    "192.168.1." + random.nextInt(256),
                    "203.0.113." + random.nextInt(256),
                    "10.10.10.12",
                    "2001:db8::7"));
        }
        if (lower.equals("name")) {
            return "n" + Integer.toHexString(random.nextInt());
        }
        int least = schema.getInteger("minLength", 1);
        int most = schema.getInteger("maxLength", 20);
        return "x".repeat(chance(10) ? most : Math.max(least, Math.min(most, 1 + random.nextInt(20))));
    }
}
