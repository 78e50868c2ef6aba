package net.nvgate.mgmt.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a manager's API. */
final class FilesClient implements AutoCloseable {

    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final Duration ANSWER_MAX = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_MAX).build();
    private final URI base;

    /** The manager said no, or nothing. The message is for people. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** @param url of the manager, e.g. {@code http://127.0.0.1:8080} */
    FilesClient(URI url) {
        String text = url.toString();
        base = URI.create((text.endsWith("/") ? text : text + "/") + "api/v1/");
    }

    /** @param path below {@code /api/v1/}, with its query */
    JsonNode post(String path, String yaml) throws RefusedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER_MAX)
                .header("Content-Type", "application/yaml")
                .POST(BodyPublishers.ofString(yaml))
                .build();
        return JSON.readTree(send(request));
    }

    /** @param path below {@code /api/v1/}, with its query */
    String get(String path) throws RefusedException {
        return send(
                HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER_MAX).build());
    }

    /**
     * @param path below {@code /api/v1/}
     * @param json body, empty = none
     */
    String call(String method, String path, String json) throws RefusedException {
        return send(HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER_MAX)
                .header("Content-Type", "application/json")
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build());
    }

    private String send(HttpRequest request) throws RefusedException {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new RefusedException(reason(response));
            }
            return response.body();
        } catch (IOException e) {
            throw new RefusedException("no answer from " + request.uri().resolve("/") + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted");
        }
    }

    /** What the problem+json of the answer says. */
    private static String reason(HttpResponse<String> response) {
        try {
            JsonNode detail = JSON.readTree(response.body()).get("detail");
            if (detail != null) {
                return detail.asString();
            }
        } catch (JacksonException e) {
            // No manager: its answers are JSON.
        }
        return response.uri() + " answered " + response.statusCode();
    }

    @Override
    public void close() {
        http.close();
    }
}
