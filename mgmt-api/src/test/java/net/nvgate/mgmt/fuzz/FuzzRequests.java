package net.nvgate.mgmt.fuzz;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Makes requests of one operation. The same seed makes the same ones. */
public final class FuzzRequests {

    private static final Set<Integer> REFUSED = Set.of(400);
    private static final List<String> ODD_ESCAPES = List.of(
            "%00",
            "%ff", "%c0%80", "%2e%2e%2f", "%252e", "%ud800", "%zz", "%", "a%20b", "%e2%80%ae", "~", "a;b=c", "%0d%0a");

    private final FuzzContract contract;
    private final FuzzValues values;
    private final FuzzBodies bodies;
    private final Map<String, String> admin;
    private final List<Map<String, String>> others;

    /**
     * @param admin headers of who may do everything
     * @param others headers of who may do less
     */
    public FuzzRequests(FuzzContract contract, long seed, Map<String, String> admin, List<Map<String, String>> others) {
        this.contract = contract;
        this.values = new FuzzValues(contract, new Random(seed));
        this.bodies = new FuzzBodies(contract, values);
        this.admin = admin;
        this.others = others;
    }

    /** An object is there, or has been. */
    public void known(String kind, String id) {
        values.known(kind, id);
    }

    /** Empty if this operation has no such requests. */
    public Optional<FuzzRequest> make(FuzzContract.Operation operation, FuzzCase how) {
        String type = FuzzContract.bodyType(operation);
        if (how.needsBody() && type == null) {
            return Optional.empty();
        }
        Map<String, String> headers = new LinkedHashMap<>(admin);
        Set<Integer> allowed = Set.of();
        FuzzRequest.Bytes body = null;
        if (type != null && how != FuzzCase.NO_BODY) {
            headers.put("Content-Type", type);
            Optional<FuzzBodies.Body> made = type.equals("application/json")
                    ? bodies.make(operation, how)
                    : Optional.of(new FuzzBodies.Body(file(how), Set.of()));
            if (made.isEmpty()) {
                return Optional.empty();
            }
            body = made.get().bytes();
            allowed = made.get().allowed();
        }
        String path = path(operation, how == FuzzCase.PATH_ODD);
        Optional<Query> query = query(operation, how);
        if (query.isEmpty()) {
            return Optional.empty();
        }
        allowed = query.get().allowed().isEmpty() ? allowed : query.get().allowed();
        String method = operation.method();
        switch (how) {
            case NO_BODY -> allowed = Set.of(400, 415);
            case CONTENT_TYPE -> {
                headers.put(
                        "Content-Type",
                        values.one(List.of("text/plain", "application/json; charset=utf-16", "x", "*/*", "")));
                allowed = Set.of(415);
            }
            case METHOD -> method = values.one(List.of("PUT", "TRACE", "OPTIONS", "BREW", "POST", "DELETE", "PATCH"));
            case HEADER_ODD -> oddHeader(headers);
            case NO_LOGIN -> {
                headers.keySet().removeAll(admin.keySet());
                allowed = operation.isPublic() ? Set.of() : Set.of(401);
            }
            case WRONG_LOGIN -> {
                headers.put(
                        "Authorization",
                        values.one(List.of("Bearer wrong", "Bearer", "Basic YTpi", "Bearer " + "x".repeat(600), "x")));
                allowed = Set.of(401);
            }
            case OTHER_ROLE -> headers.putAll(values.one(others));
            default -> {}
        }
        if (Set.of("PATH_ODD", "METHOD").contains(how.name())) {
            allowed = Set.of();
        }
        return Optional.of(
                new FuzzRequest(operation, how, method, path + query.get().text(), headers, body, allowed));
    }

    private FuzzRequest.Bytes file(FuzzCase how) {
        return FuzzRequest.Bytes.of(
                how == FuzzCase.VALID || how == FuzzCase.EXAMPLE
                        ? "apiVersion: nvgate/v1\nlogicalNetworks: []\n"
                        : values.one(List.of(
                                "",
                                "a: [",
                                "- x",
                                "&a [*a, *a]",
                                "name: " + values.one(FuzzValues.ODD_TEXTS),
                                "\u0000",
                                "? {}",
                                "[".repeat(5000),
                                "a: !!javax.script.ScriptEngineManager [x]",
                                "%YAML 9.9\n---\n")));
    }

    private void oddHeader(Map<String, String> headers) {
        String name = values.one(List.of(
                "If-Match", "X-Nvgate-Comment", "X-Request-Id", "Accept", "Last-Event-ID", "Idempotency-Key", "Range"));
        headers.put(
                name,
                values.one(List.of(
                        "",
                        "*",
                        "\"1\"",
                        "\"99999999999999999999\"",
                        "W/\"1\"",
                        "\"1\", \"2\"",
                        "\u00e9\u00ff",
                        "x".repeat(2000),
                        "application/xml",
                        "bytes=0-1",
                        "a b c")));
    }

