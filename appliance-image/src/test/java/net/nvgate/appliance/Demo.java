package net.nvgate.appliance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The demo as a person gets it from {@code appliance-image/run}, beside any that already runs: own prefix, own ports.
 * Closing it is Ctrl-C.
 */
final class Demo implements AutoCloseable {

    static final Duration SHORT = Duration.ofSeconds(60);
    static final Duration LONG = Duration.ofMinutes(5);
    static final String PREFIX = "nvgt-";
    static final String SERVER = "198.51.100.80";
    /** The same for VMs of blue and violet that ask by IPv6. */
    static final String SERVER_NAT64 = "2001:db8:64::c633:6450";

    static final String MANAGER = "http://127.0.0.1:18080";
    static final String GATEWAY = "http://198.18.1.2:9465";
    static final String HOST_AGENT = "http://198.18.1.11:9466";
    /** Where the gateway exports to: IPFIX to 4739, syslog to 5514, by UDP. */
    static final String COLLECTOR = "198.18.1.1";

    private static final String ANSWERED = " 0% packet loss";
    private static final AtomicInteger PINGS = new AtomicInteger();
    private static final Path IMAGE = Path.of("").toAbsolutePath();

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final Path state;
    private final Path log;
    private final Process run;

    private Demo(Path state, Path log, Process run) {
        this.state = state;
        this.log = log;
        this.run = run;
    }

    static Demo start() {
        try {
            return startIn(Files.createTempDirectory("nvgate-e2e-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Demo startIn(Path state) throws IOException {
        Path log = Path.of("target", "e2e-run.log");
        Process run = new ProcessBuilder(
                        IMAGE.resolve("run").toString(),
                        "--no-setup",
                        "--prefix",
                        PREFIX,
                        "--mgmt",
                        "198.18.1",
                        "--export",
                        COLLECTOR,
                        "--http",
                        "18080",
                        "--state",
                        state.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Demo demo = new Demo(state, log, run);
        try {
            demo.await(Duration.ofMinutes(10), "the demo's start", () -> {
                if (!run.isAlive()) {
                    throw new AssertionError("run ended: " + demo.runLog());
                }
                return demo.runLog().contains("Ctrl-C stops it");
            });
        } catch (AssertionError | RuntimeException e) {
            demo.close();
            throw e;
        }
        return demo;
    }

    /** What {@code run} has printed. */
    String runLog() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path state() {
        return state;
    }

    /** The command to run something in a machine of the demo. */
    static String[] in(String machine, String... command) {
        return Stream.concat(Stream.of("ip", "netns", "exec", PREFIX + machine), Stream.of(command))
                .toArray(String[]::new);
    }

    static String output(String machine, String... command) {
        return Shell.output(LONG, in(machine, command));
    }

    static Shell.Result run(String machine, String... command) {
        return Shell.run(LONG, in(machine, command));
    }

    /**
     * Two echo requests of one session: what ping says of the first one that has no answer, or else of the second one. A ping for each, for
     * after an answer it waits for the next one only twice as long as for that one, and says that it is lost.
     */
    static String ping(String machine, String target, String... options) {
        List<String> command =
                new ArrayList<>(List.of("ping", "-e", String.valueOf(PINGS.incrementAndGet()), "-c", "1", "-W", "20"));
        command.addAll(List.of(options));
        command.add(target);
        String said = "";
        for (int i = 0; i == 0 || (i == 1 && said.contains(ANSWERED)); i++) {
            said = run(machine, command.toArray(String[]::new)).output();
        }
        return said;
    }

    /** As {@link #ping(String, String, String...)}, with as many bytes. */
    static String ping(String machine, String mode, int payload, String target) {
        return ping(machine, target, "-M", mode, "-s", String.valueOf(payload));
    }

    /** Of a kind such as {@code -U}; whoever is late is waited for, also when others behind it were quick. */
    static String traceroute(String machine, String kind, String target) {
        return output(machine, "traceroute", "-n", kind, "-q", "1", "-w", "20,0,0", "-m", "5", target);
    }

    /** {@code demo/ctl}: move, kill, stop, start. */
    String ctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of(IMAGE.resolve("demo/ctl").toString(), state.toString()));
        command.addAll(List.of(arguments));
        return Shell.output(LONG, command.toArray(String[]::new));
    }

    JsonNode api(String path) {
        return json.readTree(get(MANAGER + "/api/v1" + path));
    }

    /** A change by the API; what it answers. */
    JsonNode change(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(MANAGER + "/api/v1" + path))
                .timeout(SHORT)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        String answer = answer(request, 200, 201, 204);
        return answer.isEmpty() ? json.createObjectNode() : json.readTree(answer);
    }

    /** As {@link #change}; the gateway has it when this returns. */
    JsonNode changePolicy(String method, String path, String body) {
        JsonNode changed = change(method, path, body);
        double revision = changed.path("changedRevision").asDouble();
        await(SHORT, "the gateway's policy", () -> gatewayMetrics().sum("nvgate_policy_revision") >= revision);
        return changed;
    }

    /** Until the gateway is connected and has the newest policy. */
    void awaitGateway() {
        await(LONG, "the gateway's reconnection", () -> {
            JsonNode gateway = api("/fabric").path("gateways").path(0);
            return gateway.path("connected").asBoolean()
                    && gateway.path("appliedRevision").asLong()
                            >= gateway.path("desiredRevision").asLong();
        });
    }

    /** What the command {@code nvgate} says, which has to succeed. */
    String nvgate(String... arguments) {
        return nvgate(0, arguments);
    }

    /** As {@link #nvgate(String...)}, with this exit code. */
    String nvgate(int status, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("env", "NVGATE_URL=" + MANAGER, IMAGE.resolve("nvgate").toString()));
        command.addAll(List.of(arguments));
        Shell.Result result = Shell.run(LONG, command.toArray(String[]::new));
        if (result.status() != status) {
            throw new AssertionError(command + " ended with " + result.status() + ": " + result.output());
        }
        return result.output();
    }

