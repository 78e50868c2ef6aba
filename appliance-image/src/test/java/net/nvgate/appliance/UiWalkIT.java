package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People at the pages of a manager that asks who is there: an administrator builds a fabric, a tenant makes a network in it. */
@OwnMachinesTest
final class UiWalkIT {

    private static final Duration START_MAX = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @Test
    void aFabricIsBuiltAndATenantHelpsItself() throws IOException, InterruptedException {
        int port = freePort();
        Path password = Files.writeString(directory.resolve("password"), "a long first password\n");
        Process manager = manager(port, password);
        try {
            Path web = Path.of("..", "mgmt-api", "src", "main", "web")
                    .toAbsolutePath()
                    .normalize();
            Shell.await(START_MAX, "the manager's start", () -> healthy(port, manager));
            Shell.Result walk = Shell.run(
                    Duration.ofMinutes(15),
                    "npm",
                    "--prefix",
                    web.toString(),
                    "run",
                    "--silent",
                    "walk",
                    "--",
                    "--url",
                    "http://127.0.0.1:" + port,
                    "--password-file",
                    password.toString(),
                    "--hands",
                    "mouse");
            assertThat(walk.status()).as(walk.output()).isZero();
        } finally {
            manager.destroy();
            if (!manager.waitFor(30, TimeUnit.SECONDS)) {
                manager.destroyForcibly().waitFor();
            }
        }
    }

    private Process manager(int port, Path password) throws IOException {
        Path config = Files.writeString(
                directory.resolve("manager.yaml"), """
                http: {port: %d, security: none}
                sync: {port: 0}
                state-directory: %s
                auth: {mode: required, admin-password-file: %s}
                """.formatted(port, directory.resolve("state"), password));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Path.of("target", "lib").toAbsolutePath() + "/*",
                        "net.nvgate.mgmt.ManagerMain",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("manager.log").toFile())
                .start();
    }

    private boolean healthy(int port, Process manager) {
        if (!manager.isAlive()) {
            throw new AssertionError("the manager ended: " + log());
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException starting) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("manager.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
