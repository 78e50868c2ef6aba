package net.nvgate.fabric.identity;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the managers for certificates, see {@link IdentityHttp}. One thread at a time. */
final class ManagerClient {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<URI> managers;

    /** Answered last, or is to be tried next. */
    private int current;

    ManagerClient(List<Address> managers) {
        this.managers = managers.stream().map(ManagerClient::uri).toList();
    }

    private static URI uri(Address manager) {
        try {
            return new URI("https", null, manager.host(), manager.port(), "/", null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("manager " + manager.host() + ":" + manager.port(), e);
        }
    }

    /** @param certificates of the node, own first, PEM; absent if none were asked for */
    record Answer(Optional<String> certificates, String trusted) {}

    /** The manager says no. */
    static final class DeniedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final String code;

        DeniedException(String code, String detail) {
            super(detail);
            this.code = code;
        }

        String code() {
            return code;
        }
    }

    Answer join(Function<List<X509Certificate>, Optional<Peer.Refused>> judge, String token, String request)
            throws IOException, DeniedException, InterruptedException {
        return ask(Optional.empty(), judge, "v1/join", Map.of("token", token, "request", request));
    }

    Answer renew(Credentials own, Function<List<X509Certificate>, Optional<Peer.Refused>> judge, String request)
            throws IOException, DeniedException, InterruptedException {
        return ask(Optional.of(own), judge, "v1/renew", Map.of("request", request));
    }

    Answer trusted(Credentials own, Function<List<X509Certificate>, Optional<Peer.Refused>> judge)
            throws IOException, DeniedException, InterruptedException {
        return ask(Optional.of(own), judge, "v1/trusted", Map.of());
    }

    /** The next manager is asked when one does not answer. */
    private Answer ask(
            Optional<Credentials> own,
            Function<List<X509Certificate>, Optional<Peer.Refused>> judge,
            String path,
            Map<String, String> body)
            throws IOException, DeniedException, InterruptedException {
        for (int left = managers.size(); ; left--) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            managers.get(current).resolve(path))
                    .timeout(PATIENCE)
                    .header("Content-Type", "application/json");
            if (!body.isEmpty()) {
                request.POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
            }
            try {
                return ask(own, judge, request.build());
            } catch (IOException e) {
                current = (current + 1) % managers.size();
                if (left <= 1) {
                    throw e;
                }
            }
        }
    }

    private static Answer ask(
            Optional<Credentials> own,
            Function<List<X509Certificate>, Optional<Peer.Refused>> judge,
            HttpRequest request)
            throws IOException, DeniedException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .sslContext(Tls.client(() -> own, judge))
                .build()) {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode json = JSON.readTree(response.body());
            if (response.statusCode() != 200) {
                throw new DeniedException(
                        json.path("code").asString("http-" + response.statusCode()),
                        json.path("detail").asString("the manager answered " + response.statusCode()));
            }
            return new Answer(
                    Optional.ofNullable(json.get("certificates")).map(JsonNode::asString),
                    json.path("trusted").asString(""));
        } catch (JacksonException e) {
            throw new IOException("the manager's answer is not JSON", e);
        }
    }
}
