package net.nvgate.mgmt.fuzz;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import net.nvgate.mgmt.api.ApiContract;
import org.jspecify.annotations.Nullable;

/** The contract as it is written, with references followed. */
public final class FuzzContract {

    private final JsonObject document = ApiContract.load().json();

    /**
     * An operation.
     *
     * @param path template
     * @param parameters references followed
     */
    public record Operation(String id, String method, String path, List<JsonObject> parameters, JsonObject model) {

        List<JsonObject> parameters(String in) {
            return parameters.stream()
                    .filter(parameter -> parameter.getString("in").equals(in))
                    .toList();
        }

        boolean isPublic() {
            return model.getString("x-nvgate-permission").equals("public");
        }
    }

    public List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        JsonObject paths = document.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject item = paths.getJsonObject(path);
            for (String method : item.fieldNames()) {
                if (item.getValue(method) instanceof JsonObject operation) {
                    List<JsonObject> parameters = Stream.concat(parameters(item), parameters(operation))
                            .map(this::resolved)
                            .toList();
                    all.add(new Operation(
                            operation.getString("operationId"),
                            method.toUpperCase(Locale.ROOT),
                            path,
                            parameters,
                            operation));
                }
            }
        }
        return all;
    }

    private static Stream<JsonObject> parameters(JsonObject node) {
        return node.getJsonArray("parameters", new JsonArray()).stream().map(JsonObject.class::cast);
    }

    /** What a reference leads to, or the node itself. */
    JsonObject resolved(JsonObject node) {
        String reference = node.getString("$ref");
        if (reference == null) {
            return node;
        }
        String[] steps = reference.split("/", -1);
        JsonObject target =
                document.getJsonObject("components").getJsonObject(steps[2]).getJsonObject(steps[3]);
        return resolved(Objects.requireNonNull(target, reference));
    }

    /** The media type of a request's body, null if it has none. */
    static @Nullable String bodyType(Operation operation) {
        JsonObject body = operation.model().getJsonObject("requestBody");
        return body == null
                ? null
                : body.getJsonObject("content").fieldNames().iterator().next();
    }

    JsonObject bodySchema(Operation operation) {
        return resolved(body(operation).getJsonObject("schema"));
    }

    private static JsonObject body(Operation operation) {
        return operation
                .model()
                .getJsonObject("requestBody")
                .getJsonObject("content")
                .getJsonObject(Objects.requireNonNull(bodyType(operation)));
    }

    /** Bodies that the contract shows. */
    List<JsonObject> examples(Operation operation) {
        return body(operation).getJsonObject("examples", new JsonObject()).stream()
                .map(entry -> resolved((JsonObject) entry.getValue()).getValue("value"))
                .filter(JsonObject.class::isInstance)
                .map(value -> ((JsonObject) value).copy())
                .toList();
    }

    /** The response of a status, or that for all others; null if the status has none of its own. */
    @Nullable
    JsonObject response(Operation operation, String status) {
        JsonObject found = operation.model().getJsonObject("responses").getJsonObject(status);
        return found == null ? null : resolved(found);
    }
}
