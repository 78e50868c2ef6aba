package net.nvgate.mgmt.fuzz;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.nvgate.mgmt.api.StrictContract;

/**
 * An answer.
 *
 * @param headers lower case
 */
public record FuzzAnswer(int status, Map<String, String> headers, String body) {

    /** Of 5xx, what is no fault of the manager: the gateway or host that was asked is not there. */
    private static final Set<String> OTHERS_FAULTS = Set.of("node-not-connected", "node-timeout");

    /** What is wrong with it; empty if nothing is. */
    public Optional<String> objection(FuzzRequest request, FuzzContract contract, StrictContract strict) {
        try {
            String type = headers.getOrDefault("content-type", "").split(";", 2)[0];
            JsonObject problem = type.equals("application/problem+json") ? new JsonObject(body) : new JsonObject();
            String code = problem.getString("code", "");
            if (!headers.containsKey("x-request-id")) {
                return Optional.of("no request id");
            }
            if (status >= 500 && !OTHERS_FAULTS.contains(code)) {
                return Optional.of("a fault of the server");
            }
            if (!request.allowed().isEmpty() && !request.allowed().contains(status)) {
                return Optional.of("expected " + request.allowed());
            }
            if (request.method().equals(request.operation().method()) && isSamePath(request)) {
                return undocumented(request.operation(), contract, strict, type, code);
            }
            return status >= 300 && !type.equals("application/problem+json")
                    ? Optional.of("an error that is no problem+json")
                    : Optional.empty();
        } catch (Exception | AssertionError e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Odd paths may be others of the contract, or none. */
    private static boolean isSamePath(FuzzRequest request) {
        return request.made() != FuzzCase.PATH_ODD;
    }

    private Optional<String> undocumented(
            FuzzContract.Operation operation, FuzzContract contract, StrictContract strict, String type, String code)
            throws Exception {
        JsonObject response = contract.response(operation, String.valueOf(status));
        if (response == null) {
            response = contract.response(operation, "default");
            if (!code.isEmpty() && !hasWord(response, status + "") && !hasWord(response, code)) {
                return Optional.of("status and code are not documented: " + status + " " + code);
            }
        } else if (!code.isEmpty() && !hasWord(response, code)) {
            return Optional.of("code is not documented with " + status + ": " + code);
        }
        JsonObject content = response == null ? null : response.getJsonObject("content");
        if (type.isEmpty() ? content != null : content == null || !content.containsKey(type)) {
            return Optional.of("content type is not documented: " + type);
        }
        if (type.isEmpty() || type.endsWith("json")) {
            strict.checkAnswer(operation.id(), status, new HashMap<>(headers), body);
        }
        return Optional.empty();
    }

    private static boolean hasWord(@org.jspecify.annotations.Nullable JsonObject response, String word) {
        return response != null
                && java.util.List.of(response.getString("description").split("[^a-z0-9-]+", -1))
                        .contains(word);
    }
}
