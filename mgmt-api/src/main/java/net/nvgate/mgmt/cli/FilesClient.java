package net.nvgate.mgmt.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Asks a manager's API. */
final class FilesClient implements AutoCloseable {

    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final Duration ANSWER_MAX = Duration.ofMinutes(15);
    private static final int PROBLEM_MAX = 4096;

    static {
        // A manager that works for long says every 20 s that it does (103). The JDK's client would take 8 of these, and
        // give up.
        if (System.getProperty("jdk.httpclient.maxNonFinalResponses") == null) {
            System.setProperty("jdk.httpclient.maxNonFinalResponses", "1000");
        }
    }

    private final HttpClient http;
    private final URI base;
    private final Optional<String> token;

    /** The manager said no, or nothing. The message is for people. */
    static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * @param url of the manager, e.g. {@code http://127.0.0.1:8080}
     * @param ca PEM, who signed its certificate; empty = whom the JDK trusts
     * @throws RefusedException if the CA cannot be read
     */
    FilesClient(URI url, Optional<Path> ca, Optional<String> token) throws RefusedException {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT_MAX);
        if (!"https".equalsIgnoreCase(url.getScheme())) {
            // The JDK's has to read who is trusted, which takes longer than most answers.
            builder.sslContext(trustingNobody());
        } else if (ca.isPresent()) {
            builder.sslContext(trusting(ca.get()));
        }
        this.http = builder.build();
        this.token = token;
        String text = url.toString();
        base = URI.create((text.endsWith("/") ? text : text + "/") + "api/v1/");
    }

    private static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    private static SSLContext trusting(Path ca) throws RefusedException {
        try (InputStream in = Files.newInputStream(ca)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new RefusedException("cannot use the CA in " + ca + ": " + e.getMessage());
        }
    }

    /** @param cookie for {@link #asSession} */
    record LoggedIn(String answer, String cookie) {}

    /** @param json user and password */
    LoggedIn login(String json) throws RefusedException {
        HttpResponse<String> response = answer(request("login")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
        String cookie = response.headers()
                .firstValue("set-cookie")
                .orElseThrow(() -> new RefusedException("the manager answered without a session"));
        return new LoggedIn(response.body(), cookie.split(";", 2)[0]);
    }

    /** Posts with the cookie of a login, as no page of another site can. */
    String asSession(String cookie, String path, String json) throws RefusedException {
        return send(request(path)
                .header("Cookie", cookie)
                .header("X-Nvgate-Session", "nvgate")
                .header("Content-Type", "application/json")
                .POST(json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER_MAX);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    /** @param path below {@code /api/v1/}, with its query */
    JsonNode post(String path, String yaml) throws RefusedException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/yaml")
                .POST(BodyPublishers.ofString(yaml))
                .build();
        return Json.MAPPER.readTree(send(request));
    }

    /** @param path below {@code /api/v1/}, with its query */
    String get(String path) throws RefusedException {
        return send(request(path).build());
    }

    /**
     * Writes the answer as it comes.
     *
     * @param path below {@code /api/v1/}, with its query
     * @param most for the whole answer
     * @return bytes written
     */
    long download(String path, OutputStream to, Duration most) throws RefusedException, IOException {
        HttpRequest request = request(path).timeout(most).build();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() / 100 != 2) {
                    throw new RefusedException(request.uri() + " answered " + response.statusCode() + " "
                            + new String(body.readNBytes(PROBLEM_MAX), StandardCharsets.UTF_8));
                }
                return body.transferTo(to);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted");
        }
    }

    /**
     * Events as they come, line by line.
     *
     * @param path below {@code /api/v1/}, with its query
     * @param last id of the last event that is known
     */
    BufferedReader stream(String path, Optional<String> last) throws RefusedException, IOException {
        HttpRequest.Builder request = request(path).timeout(CONNECT_MAX);
        last.ifPresent(id -> request.header("Last-Event-ID", id));
        try {
            HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
            if (response.statusCode() / 100 != 2) {
                try (InputStream body = response.body()) {
                    throw new RefusedException("watching is refused, " + response.statusCode() + " "
                            + new String(body.readNBytes(PROBLEM_MAX), StandardCharsets.UTF_8));
                }
            }
            return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted");
        }
    }

    /**
     * @param path below {@code /api/v1/}
     * @param json body, empty = none
     */
    String call(String method, String path, String json) throws RefusedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build());
    }

    private String send(HttpRequest request) throws RefusedException {
        return answer(request).body();
    }

    private HttpResponse<String> answer(HttpRequest request) throws RefusedException {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new RefusedException(
                        reason(response) + (response.statusCode() == 401 ? " (nvgate login --url URL)" : ""));
            }
            return response;
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
            JsonNode detail = Json.MAPPER.readTree(response.body()).get("detail");
            if (detail != null) {
                return detail.asString();
            }
        } catch (JacksonException e) {
            // No manager: its answers are Json.MAPPER.
        }
        return response.uri() + " answered " + response.statusCode();
    }

    @Override
    public void close() {
        http.close();
    }
}
