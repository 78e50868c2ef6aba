package net.nvgate.fabric.store.etcd;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.nvgate.fabric.testing.Await;
import net.nvgate.fabric.testing.FreePort;

/** A real etcd of one member on loopback, with its data in a directory that the caller removes. */
public final class EtcdServer implements AutoCloseable {

    private static final int START_SECONDS_MAX = 60;

    private final Path directory;
    private final int clientPort;
    private final int peerPort;
    private Process process;

    private final String scheme;
    private final List<String> more;

    private EtcdServer(Path directory, String scheme, List<String> more) throws IOException {
        this.directory = directory;
        this.scheme = scheme;
        this.more = more;
        clientPort = FreePort.take();
        peerPort = FreePort.take();
        process = launch();
    }

    /** Answers when this returns. Skips the test, loudly, where there is no etcd. */
    public static EtcdServer start(Path directory) throws IOException {
        EtcdServer server = new EtcdServer(directory, "http", List.of());
        server.awaitHealthy();
        return server;
    }

    /** @param options {@code --cert-file} and the like */
    public static EtcdServer startWithTls(Path directory, List<String> options) throws IOException {
        return new EtcdServer(directory, "https", options);
    }

    /** Where etcd is: named by NVGATE_ETCD, on the path, or where appliance-image/lib/setup.sh has unpacked it. */
    public static Path binary() {
        Optional<Path> found = Stream.concat(
                        Stream.ofNullable(System.getenv("NVGATE_ETCD")).map(Path::of),
                        Stream.concat(
                                Stream.of(System.getenv("PATH").split(":", -1))
                                        .map(entry -> Path.of(entry).resolve("etcd")),
                                Stream.of(Path.of(System.getProperty("user.home"), ".cache/nvgate/etcd/usr/bin/etcd"))))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(
                found.isPresent(),
                "NOT TESTED: there is no etcd (package etcd-server) on this machine; appliance-image/test fetches it");
        return found.get();
    }

    private Process launch() throws IOException {
        String peer = "http://127.0.0.1:" + peerPort;
        List<String> command = new ArrayList<>(List.of(
                binary().toString(),
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer));
        command.addAll(more);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("etcd.log").toFile()))
                .start();
    }

    private void awaitHealthy() throws IOException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(endpoint().resolve("/health"))
                    .timeout(Duration.ofSeconds(START_SECONDS_MAX))
                    .build();
            Await.until(() -> "etcd at " + endpoint() + " is healthy", () -> answersOk(http, request));
        }
    }

    private boolean answersOk(HttpClient http, HttpRequest request) {
        if (!process.isAlive()) {
            fail("etcd has ended, see " + directory.resolve("etcd.log"));
        }
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail("interrupted", e);
        }
    }

    public URI endpoint() {
        return URI.create(scheme + "://127.0.0.1:" + clientPort);
    }

    /** kill -9. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(START_SECONDS_MAX, TimeUnit.SECONDS)) {
            fail("etcd does not die");
        }
    }

    public void startAgain() throws IOException {
        process = launch();
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }
}
