package net.nvgate.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real gateway as a process of its own, with the flags it is delivered with; its log in a file. */
final class GatewayProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("metrics on http://?([0-9.:]+), after");
    private static final Path FLAGS = Path.of("src/main/dist/gateway.jvm");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final String address;

    GatewayProcess(Path config, Path log) throws IOException, InterruptedException {
        this.log = log;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + FLAGS.toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                GatewayMain.class.getName(),
                "--config",
                config.toString()));
        this.process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        this.address = awaitListening();
    }

    private String awaitListening() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (System.nanoTime() < deadline) {
            Matcher line = LISTENING.matcher(Files.readString(log));
            if (line.find()) {
                return line.group(1);
            }
            // Waits for the end of the process, which is the event that would make further waiting pointless.
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the gateway ended with " + process.exitValue() + "\n" + log());
            }
        }
        process.destroyForcibly();
        throw new AssertionError("the gateway does not listen\n" + log());
    }

    /** Status and body of one of its pages. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + address + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Asks until the page answers 200, at most 60 s. */
    void awaitOk(String path) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        HttpResponse<String> last = get(path);
        while (last.statusCode() != 200) {
            if (System.nanoTime() > deadline || process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new AssertionError(path + " says " + last.body() + "\n" + log());
            }
            last = get(path);
        }
    }

    /** Value of a series in {@code /metrics}, 0 if it is not there. */
    double metric(String series) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** SIGTERM; the exit code, and how long it took. */
    Stopped terminate() throws InterruptedException {
        long start = System.nanoTime();
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway does not stop");
        }
        return new Stopped(process.exitValue(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    record Stopped(int exitCode, long millis) {}

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        http.close();
    }
}
