package net.nvgate.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real gateway as a process of its own, with the flags it is delivered with; its log in a file. */
final class GatewayProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("metrics on http://?([0-9.:]+), after");
    /** Number of the system call. */
    private static final String EPOLL_WAIT = "232";

    private static final Path FLAGS = Path.of("src/main/dist/gateway.jvm");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private String address = "";

    /** With the class path of the tests. Listens when this returns. */
    GatewayProcess(Path config, Path log) throws IOException, InterruptedException {
        this(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + FLAGS.toAbsolutePath(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        GatewayMain.class.getName()),
                config,
                log);
        awaitListening();
    }

    /** @param command to which {@code --config FILE} is added. It may not listen yet: {@link #awaitListening} */
    GatewayProcess(List<String> command, Path config, Path log) throws IOException {
        this.log = log;
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of("--config", config.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
        // Where it listens is said at INFO, whatever the one who measures wants to hear.
        builder.environment().remove("NVGATE_LOG_LEVEL");
        this.process = builder.start();
    }

    /** Until it says where it listens. */
    void awaitListening() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (System.nanoTime() < deadline) {
            Matcher line = LISTENING.matcher(Files.readString(log));
            if (line.find()) {
                address = line.group(1);
                return;
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
        if (address.isEmpty()) {
            awaitListening();
        }
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

    /** CPU time of all its threads so far, to 10 ms. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** CPU time of each of its threads so far, to a nanosecond, by name; threads of one name together. */
    Map<String, Double> threadCpuMillis() throws IOException {
        Map<String, Double> millis = new TreeMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads) {
                String name = Files.readString(thread.resolve("comm")).strip();
                String nanos = Files.readString(thread.resolve("schedstat")).split(" ", 2)[0];
                millis.merge(name, Long.parseLong(nanos) / 1e6, Double::sum);
            }
        }
        return millis;
    }

    /**
     * How long a thread waits at most in epoll_wait(2), ms, by what the kernel says of its system call; empty if it is elsewhere just now.
     * Its number and six arguments are there while the thread sleeps, {@code 232 0x1e 0x7f.. 0x4 0xa ...}.
     */
    OptionalInt epollTimeout(String name) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads) {
                if (nameOf(thread).equals(name)) {
                    String[] call = Files.readString(thread.resolve("syscall")).split(" ", -1);
                    return call[0].equals(EPOLL_WAIT)
                            ? OptionalInt.of((int) Long.parseUnsignedLong(call[4].substring(2), 16))
                            : OptionalInt.empty();
                }
            }
        }
        throw new AssertionError("the gateway has no thread " + name + "\n" + log());
    }

    private static String nameOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
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