    private String path(FuzzContract.Operation operation, boolean odd) {
        List<JsonObject> parameters = operation.parameters("path");
        int oddOne = odd && !parameters.isEmpty() ? parameters.indexOf(values.one(parameters)) : -1;
        String path = operation.path();
        for (int i = 0; i < parameters.size(); i++) {
            JsonObject parameter = parameters.get(i);
            String name = parameter.getString("name");
            String value = i == oddOne
                    ? values.one(ODD_ESCAPES)
                    : escaped(name.equals("id") ? values.id(kind(operation)) : text(parameter));
            path = path.replace("{" + name + "}", value);
        }
        if (odd && parameters.isEmpty()) {
            path += values.one(List.of("/", "//", "/.", "%2f", ";a=b", "/..", "%00", "/" + "x".repeat(3000)));
        }
        return path;
    }

    private static String kind(FuzzContract.Operation operation) {
        String[] steps = operation.path().split("/", -1);
        return steps[3].startsWith("{") ? "vm-networks" : steps[3];
    }

    private String text(JsonObject parameter) {
        String name = parameter.getString("name");
        if (name.equals("waitSeconds") || name.equals("seconds")) {
            return "1";
        }
        String text = String.valueOf(values.value(parameter.getJsonObject("schema"), name, 0));
        // Without its step, a path is another one.
        return text.isEmpty() && parameter.getString("in").equals("path") ? "-" : text;
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text.replace("<high>", "?"), StandardCharsets.UTF_8)
                .replace("+", "%20");
    }

    /** @param allowed as {@link FuzzRequest#allowed} */
    private record Query(String text, Set<Integer> allowed) {}

    private Optional<Query> query(FuzzContract.Operation operation, FuzzCase how) {
        List<String> parts = new ArrayList<>();
        List<JsonObject> parameters = operation.parameters("query");
        for (JsonObject parameter : parameters) {
            if (values.chance(how == FuzzCase.QUERY_TWICE ? 0 : 25)) {
                parts.add(parameter.getString("name") + "=" + escaped(text(parameter)));
            }
        }
        Set<Integer> allowed = Set.of();
        switch (how) {
            case QUERY_UNKNOWN -> {
                parts.add(values.one(List.of("colour=red", "=", "a%00b=1", "LIMIT=1", "limit%20=1", "%zz=1", "x[]=1")));
                allowed = operation.model().getBoolean("x-nvgate-open-query", false) ? Set.of() : REFUSED;
            }
            case QUERY_TWICE, QUERY_ODD, QUERY_WRONG -> {
                if (parameters.isEmpty()) {
                    return Optional.empty();
                }
                JsonObject parameter = values.one(parameters);
                String name = parameter.getString("name");
                parts.removeIf(part -> part.startsWith(name + "="));
                if (how == FuzzCase.QUERY_TWICE) {
                    parts.add(name + "=" + escaped(text(parameter)));
                    parts.add(name + "=" + escaped(text(parameter)));
                    allowed = REFUSED;
                } else if (how == FuzzCase.QUERY_ODD) {
                    parts.add(name + "=" + values.one(ODD_ESCAPES));
                } else {
                    Optional<String> wrong = wrong(contract.resolved(parameter.getJsonObject("schema")));
                    if (wrong.isEmpty()) {
                        return Optional.empty();
                    }
                    parts.add(name + "=" + escaped(wrong.get()));
                    allowed = REFUSED;
                }
            }
            default -> {}
        }
        return Optional.of(new Query(parts.isEmpty() ? "" : "?" + String.join("&", parts), allowed));
    }

    private Optional<String> wrong(JsonObject schema) {
        if (schema.containsKey("enum")) {
            return Optional.of(values.one(List.of("NO_SUCH", "", "null", "true")));
        }
        return switch (FuzzValues.type(schema)) {
            case "integer" ->
                Optional.of(values.one(List.of("x", "", "1.5", "1e400", "-1", "９", "0x10", "null", "[]", "\"1\"")));
            case "boolean" -> Optional.of(values.one(List.of("maybe", "", "1", "TRUE", "null", "\"true\"")));
            case "string" ->
                schema.containsKey("maxLength")
                        ? Optional.of("x".repeat(schema.getInteger("maxLength") + 1))
                        : schema.containsKey("pattern") ? Optional.of("\u0001{") : Optional.empty();
            default -> Optional.empty();
        };
    }
}
