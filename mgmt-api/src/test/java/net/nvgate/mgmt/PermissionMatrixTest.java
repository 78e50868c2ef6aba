package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import net.nvgate.mgmt.api.ApiContract;
import net.nvgate.mgmt.api.StrictContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of the contract, asked for by every role, against {@code permissions.txt}. Ids name nothing and bodies are
 * wrong: whoever may ask gets another refusal than who may not, and nothing is changed.
 */
class PermissionMatrixTest {

    private static final String PASSWORD = "a long first password";
    private static final List<String> LOGGED_IN = List.of("getSession", "logout", "beginOidcLogout", "changePassword");

    /** @param path with parameters filled in */
    private record Call(String operation, String method, String path, boolean body) {}

    @TempDir
    static Path state;

    @Test
    void everyOperationWithEveryRole() throws Exception {
        Map<String, List<Boolean>> expected = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(Path.of("src/test/resources/permissions.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        List<String> roles = cells(lines.getFirst());
        lines.stream()
                .skip(1)
                .forEach(line -> expected.put(
                        line.split(" +", 2)[0],
                        cells(line).stream().map("+"::equals).toList()));
        List<Call> calls = calls();
        assertThat(new TreeSet<>(expected.keySet()))
                .isEqualTo(new TreeSet<>(calls.stream().map(Call::operation).toList()));
        Path password = Files.writeString(state.resolve("password"), PASSWORD);
        List<String> wrong = new ArrayList<>();
        try (StrictContract contract = new StrictContract();
                Manager manager = Manager.start(AccessTest.config(state.resolve("state"), Optional.of(password)));
                HttpClient http = HttpClient.newHttpClient()) {
            ApiClient nobody = new ApiClient(manager.httpPort(), contract);
            Map<String, String> tokens = tokens(nobody);
            int cells = 0;
            for (Call call : calls) {
                assertThat(expected.getOrDefault(call.operation(), List.of()))
                        .as(call.operation())
                        .hasSameSizeAs(roles);
                assertThat(call.path()).as("every parameter is filled in").doesNotContain("{", "}");
                for (int i = 0; i < roles.size(); i++) {
                    cells++;
                    boolean may =
                            expected.getOrDefault(call.operation(), List.of()).get(i);
                    String role = roles.get(i);
                    int status = status(http, nobody, call, Optional.ofNullable(tokens.get(role)));
                    boolean did = status != 401 && status != 403;
                    boolean rightNo = did || status == (role.equals("NOBODY") ? 401 : 403);
                    // A password cannot be changed, or somebody logged in, with what is wrong: that is 401 too.
                    boolean asked =
                            call.operation().equals("login") || call.operation().equals("changePassword");
                    if ((did != may || !rightNo) && !(asked && may && status == 401)) {
                        wrong.add(call.operation() + " by " + role + ": " + status + ", expected "
                                + (may ? "may" : "may not"));
                    }
                }
            }
            // Nothing was left out on the way: as many operations as the contract has ids of.
            assertThat(cells).isEqualTo(operationIds() * roles.size());
            besideTheContract(http, nobody, tokens);
        }
        assertThat(wrong).isEmpty();
        assertThat(LOGGED_IN)
                .allSatisfy(operation -> assertThat(expected.getOrDefault(operation, List.of()))
                        .containsExactly(true, true, true, true, true, true, operation.equals("getSession"), false));
    }

    /** By the text, so that no way of reading the document can skip one. */
    private static int operationIds() {
        return Math.toIntExact(ApiContract.load()
                .text()
                .lines()
                .filter(line -> line.strip().startsWith("operationId: "))
                .count());
    }

    /** Pages and documentation are everybody's; what is neither, nor in the contract, is nobody's. */
    private static void besideTheContract(HttpClient http, ApiClient nobody, Map<String, String> tokens)
            throws IOException, InterruptedException {
        List<Optional<String>> all = new ArrayList<>(List.of(Optional.empty()));
        tokens.values().forEach(token -> all.add(Optional.of(token)));
        for (Optional<String> token : all) {
            for (String path : List.of("/docs/", "/docs/search.json")) {
                assertThat(status(http, nobody, new Call("docs", "GET", path, false), token))
                        .as(path)
                        .isEqualTo(200);
            }
            assertThat(status(http, nobody, new Call("docs", "POST", "/docs/", false), token))
                    .isIn(404, 405);
            assertThat(status(http, nobody, new Call("none", "GET", "/api/v1/no-such-thing", false), token))
                    .isEqualTo(token.isEmpty() ? 401 : 404);
        }
    }

    private static List<String> cells(String line) {
        return List.of(line.split(" +", 2)[1].split(" +", -1));
    }

    private static Map<String, String> tokens(ApiClient nobody) {
        ApiClient admin = nobody.loggedIn("admin", PASSWORD);
        Map<String, String> tokens = new LinkedHashMap<>();
        for (String role : List.of("ADMIN", "OPERATOR", "AUDITOR")) {
            tokens.put(role, token(admin, "{'name':'%s','role':'%s'}".formatted(role, role)));
        }
        for (String role : List.of("TENANT_OWNER", "TENANT_MEMBER", "TENANT_READER")) {
            tokens.put(role, token(admin, "{'name':'%s','role':'%s','tenant':'contoso'}".formatted(role, role)));
        }
        tokens.put("ADMIN_READONLY", token(admin, "{'name':'read','readOnly':true}"));
        return tokens;
    }

    private static String token(ApiClient admin, String request) {
        return admin.post("tokens", request).json().getString("secret");
    }

    private static List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        JsonObject paths = ApiContract.load().json().getJsonObject("paths");
        for (String path : paths.fieldNames()) {
            JsonObject operations = paths.getJsonObject(path);
            for (String method : operations.fieldNames()) {
                if (operations.getValue(method) instanceof JsonObject operation) {
                    calls.add(new Call(
                            operation.getString("operationId"),
                            method.toUpperCase(Locale.ROOT),
                            filledIn(path),
                            operation.containsKey("requestBody")));
                }
            }
        }
        return calls;
    }

    private static String filledIn(String path) {
        return path.replace("{id}", "00000000-0000-4000-8000-00000000dead")
                .replace("{nicId}", "00000000-0000-4000-8000-00000000dead")
                .replace("{vmNetworkId}", "00000000-0000-4000-8000-00000000dead")
                .replace("{revision}", "999999999")
                .replace("{kind}", path.contains("history") || path.contains("revert") ? "vms" : "hosts")
                .replace("{name}", "nobody")
                .replace("{script}", "none")
                .replace("{address}", "192.0.2.1");
    }

    /** Without the body, which of events has no end. */
    private static int status(HttpClient http, ApiClient api, Call call, Optional<String> token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(api.uri(call.path()))
                .method(
                        call.method(),
                        call.body() ? BodyPublishers.ofString("{\"no\":\"such field\"}") : BodyPublishers.noBody());
        if (call.body()) {
            request.header(
                    "Content-Type", call.path().matches(".*/(plan|apply)") ? "application/yaml" : "application/json");
        }
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
        response.body().close();
        return response.statusCode();
    }
}
