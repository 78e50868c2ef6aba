package net.nvgate.appliance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A manager as a process of its own, over etcd. */
final class ManagerProcess implements AutoCloseable {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path directory;
    private final String name;
    private final int port;
    private volatile Process process;

    ManagerProcess(Path directory, String name, int port) throws IOException {
        this.directory = directory;
        this.name = name;
        this.port = port;
        String endpoints =
                EtcdCluster.endpoints().stream().map(uri -> "\"" + uri + "\"").collect(Collectors.joining(", "));
        Files.writeString(
                config(), """
                http: {port: %d}
                sync: {port: 0}
                identity: {seal-key-file: %s}
                state-directory: %s
                store: {type: etcd, etcd: {endpoints: [%s], timeout-seconds: 5}}
                """.formatted(port, directory.resolve("seal.key"), directory.resolve(name), endpoints));
        process = launch();
    }

    private Path config() {
        return directory.resolve(name + ".yaml");
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Path.of("target", "lib").toAbsolutePath() + "/*",
                        "net.nvgate.mgmt.ManagerMain",
                        "--config",
                        config().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(name + ".log").toFile()))
                .start();
    }

    void startAgain() throws IOException {
        process = launch();
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(ANSWER_MAX);
    }

    boolean ready() {
        try {
            return get("/readyz").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws IOException if the manager does not answer */
    HttpResponse<String> get(String path) throws IOException {
        return send(request(path).build());
    }

    /** @throws IOException if the manager does not answer, or ends while it does */
    HttpResponse<String> post(String path, String body) throws IOException {
        return send(request("/api/v1/" + path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    JsonNode tree(HttpResponse<String> response) {
        return json.readTree(response.body());
    }

    /** The end of its log, for messages of failed tests. */
    String log() {
        try {
            String log = Files.readString(directory.resolve(name + ".log"));
            return log.substring(Math.max(0, log.length() - 3000));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        http.shutdownNow();
        http.close();
    }
}
