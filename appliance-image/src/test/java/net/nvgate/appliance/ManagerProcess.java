package net.nvgate.appliance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A manager as a process of its own. */
final class ManagerProcess implements AutoCloseable {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
    private static final Pattern LISTENS = Pattern.compile(" listens on http://127\\.0\\.0\\.1:(\\d+), ");

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path directory;
    private final String name;
    /** Where the log of this run of it begins. */
    private volatile long logBegin;

    /** Of its API; 0 = not known yet. */
    private volatile int port;

    private volatile boolean wanted = true;

    private volatile Process process;

    /** @param config its configuration, in YAML */
    ManagerProcess(Path directory, String name, String config) throws IOException {
        this.directory = directory;
        this.name = name;
        Files.writeString(config(), config);
        process = launch();
    }

    /** One of several over the cluster; the same key seals their CA. */
    static ManagerProcess overEtcd(Path directory, String name) throws IOException {
        String endpoints =
                EtcdCluster.endpoints().stream().map(uri -> "\"" + uri + "\"").collect(Collectors.joining(", "));
        return new ManagerProcess(
                directory, name, """
                http: {port: 0}
                sync: {port: 0}
                identity: {seal-key-file: %s}
                state-directory: %s
                store: {type: etcd, etcd: {endpoints: [%s], timeout-seconds: 5}}
                """.formatted(directory.resolve("seal.key"), directory.resolve(name), endpoints));
    }

    private Path config() {
        return directory.resolve(name + ".yaml");
    }

    private Path logFile() {
        return directory.resolve(name + ".log");
    }

    private Process launch() throws IOException {
        logBegin = Files.exists(logFile()) ? Files.size(logFile()) : 0;
        port = 0;
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
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                .start();
    }

    synchronized void startAgain() throws IOException {
        wanted = true;
        process = launch();
    }

    /** As systemd does it: who has ended by itself, for example because etcd did not answer in time at the start, is started again. */
    synchronized void keepRunning() throws IOException {
        if (wanted && !process.isAlive()) {
            startAgain();
        }
    }

    /** By SIGTERM, as systemd does. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(Duration.ofMinutes(1))) {
            kill();
        }
    }

    /** kill -9. */
    synchronized void kill() throws InterruptedException {
        wanted = false;
        process.destroyForcibly().waitFor();
    }

    /** @throws IOException if it does not listen yet */
    int port() throws IOException {
        if (port == 0) {
            byte[] all = Files.readAllBytes(logFile());
            String log = new String(all, (int) logBegin, all.length - (int) logBegin, StandardCharsets.UTF_8);
            Matcher line = LISTENS.matcher(log);
            if (!line.find()) {
                throw new IOException("the manager does not listen yet");
            }
            port = Integer.parseInt(line.group(1));
        }
        return port;
    }

    private HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(ANSWER_MAX);
    }

    /** Waits until it can be asked. */
    void awaitReady(Duration limit) {
        Shell.await(limit, "the manager's start", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the manager ended: " + log());
            }
            return ready();
        });
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
            String log = Files.readString(logFile());
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
