package net.nvgate.mgmt.fuzz;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Bodies, most of them wrong in one place. */
final class FuzzBodies {

    private static final Set<Integer> REFUSED = Set.of(400);
    private static final int DEPTH = 4;

    private final FuzzContract contract;
    private final FuzzValues values;

    FuzzBodies(FuzzContract contract, FuzzValues values) {
        this.contract = contract;
        this.values = values;
    }

    /** @param allowed as {@link FuzzRequest#allowed} */
    record Body(FuzzRequest.Bytes bytes, Set<Integer> allowed) {

        static Body any(Object json) {
            return new Body(FuzzRequest.Bytes.of(json.toString()), Set.of());
        }

        static Body refused(Object json) {
            return new Body(FuzzRequest.Bytes.of(json.toString()), REFUSED);
        }
    }

    /** A place in a body, and the schema of what is there. */
    private record Site(Object container, Object key, String field, JsonObject schema) {

        void put(Object value) {
            if (container instanceof JsonObject object) {
                object.put((String) key, value);
            } else {
                ((JsonArray) container).set((Integer) key, value);
            }
        }

        void putNull() {
            if (container instanceof JsonObject object) {
                object.putNull((String) key);
            } else {
                ((JsonArray) container).setNull((Integer) key);
            }
        }
    }

    /** Empty if the operation has no such body. */
    Optional<Body> make(FuzzContract.Operation operation, FuzzCase how) {
        JsonObject schema = contract.bodySchema(operation);
        JsonObject valid = valid(operation, schema, how == FuzzCase.EXAMPLE || values.chance(60));
        List<Site> sites = new ArrayList<>();
        sites(valid, schema, sites);
        return switch (how) {
            case BOUND -> site(sites).map(site -> at(valid, site, bound(site.schema()), false));
            case BEYOND ->
                site(sites.stream().filter(s -> beyond(s.schema()).isPresent()).toList())
                        .map(site -> at(valid, site, beyond(site.schema()).orElseThrow(), true));
            case WRONG_TYPE -> site(sites).map(site -> at(valid, site, wrongType(site.schema()), true));
            case NULL ->
                site(sites).map(site -> {
                    site.putNull();
                    return Body.any(valid);
                });
            case MISSING -> missing(valid, schema);
            case UNKNOWN_FIELD -> Optional.of(Body.refused(valid.put("no" + values.one(FuzzValues.ODD_TEXTS), 1)));
            case ODD_TEXT ->
                site(sites.stream()
                                .filter(s -> FuzzValues.type(s.schema()).equals("string"))
                                .toList())
                        .map(site -> at(valid, site, values.one(FuzzValues.ODD_TEXTS), false));
            case MALFORMED -> Optional.of(malformed(valid.toString()));
            case OVERSIZED -> Optional.of(oversized(operation, valid));
            default -> Optional.of(Body.any(valid));
        };
    }

    private JsonObject valid(FuzzContract.Operation operation, JsonObject schema, boolean example) {
        List<JsonObject> examples = contract.examples(operation);
        return example && !examples.isEmpty() ? values.adopted(values.one(examples)) : values.object(schema, DEPTH);
    }

    private Optional<Site> site(List<Site> sites) {
        return sites.isEmpty() ? Optional.empty() : Optional.of(values.one(sites));
    }

    private static Body at(JsonObject body, Site site, Object value, boolean refused) {
        site.put(value);
        return refused ? Body.refused(body) : Body.any(body);
    }

    private void sites(Object value, JsonObject given, List<Site> found) {
        JsonObject schema = contract.resolved(given);
        if (value instanceof JsonObject object) {
            JsonObject properties = schema.getJsonObject("properties", new JsonObject());
            for (String field : object.fieldNames()) {
                if (properties.containsKey(field)) {
                    JsonObject inner = contract.resolved(properties.getJsonObject(field));
                    found.add(new Site(object, field, field, inner));
                    sites(object.getValue(field), inner, found);
                }
            }
        } else if (value instanceof JsonArray array && schema.containsKey("items")) {
            JsonObject inner = contract.resolved(schema.getJsonObject("items"));
            for (int i = 0; i < array.size(); i++) {
                found.add(new Site(array, i, "", inner));
                sites(array.getValue(i), inner, found);
            }
        }
    }

