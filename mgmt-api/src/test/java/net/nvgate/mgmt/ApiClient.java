package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.nvgate.mgmt.api.StrictContract;
import org.jspecify.annotations.Nullable;

/** A client that checks every answer against the contract. */
public final class ApiClient {

    public static final String API = "/api/v1/";

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final StrictContract contract;

    private final Map<String, String> always;

    public ApiClient(int port, StrictContract contract) {
        this("http://127.0.0.1:" + port, contract, Map.of());
    }

    private ApiClient(String base, StrictContract contract, Map<String, String> always) {
        this.base = base;
        this.contract = contract;
        this.always = always;
    }

    /** The same client with one more header in all its requests. */
    public ApiClient with(String name, String value) {
        Map<String, String> more = new TreeMap<>(always);
        more.put(name, value);
        return new ApiClient(base, contract, more);
    }

    /** The same client in a session of this user, as a program that logs in. */
    public ApiClient loggedIn(String user, String password) {
        Reply login = post("login", "{'user':'%s','password':'%s'}".formatted(user, password));
        return with("Cookie", login.cookie()).with("X-Nvgate-Session", "test");
    }

    /** What {@link #with} has set. */
    public String header(String name) {
        return Objects.requireNonNull(always.get(name), name);
    }

    public record Reply(int status, Map<String, String> headers, String body) {

        public JsonObject json() {
            return new JsonObject(body);
        }

        public String id() {
            return json().getString("id");
        }

        /** The cookie of a login, as a request sends it. */
        public String cookie() {
            return Objects.requireNonNull(headers.get("set-cookie"), body).split(";", 2)[0];
        }

        /** Fails unless it is a problem with this code; returns it. */
        public JsonObject problem(int expectedStatus, String code) {
            assertThat(status).as(body).isEqualTo(expectedStatus);
            assertThat(json().getString("code")).as(body).isEqualTo(code);
            assertThat(json().getInteger("status")).isEqualTo(status);
            assertThat(json().getString("requestId")).isEqualTo(headers.get("x-request-id"));
            assertThat(body).doesNotContain("Exception", "\\tat ", ".java");
            return json();
        }
    }

    public HttpClient http() {
        return http;
    }

    public URI uri(String path) {
        return URI.create(base + path);
    }

    public Reply get(String path) {
        return send("GET", path, null);
    }

    /** Creates an object and checks that it is what Location and GET say. */
    public JsonObject create(String kind, String json) {
        Reply reply = post(kind, json);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        String location = API + kind + "/" + reply.id();
        assertThat(reply.headers()).containsEntry("location", location);
        assertThat(get(location).json()).isEqualTo(reply.json());
        return reply.json();
    }

    /** Returns when policy, which follows the store by a thread of its own, has all that was committed before. */
    public void awaitPolicy() {
        long head = head();
        Await.until(
                "policy of revision " + head, () -> get(API + "fabric").json().getLong("policyRevision") >= head);
    }

    /** A node's policy with all that was committed before. */
    public JsonObject policy(String path) {
        long head = head();
        return Await.until(
                "policy of revision " + head, () -> get(path).json(), policy -> policy.getLong("revision") >= head);
    }

    private long head() {
        return get(API + "fabric").json().getLong("revision");
    }

    /** @param kind path below /api/v1; quotes in the JSON may be single ones */
    public Reply post(String kind, String json) {
        return send("POST", API + kind, json.replace('\'', '"'));
    }

    public Reply patch(String path, String json) {
        return send("PATCH", path, json.replace('\'', '"'));
    }

    public Reply delete(String path) {
        return send("DELETE", path, null);
    }

    public Reply send(String method, String path, @Nullable String body, String... headers) {
        return send(method, path, body, true, headers);
    }

    /** For paths that are none of the contract. */
    public Reply sendUnchecked(String method, String path, @Nullable String body, String... headers) {
        return send(method, path, body, false, headers);
    }

    private Reply send(String method, String path, @Nullable String body, boolean checked, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null && !String.join(",", headers).contains("Content-Type")) {
            request.setHeader("Content-Type", "application/json");
        }
        always.forEach(request::setHeader);
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            Map<String, String> all = new TreeMap<>();
            response.headers()
                    .map()
                    .forEach((name, values) -> all.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            if (checked) {
                contract.check(method, uri(path).getPath(), response.statusCode(), all, response.body());
            }
            return new Reply(response.statusCode(), all, response.body());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (Exception e) {
            throw new AssertionError(method + " " + path + ": " + e.getMessage(), e);
        }
    }
}