    /** First object of a kind with this name. */
    JsonNode named(String kind, String name) {
        return api("/" + kind + "?name=" + name).path("items").path(0);
    }

    String get(String url) {
        return answer(HttpRequest.newBuilder(URI.create(url)).timeout(SHORT).build(), 200);
    }

    private String answer(HttpRequest request, Integer... good) {
        String what = request.method() + " " + request.uri();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            // A gateway that is busy has not answered the manager within 5 s: who only looks tries again, as the
            // problem says.
            long end = System.nanoTime() + SHORT.toNanos();
            while (response.statusCode() == 504 && request.method().equals("GET") && System.nanoTime() < end) {
                response = http.send(request, HttpResponse.BodyHandlers.ofString());
            }
            if (!List.of(good).contains(response.statusCode())) {
                throw new AssertionError(what + " answered " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(what, e);
        }
    }

    /** One iperf3 at the server, for one client, which may come at once. */
    void startIperf() {
        startIperf(5201);
    }

    /** As {@link #startIperf()}, at another port than the usual one. */
    void startIperf(int port) {
        await(SHORT, "the end of the iperf3 before", () -> !iperfListens(port));
        output("server", "iperf3", "--server", "--one-off", "--daemon", "--port", String.valueOf(port));
        await(SHORT, "iperf3 listens", () -> iperfListens(port));
    }

    private static boolean iperfListens(int port) {
        return !output("server", "ss", "-Hltn", "sport = :" + port).isBlank();
    }

    Metrics gatewayMetrics() {
        return Metrics.parse(get(GATEWAY + "/metrics"));
    }

    String externalAddress(String tenant) {
        return named("nat-connections", tenant + "-nat").path("externalAddress").asString();
    }

    /** Starts something beside everything else, which the common pool of a machine with two CPUs would not do. */
    static <T> CompletableFuture<T> atOnce(Supplier<T> work) {
        return CompletableFuture.supplyAsync(
                work, task -> Thread.ofPlatform().daemon().start(task));
    }

    /** Waits for a condition; looks ten times a second. */
    void await(Duration limit, String what, BooleanSupplier condition) {
        Shell.await(limit, what, condition);
    }

    @Override
    public void close() throws IOException {
        try {
            run.destroy();
            if (!run.waitFor(180, java.util.concurrent.TimeUnit.SECONDS)) {
                run.destroyForcibly();
                throw new AssertionError("run did not stop within three minutes: " + runLog());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        keepLogs();
        try (Stream<Path> files = Files.walk(state)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private void keepLogs() throws IOException {
        Path kept = Files.createDirectories(Path.of("target", "e2e-logs"));
        Path logs = state.resolve("log");
        if (!Files.isDirectory(logs)) {
            return;
        }
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.toList()) {
                Files.copy(file, kept.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