    private Object bound(JsonObject schema) {
        return switch (FuzzValues.type(schema)) {
            case "integer" ->
                values.chance(50)
                        ? schema.getLong("minimum", Long.MIN_VALUE)
                        : schema.getLong("maximum", Long.MAX_VALUE);
            case "string" ->
                "y"
                        .repeat(
                                values.chance(50)
                                        ? schema.getInteger("minLength", 0)
                                        : schema.getInteger("maxLength", 3000));
            case "array" -> new JsonArray();
            default -> values.value(schema, "", 0);
        };
    }

    private Optional<Object> beyond(JsonObject schema) {
        List<Object> all = new ArrayList<>();
        if (schema.containsKey("enum")) {
            all.add("NO_SUCH_VALUE");
        } else if (FuzzValues.type(schema).equals("integer")) {
            if (schema.containsKey("minimum")) {
                all.add(schema.getLong("minimum") - 1);
            }
            if (schema.containsKey("maximum")) {
                all.add(schema.getLong("maximum") + 1);
                all.add(new java.math.BigInteger("9".repeat(40)));
            }
            all.add(new java.math.BigDecimal("1e400"));
        } else if (FuzzValues.type(schema).equals("string")) {
            if (schema.getInteger("minLength", 0) > 0) {
                all.add("");
            }
            if (schema.containsKey("maxLength")) {
                all.add("z".repeat(schema.getInteger("maxLength") + 1));
            }
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(values.one(all));
    }

    private Object wrongType(JsonObject schema) {
        Object types = schema.getValue("type");
        String all = String.valueOf(types);
        List<Object> wrong = new ArrayList<>();
        if (!all.contains("string")) {
            wrong.addAll(List.of("text", "1", "true", ""));
        }
        if (!all.contains("number")) {
            wrong.add(1.5);
        }
        if (!all.contains("integer") && !all.contains("number")) {
            wrong.add(7);
        }
        if (!all.contains("boolean")) {
            wrong.add(true);
        }
        if (!all.contains("array")) {
            wrong.add(new JsonArray().add(1));
            wrong.add(new JsonArray());
        }
        if (!all.contains("object") && !schema.containsKey("properties")) {
            wrong.add(new JsonObject());
        }
        return values.one(wrong);
    }

    private Optional<Body> missing(JsonObject valid, JsonObject schema) {
        List<String> required = schema.getJsonArray("required", new JsonArray()).stream()
                .map(String.class::cast)
                .toList();
        if (required.isEmpty()) {
            return Optional.empty();
        }
        valid.remove(values.one(required));
        return Optional.of(Body.refused(valid));
    }

    private Body malformed(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        byte[] broken = bytes.clone();
        broken[bytes.length / 2] = (byte) 0xff;
        byte[] wrong = values.one(List.of(
                json.substring(0, json.length() - 1).getBytes(StandardCharsets.UTF_8),
                (json + "}").getBytes(StandardCharsets.UTF_8),
                (json + json).getBytes(StandardCharsets.UTF_8),
                "[".repeat(30_000).getBytes(StandardCharsets.UTF_8),
                "{\"a\":".repeat(10_000).getBytes(StandardCharsets.UTF_8),
                ("{\"name\":" + "[".repeat(2000) + "]".repeat(2000) + "}").getBytes(StandardCharsets.UTF_8),
                "{'name':1}".getBytes(StandardCharsets.UTF_8),
                "{\"name\":NaN}".getBytes(StandardCharsets.UTF_8),
                "{\"name\":1e99999999}".getBytes(StandardCharsets.UTF_8),
                "[]".getBytes(StandardCharsets.UTF_8),
                "null".getBytes(StandardCharsets.UTF_8),
                "\"text\"".getBytes(StandardCharsets.UTF_8),
                "5".getBytes(StandardCharsets.UTF_8),
                json.getBytes(StandardCharsets.UTF_16),
                broken,
                new byte[] {0}));
        return new Body(FuzzRequest.Bytes.of(wrong), REFUSED);
    }

    private static Body oversized(FuzzContract.Operation operation, JsonObject valid) {
        String path = operation.path();
        if (path.endsWith("/batch") || path.endsWith("/plan") || path.endsWith("/apply")) {
            return Body.any(valid);
        }
        byte[] padded = (" ".repeat(70_000) + valid).getBytes(StandardCharsets.UTF_8);
        return new Body(FuzzRequest.Bytes.of(padded), Set.of(413));
    }
}
