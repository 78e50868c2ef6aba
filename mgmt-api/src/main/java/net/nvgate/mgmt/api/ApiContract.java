package net.nvgate.mgmt.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
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
            PROBLEM_JSON, "application/json", "text/event-stream", "text/plain", "application/yaml", "text/plain");

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

    /** The contract that the router and the validators use: the same document with media types they know. */
    public Future<OpenAPIContract> forRouter(Vertx vertx) {
        return forRouter(vertx, json());
    }

    /** As {@link #forRouter(Vertx)} with a changed document; tests make it stricter. */
    static Future<OpenAPIContract> forRouter(Vertx vertx, JsonObject document) {
        unchecked(document);
        // Who asks, and what he may, is AccessGuard's.
        document.remove("security");
        Object known = withKnownMediaTypes(document.getMap());
        @SuppressWarnings("unchecked")
        Map<String, Object> map = (Map<String, Object>) known;
        return OpenAPIContract.from(vertx, new JsonObject(map));
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
