package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.nvgate.mgmt.api.StrictContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The manager as a process of its own: {@code ManagerMain --config manager.yaml}. */
@Timeout(300)
class RestartTest {

    private static final Pattern LISTENS = Pattern.compile(".* listens on http://127\\.0\\.0\\.1:(\\d+), .*");

    @TempDir
    Path directory;

    /** A child JVM, and the port that its log says. */
    private record Child(Process process, int port) {}

    private Child start() throws IOException {
        Path config = directory.resolve("manager.yaml");
        Files.writeString(
                config, "http: {port: 0}\nsync: {port: 0}\nstate-directory: " + directory.resolve("state") + "\n");
        Process process = command(config).start();
        BufferedReader log = process.inputReader();
        String line = log.readLine();
        while (line != null) {
            Matcher matcher = LISTENS.matcher(line);
            if (matcher.matches()) {
                // What comes later must not fill the pipe.
                Thread.startVirtualThread(() -> log.lines().forEach(_ -> {}));
                return new Child(process, Integer.parseInt(matcher.group(1)));
            }
            line = log.readLine();
        }
        throw new AssertionError("the manager ended before it listened");
    }

    private static ProcessBuilder command(Path config) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManagerMain.class.getName(),
                        "--config",
                        config.toString())
                .redirectErrorStream(true);
    }

    @Test
    void keepsEverythingThroughKillNineAndStopsOnSigterm() throws Exception {
        try (StrictContract contract = new StrictContract()) {
            Child first = start();
            Walk walk =
                    new Walk(new ApiClient(first.port(), contract)).physical().tenant("contoso");
            long revision = revision(new ApiClient(first.port(), contract));
            first.process().destroyForcibly();
            assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();

            Child second = start();
            ApiClient api = new ApiClient(second.port(), contract);
            assertThat(revision(api)).isEqualTo(revision);
            for (String name : walk.names()) {
                assertThat(api.get(walk.path(name)).json()).isEqualTo(walk.object(name));
            }
            long start = System.nanoTime();
            second.process().destroy();
            assertThat(second.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(20_000);
            assertThat(second.process().exitValue()).isEqualTo(128 + 15);
        }
    }

    private static long revision(ApiClient api) {
        return api.get(API + "fabric").json().getLong("revision");
    }

    @Test
    void saysWhatIsWrongWithItsConfiguration() throws Exception {
        Path config = directory.resolve("manager.yaml");
        Files.writeString(config, "http:\n  prot: 1\n");
        Process process = command(config).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(said).contains("manager.yaml", "line 2", "http.prot", "port").doesNotContain("\tat ");
    }
}
