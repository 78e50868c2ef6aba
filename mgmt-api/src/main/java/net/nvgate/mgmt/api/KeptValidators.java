package net.nvgate.mgmt.api;

import io.vertx.core.file.FileSystem;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The contract's validators, each made once. The library's repository makes one for every value of every request, and copies the table of
 * all its schemas for it, which was a fifth of the CPU of a busy manager. Validators keep nothing of what they look at.
 */
final class KeptValidators implements SchemaRepository {

    private static final int KEPT_MAX = 10_000;

    private final SchemaRepository all;
    /** For schemas that refer to no other: their validators need no table. */
    private final SchemaRepository none;

    private final JsonSchemaOptions options;
    private final Map<JsonSchema, Validator> kept = Collections.synchronizedMap(new IdentityHashMap<>());

    /** @param none with the same options as the other, and no schemas */
    KeptValidators(SchemaRepository all, SchemaRepository none, JsonSchemaOptions options) {
        this.all = all;
        this.none = none;
        this.options = options;
    }

    @Override
    public Validator validator(JsonSchema schema) {
        Validator known = kept.get(schema);
        if (known != null) {
            return known;
        }
        if (refers(schema, Collections.newSetFromMap(new IdentityHashMap<>()))) {
            return all.validator(schema);
        }
        Validator made = none.validator(schema, options, false);
        if (kept.size() < KEPT_MAX) {
            kept.put(schema, made);
        }
        return made;
    }

    private static boolean refers(Object node, Set<Object> seen) {
        return switch (node) {
            case JsonSchema schema ->
                seen.add(schema)
                        && schema.fieldNames().stream()
                                .anyMatch(name -> name.equals("$ref")
                                        || name.equals("$dynamicRef")
                                        || name.equals("$recursiveRef")
                                        || refersValue(schema.get(name), seen));
            default -> refersValue(node, seen);
        };
    }

    private static boolean refersValue(@Nullable Object node, Set<Object> seen) {
        return switch (node) {
            case JsonSchema schema -> refers(schema, seen);
            case JsonObject object -> refersMap(object.getMap(), seen);
            case Map<?, ?> map -> refersMap(map, seen);
            case Iterable<?> several -> {
                boolean any = false;
                for (Object one : several) {
                    any |= refersValue(one, seen);
                }
                yield any;
            }
            case null, default -> false;
        };
    }

    private static boolean refersMap(Map<?, ?> map, Set<Object> seen) {
        return seen.add(map)
                && map.entrySet().stream()
                        .anyMatch(field -> String.valueOf(field.getKey()).matches("\\$(ref|dynamicRef|recursiveRef)")
                                || refersValue(field.getValue(), seen));
    }

    @Override
    public SchemaRepository dereference(JsonSchema schema) {
        all.dereference(schema);
        return this;
    }

    @Override
    public SchemaRepository dereference(String uri, JsonSchema schema) {
        all.dereference(uri, schema);
        return this;
    }

    @Override
    public SchemaRepository preloadMetaSchema(FileSystem files) {
        all.preloadMetaSchema(files);
        return this;
    }

    @Override
    public SchemaRepository preloadMetaSchema(FileSystem files, Draft draft) {
        all.preloadMetaSchema(files, draft);
        return this;
    }

    @Override
    public Validator validator(String ref) {
        return all.validator(ref);
    }

    @Override
    public Validator validator(String ref, JsonSchemaOptions given) {
        return all.validator(ref, given);
    }

    @Override
    public Validator validator(JsonSchema schema, JsonSchemaOptions given, boolean dereference) {
        return all.validator(schema, given, dereference);
    }

    @Override
    public JsonObject resolve(JsonObject schema) {
        return all.resolve(schema);
    }

    @Override
    public JsonSchema find(String pointer) {
        return all.find(pointer);
    }
}
