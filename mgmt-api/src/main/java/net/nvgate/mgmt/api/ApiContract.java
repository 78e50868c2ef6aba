package net.nvgate.mgmt.api;

import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.OpenAPIVersion;
import io.vertx.openapi.contract.impl.OpenAPIContractImpl;
import io.vertx.openapi.impl.OpenAPIFormatValidator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The OpenAPI 3.1 document {@code openapi.yaml}: what is served, and what the router is built from. */
public final class ApiContract {

    static final String PROBLEM_JSON = "application/problem+json";

    private static final String RESOURCE = "/openapi.yaml";

    /** Response media types that vertx-openapi does not know, and what stands for them in the router's copy. */
    private static final Map<String, String> ROUTER_MEDIA_TYPES = Map.of(
            PROBLEM_JSON,
            "application/json",
            "text/event-stream",
            "text/plain",
            "application/yaml",
            "text/plain",
            "application/openmetrics-text",
            "text/plain");

    /** Of OpenAPI 3.1; the base is the library's own. */
    private static final JsonSchemaOptions SCHEMAS = new JsonSchemaOptions()
            .setDraft(Draft.DRAFT202012)
            .setBaseUri("app://")
            .setOutputFormat(OutputFormat.Basic);

    private final String text;
    private final Map<String, Object> document;

    private ApiContract(String text, Map<String, Object> document) {
        this.text = text;
        this.document = document;
    }

    /** Reads the document from the class path. It is part of the build, so that failure is a bug. */
    public static ApiContract load() {
        try (InputStream in = ApiContract.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            @SuppressWarnings("unchecked")
            Map<String, Object> document = new YAMLMapper().readValue(text, LinkedHashMap.class);
            return new ApiContract(text, document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document as written, YAML. */
    public String text() {
        return text;
    }

    /** The document as JSON; a copy. */
    public JsonObject json() {
        return new JsonObject(document).copy();
    }

    /**
     * The contract that the router and the validators use: the same document with media types they know.
     *
     * <p>That the document is valid OpenAPI is checked by the tests and not by each start: it is part of the build, and the check,
     * with the schemas it needs, took longer than all the rest. It works for a while; not for an event loop.
     */
    public OpenAPIContract forRouter() {
        @SuppressWarnings("unchecked")
        Map<String, Object> rules = (Map<String, Object>) withoutProse(document);
        return forRouter(rules);
    }

    /** As {@link #forRouter()} of a changed document with what is for people; tests make it stricter. */
    static OpenAPIContract forRouter(Map<String, Object> document) {
        JsonObject contract = routerDocument(document);
        OpenAPIVersion version = OpenAPIVersion.fromContract(contract);
        SchemaRepository schemas = SchemaRepository.create(SCHEMAS, new OpenAPIFormatValidator());
        schemas.dereference(JsonSchema.of(contract));
        SchemaRepository none = SchemaRepository.create(SCHEMAS, new OpenAPIFormatValidator());
        return new OpenAPIContractImpl(schemas.resolve(contract), version, new KeptValidators(schemas, none, SCHEMAS));
    }

    /** What the router's contract is made of; a copy. */
    static JsonObject routerDocument(Map<String, Object> document) {
        @SuppressWarnings("unchecked")
        Map<String, Object> map = (Map<String, Object>) withKnownMediaTypes(document);
        JsonObject copy = new JsonObject(map);
        unchecked(copy);
        // Who asks, and what he may, is AccessGuard's.
        copy.remove("security");
        return copy;
    }

    /** What is for people is most of the document, and each part of it is copied and named several times on the way to a router. */
    private static Object withoutProse(Object node) {
        return switch (node) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, value) -> {
                    if (!isProse((String) key, value)) {
                        copy.put((String) key, withoutProse(value));
                    }
                });
                yield copy;
            }
            case List<?> list ->
                list.stream().map(ApiContract::withoutProse).collect(Collectors.toCollection(ArrayList::new));
            case null, default -> node;
        };
    }

    /** A property may have such a name, too: then it has a schema, with a type. */
    private static boolean isProse(String key, Object value) {
        return switch (key) {
            case "description", "summary" -> value instanceof String;
            case "examples" -> value instanceof Map<?, ?> examples && !examples.containsKey("type");
            default -> false;
        };
    }

    /** Operations of a batch are many, and the validator works on the event loop: {@link BatchRequest} checks them. */
    private static void unchecked(JsonObject document) {
        document.getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject("Batch")
                .getJsonObject("properties")
                .getJsonObject("operations")
                .remove("items");
    }

    /** The media type under which the router's copy knows a response of this type. */
    static String routerMediaType(String contentType) {
        String bare = contentType.split(";", 2)[0].trim();
        return ROUTER_MEDIA_TYPES.getOrDefault(bare, bare);
    }

    private static Object withKnownMediaTypes(Object node) {
        return switch (node) {
            case JsonObject json -> withKnownMediaTypes(json.getMap());
            case io.vertx.core.json.JsonArray array -> withKnownMediaTypes(array.getList());
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, value) ->
                        copy.put(routerMediaType((String) key), value == null ? null : withKnownMediaTypes(value)));
                yield copy;
            }
            // The schema repository resolves references in alternatives in place.
            case List<?> list ->
                list.stream().map(ApiContract::withKnownMediaTypes).collect(Collectors.toCollection(ArrayList::new));
            default -> node;
        };
    }
}
