package net.nvgate.gateway.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.conformance.Requirement;
import net.nvgate.gateway.dpdk.EalExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A short run of both fuzzers. {@code -Dfuzz.packets}, {@code -Dfuzz.seed}, {@code -Dfuzz.first-round}, {@code -Dfuzz.progress} and
 * {@code -Dfuzz.seconds} make it long, see {@code docs/fuzzing.md}.
 */
@ExtendWith(EalExtension.class)
class FuzzTest {

    private static final Path DIRECTORY = Path.of("target/fuzz").toAbsolutePath();

    @Test
    @Requirement("RFC 4787 REQ-11")
    void mutatedPacketsBreakNothing() throws IOException {
        FuzzRun.run(
                Long.getLong("fuzz.packets", 300_000),
                Long.getLong("fuzz.seed", System.nanoTime()),
                Long.getLong("fuzz.first-round", 0),
                System.getProperty("fuzz.progress", ""));
    }

    /** In a JVM of its own, which Jazzer instruments. */
    @Test
    void coverageGuidedInputBreaksNothing() throws IOException, InterruptedException {
        Path corpus = DIRECTORY.resolve("corpus");
        WorkerFuzz.writeCorpus(DIRECTORY.resolve("seeds"));
        Files.createDirectories(corpus);
        Path log = DIRECTORY.resolve("jazzer.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+EnableDynamicAgentLoading",
                "-Xmx600m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + WorkerFuzz.class.getName(),
                "--instrumentation_includes=net.nvgate.gateway.**",
                "--reproducer_path=" + DIRECTORY,
                "-artifact_prefix=" + DIRECTORY + "/",
                "-max_total_time=" + Integer.getInteger("fuzz.seconds", 15),
                "-timeout=30",
                "-max_len=4096",
                "-rss_limit_mb=4096",
                corpus.toString(),
                DIRECTORY.resolve("seeds").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int status = process.waitFor();
        String output = Files.readString(log);
        assertThat(status).as("see %s\n%s", log, tail(output)).isZero();
        assertThat(output).contains("Done ");
        System.out.println(output.substring(output.lastIndexOf("Done ")).strip());
    }

    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - 6000));
    }
}
