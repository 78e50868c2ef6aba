package net.nvgate.mgmt.docs;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Pages of the REST reference, made of the contract: one for all operations, and one for each tag. */
final class ApiReference {

    private static final List<String> METHODS = List.of("get", "post", "patch", "put", "delete");

    private final JsonObject contract;
    private final Map<String, List<Operation>> byTag = new LinkedHashMap<>();

    private record Operation(String method, String path, JsonObject json) {

        String heading() {
            return method.toUpperCase(java.util.Locale.ROOT) + " " + path;
        }

        String permission() {
            return json.getString("x-nvgate-permission");
        }
    }

    ApiReference(JsonObject contract) {
        this.contract = contract;
        contract.getJsonArray("tags")
                .forEach(tag -> byTag.put(((JsonObject) tag).getString("name"), new ArrayList<>()));
        JsonObject paths = contract.getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            for (String method : METHODS) {
                JsonObject json = paths.getJsonObject(path).getJsonObject(method);
                if (json != null) {
                    JsonArray parameters = paths.getJsonObject(path)
                            .getJsonArray("parameters", new JsonArray())
                            .copy();
                    json.put("parameters", parameters.addAll(json.getJsonArray("parameters", new JsonArray())));
                    String tag = json.getJsonArray("tags").getString(0);
                    Objects.requireNonNull(byTag.get(tag), tag).add(new Operation(method, path, json));
                }
            }
        }
    }

    /** By their paths below {@code reference/}. */
    Map<String, String> pages() {
        Map<String, String> pages = new TreeMap<>();
        pages.put("api.md", index());
        byTag.forEach((tag, operations) -> {
            if (!operations.isEmpty()) {
                pages.put("api/" + tag + ".md", page(tag, operations));
            }
        });
        return pages;
    }

    private String index() {
        StringBuilder out = new StringBuilder("""
                # REST: every operation

                Generated from the contract, [openapi.yaml](../../src/main/resources/openapi.yaml), which every manager serves. What all operations have in common is
                [elsewhere](../api.md): lists, dry runs, keys of requests, errors, versions.

                ## Permissions

                Each operation needs one permission; roles have them so:

                """);
        JsonObject permissions = contract.getJsonObject("x-nvgate-permissions");
        JsonObject roles = contract.getJsonObject("x-nvgate-roles");
        out.append("| permission | for | ")
                .append(String.join(" | ", roles.fieldNames()))
                .append(" |\n|---|---|");
        out.append("---|".repeat(roles.size())).append('\n');
        for (String permission : permissions.fieldNames()) {
            out.append("| `").append(permission).append("` | ").append(cell(permissions.getString(permission)));
            for (String role : roles.fieldNames()) {
                boolean has =
                        permission.equals("public") || roles.getJsonArray(role).contains(permission);
                out.append(" | ").append(has ? "yes" : "");
            }
            out.append(" |\n");
        }
        byTag.forEach((tag, operations) -> {
            if (!operations.isEmpty()) {
                out.append("\n## [").append(tag).append("](api/").append(tag).append(".md)\n\n");
                out.append(cell(description(tag))).append("\n\n| operation | | permission |\n|---|---|---|\n");
                operations.forEach(operation -> out.append("| [`")
                        .append(operation.heading())
                        .append("`](api/")
                        .append(tag)
                        .append(".md#")
                        .append(new Anchors().of(operation.heading()))
                        .append(") | ")
                        .append(cell(operation.json().getString("summary")))
                        .append(" | `")
                        .append(operation.permission())
                        .append("` |\n"));
            }
        });
        return out.toString();
    }

    private String description(String tag) {
        return contract.getJsonArray("tags").stream()
                .map(JsonObject.class::cast)
                .filter(json -> json.getString("name").equals(tag))
                .map(json -> json.getString("description", ""))
                .findFirst()
                .orElse("");
    }

    private String page(String tag, List<Operation> operations) {
        StringBuilder out = new StringBuilder("# REST: ").append(tag).append("\n\n");
        out.append(cell(description(tag))).append(" Generated from the contract; [all operations](../api.md).\n");
        operations.forEach(operation -> write(out, operation));
        return out.toString();
    }

    private void write(StringBuilder out, Operation operation) {
        JsonObject json = operation.json();
        out.append("\n## ").append(operation.heading()).append("\n\n");
        out.append(cell(json.getString("summary")))
                .append(". Permission `")
                .append(operation.permission())
                .append("`.");
        String description = json.getString("description", "").strip();
        boolean repeated =
                description.equals(description(json.getJsonArray("tags").getString(0)));
        out.append(description.isEmpty() || repeated ? "\n" : "\n\n" + description + "\n");
        parameters(out, json.getJsonArray("parameters", new JsonArray()));
        JsonObject body = json.getJsonObject("requestBody");
        if (body != null) {
            JsonObject content = body.getJsonObject("content");
            String type = content.fieldNames().iterator().next();
            JsonObject schema = resolved(content.getJsonObject(type).getJsonObject("schema", new JsonObject()));
            out.append("\nBody, `").append(type).append("`:\n\n");
            fields(out, schema);
            example(out, content.getJsonObject(type));
        }
        answers(out, json.getJsonObject("responses"));
    }

    private void parameters(StringBuilder out, JsonArray parameters) {
        if (parameters.isEmpty()) {
            return;
        }
        out.append("\n| parameter | in | type | meaning |\n|---|---|---|---|\n");
        parameters.stream()
                .map(JsonObject.class::cast)
                .map(this::resolved)
                .forEach(parameter -> out.append("| `")
                        .append(parameter.getString("name"))
                        .append(parameter.getBoolean("required", false) ? "`, required | " : "` | ")
                        .append(parameter.getString("in"))
                        .append(" | ")
                        .append(cell(type(parameter.getJsonObject("schema"))))
                        .append(" | ")
                        .append(cell(parameter.getString("description", "")))
                        .append(" |\n"));
    }

    private void fields(StringBuilder out, JsonObject schema) {
        JsonObject properties = schema.getJsonObject("properties", new JsonObject());
        if (properties.isEmpty()) {
            return;
        }
        JsonArray required = schema.getJsonArray("required", new JsonArray());
        out.append("| field | type | meaning |\n|---|---|---|\n");
        for (String name : properties.fieldNames()) {
            JsonObject property = properties.getJsonObject(name);
            String own = property.getString("description", "");
            String meaning = own.isEmpty() ? resolved(property).getString("description", "") : own;
            out.append("| `").append(name).append(required.contains(name) ? "`, required | " : "` | ");
            out.append(cell(type(property))).append(" | ").append(cell(meaning)).append(" |\n");
        }
    }

    private void answers(StringBuilder out, JsonObject responses) {
        List<String> good =
                responses.fieldNames().stream().filter(s -> s.startsWith("2")).toList();
        out.append("\nAnswers: ");
        out.append(responses.fieldNames().stream()
                .filter(status -> !status.equals("default"))
                .map(status -> "`" + status + "`" + (good.contains(status) ? " " + meaning(responses, status) : ""))
                .collect(Collectors.joining(", ")));
        out.append(".\n");
        // The last good one: with a dry run, the first is that.
        if (!good.isEmpty()) {
            JsonObject content =
                    resolved(responses.getJsonObject(good.getLast())).getJsonObject("content", new JsonObject());
            if (!content.isEmpty()) {
                example(
                        out,
                        content.getJsonObject(content.fieldNames().iterator().next()));
            }
        }
    }

    private String meaning(JsonObject responses, String status) {
        return cell(resolved(responses.getJsonObject(status)).getString("description", ""));
    }

    private void example(StringBuilder out, JsonObject content) {
        JsonObject examples = content.getJsonObject("examples", new JsonObject());
        if (examples.isEmpty()) {
            return;
        }
        Object value = resolved(
                        examples.getJsonObject(examples.fieldNames().iterator().next()))
                .getValue("value");
        String text = value instanceof String said
                ? said.strip()
                : Json.encodePrettily(value).replace("\r", "");
        out.append("\n```")
                .append(value instanceof String ? "text" : "json")
                .append('\n')
                .append(text)
                .append("\n```\n");
    }

    private String type(JsonObject schema) {
        String reference = schema.getString("$ref", "");
        JsonObject json = resolved(schema);
        if (json.containsKey("enum")) {
            return json.getJsonArray("enum").stream().map(String::valueOf).collect(Collectors.joining(", "));
        }
        for (String either : List.of("oneOf", "anyOf")) {
            if (json.containsKey(either)) {
                return json.getJsonArray(either).stream()
                        .map(each -> type((JsonObject) each))
                        .distinct()
                        .collect(Collectors.joining(" or "));
            }
        }
        Object type = json.getValue("type");
        if (type instanceof JsonArray types) {
            return types.stream().map(String::valueOf).collect(Collectors.joining(" or "));
        }
        if ("array".equals(type)) {
            return "list of " + type(json.getJsonObject("items", new JsonObject()));
        }
        if ("object".equals(type) && !reference.isEmpty()) {
            return reference.substring(reference.lastIndexOf('/') + 1);
        }
        return type + limits(json);
    }

    private static String limits(JsonObject json) {
        Object least = json.getValue("minimum");
        Object most = json.getValue("maximum");
        Object value = json.getValue("default");
        return (least != null && most != null ? ", " + least + ".." + most : "")
                + (value != null ? ", default " + Json.encode(value) : "");
    }

    /** What it refers to, if it does. */
    private JsonObject resolved(JsonObject json) {
        JsonObject at = json;
        while (at.getString("$ref") != null) {
            JsonObject found = contract;
            for (String step : at.getString("$ref").substring(2).split("/", -1)) {
                found = Objects.requireNonNull(found.getJsonObject(step), step);
            }
            at = found;
        }
        return at;
    }

    private static String cell(String text) {
        return text.strip().replaceAll("\\s+", " ").replace("|", "\\|");
    }
}
