package net.nvgate.mgmt.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The real manager as a process of its own with the flags it is delivered with: its store on disk, TLS, logins. */
final class BenchManager implements AutoCloseable {

    private static final String PASSWORD = "bench of the manager";
    private static final String PID_FILE = "manager.pid";
    private static final long START_MILLIS_MAX = 300_000;

    private final Path directory;
    private final ProcessHandle process;
    private final boolean own;
    private final int port;
    private final HttpClient http;

    private BenchManager(Path directory, int port, ProcessHandle process, boolean own) throws Exception {
        this.directory = directory;
        this.port = port;
        this.process = process;
        this.own = own;
        http = HttpClient.newBuilder().sslContext(trusting(awaitCa())).build();
        awaitReady();
    }

    /** The one that {@link #start} of another process has started there; it goes on when this is closed. */
    static BenchManager running(Path directory, int port) throws Exception {
        long pid = Long.parseLong(Files.readString(directory.resolve(PID_FILE)));
        return new BenchManager(directory, port, ProcessHandle.of(pid).orElseThrow(), false);
    }

    /** @param more arguments of the JVM */
    static BenchManager start(Path directory, int port, int syncPort, List<String> more) throws Exception {
        Path config = Files.writeString(directory.resolve("manager.yaml"), """
                http: {address: 127.0.0.1, port: %d, security: tls, file-mib: 64}
                auth: {mode: required, admin-password-file: %s}
                sync: {port: %d, security: none}
                state-directory: %s
                """.formatted(
                        port,
                        Files.writeString(directory.resolve("password"), PASSWORD),
                        syncPort,
                        directory.resolve("state")));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@"
                        + Path.of(System.getProperty("nvgate.bench.jvm", "src/main/dist/manager.jvm"))
                                .toAbsolutePath()));
        command.addAll(more);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "net.nvgate.mgmt.ManagerMain",
                "--config",
                config.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("manager.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        Files.writeString(directory.resolve(PID_FILE), String.valueOf(process.pid()));
        return new BenchManager(directory, port, process.toHandle(), true);
    }

    Path ca() {
        return directory.resolve("state/ca.pem");
    }

    private Path awaitCa() throws InterruptedException {
        for (long waited = 0; !Files.exists(ca()); waited += 50) {
            if (waited > START_MILLIS_MAX || hasEnded(50)) {
                throw new IllegalStateException("the manager does not start, see " + directory.resolve("manager.log"));
            }
        }
        return ca();
    }

    private static SSLContext trusting(Path ca) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var file = Files.newInputStream(ca)) {
            int number = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private void awaitReady() throws InterruptedException {
        for (long waited = 0; ; waited += 100) {
            try {
                if (http.send(HttpRequest.newBuilder(uri("/readyz")).build(), BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
            }
            if (waited > START_MILLIS_MAX || hasEnded(100)) {
                throw new IllegalStateException("the manager is not ready, see " + directory.resolve("manager.log"));
            }
        }
    }

    /** @return after at most so many milliseconds */
    private boolean hasEnded(long millis) throws InterruptedException {
        try {
            process.onExit().get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private URI uri(String path) {
        return URI.create("https://127.0.0.1:" + port + path);
    }

    ProcessHandle process() {
        return process;
    }

    int port() {
        return port;
    }

    /** CPU time of the process so far. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** The secret of a token of the administrator's, who logs in with his password. */
    String adminToken() {
        String cookie = send(
                        "POST",
                        "/api/v1/login",
                        "",
                        new JsonObject()
                                .put("user", "admin")
                                .put("password", PASSWORD)
                                .encode(),
                        "application/json")
                .headers()
                .firstValue("set-cookie")
                .orElseThrow()
                .split(";", 2)[0];
        // Those of runs before.
        get(cookie, "/api/v1/tokens").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(token -> token.getString("name").startsWith("bench "))
                .forEach(token -> send("DELETE", "/api/v1/tokens/" + token.getString("id"), cookie, "", ""));
        return token(
                cookie,
                new JsonObject().put("name", "bench " + System.nanoTime()).put("role", "ADMIN"));
    }

    /** @param credential a token, or a cookie */
    String token(String credential, JsonObject asked) {
        return new JsonObject(send("POST", "/api/v1/tokens", credential, asked.encode(), "application/json")
                        .body())
                .getString("secret");
    }

    /** What an object of the API is; fails unless the answer is one of success. */
    JsonObject get(String token, String path) {
        return new JsonObject(send("GET", path, token, "", "").body());
    }

    HttpResponse<String> send(String method, String path, String credential, String body, String type) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofMinutes(10))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (credential.contains("=") && !credential.isEmpty()) {
            request.header("Cookie", credential).header("X-Nvgate-Session", "bench");
        } else if (!credential.isEmpty()) {
            request.header("Authorization", "Bearer " + credential);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        if (!own) {
            return;
        }
        process.destroy();
        try {
            if (hasEnded(20_000)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
