package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
        Path password = Files.writeString(directory.resolve("password"), "a long first password\n");
        try (ManagerProcess manager =
                new ManagerProcess(directory, "manager", """
                http: {port: 0, security: none}
                sync: {port: 0}
                state-directory: %s
                auth: {mode: required, admin-password-file: %s}
                """.formatted(directory.resolve("state"), password))) {
            manager.awaitReady(START_MAX);
            Path web = Path.of("..", "mgmt-api", "src", "main", "web")
                    .toAbsolutePath()
                    .normalize();
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
                    "http://127.0.0.1:" + manager.port(),
                    "--password-file",
                    password.toString(),
                    "--hands",
                    "mouse");
            assertThat(walk.status()).as(walk.output()).isZero();
            manager.stop();
        }
    }
}
