package net.nvgate.gateway.dpdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What needs a process of its own: one EAL per process. */
class EalProcessTest {

    private static final Path HUGE_PAGES = Path.of("/proc/sys/vm/nr_hugepages");

    @Test
    void lifeOfAProcess() throws Exception {
        assertThat(child("life", "OFF")).contains("DONE").contains("hugepages false");
    }

    @Test
    void hugePagesCarryPoolsAndTables() throws Exception {
        assumeTrue(Files.isWritable(HUGE_PAGES), "NOT RUN: hugepages need root");
        String before = Files.readString(HUGE_PAGES).strip();
        try {
            Files.writeString(HUGE_PAGES, Integer.toString(Integer.parseInt(before) + 128));
            assumeTrue(HugePagePool.freeMib() >= 128, "NOT RUN: the kernel has no memory for 64 hugepages");
            assertThat(child("life", "ON")).contains("DONE").contains("hugepages true");
        } finally {
            Files.writeString(HUGE_PAGES, before);
        }
    }

    @Test
    void tooManyHugePagesAreRefusedWithNumbers() throws Exception {
        assertThat(child("huge", "ON")).contains("wanted are 1000000 MiB; set vm.nr_hugepages");
    }

    @Test
    void badArgumentsAreAnErrorNotAnExit() throws Exception {
        assertThat(child("bad", "OFF")).contains("FAILED DPDK does not start with [nvgate");
    }

    @Test
    void argumentsThatExitOrContradictAreRefused() {
        for (String argument : List.of("--help", "-v", "--in-memory", "-l", "--file-prefix=x")) {
            assertThatThrownBy(() -> new EalOptions(EalOptions.HugePages.OFF, 64, "x", List.of(), List.of(argument)))
                    .hasMessageContaining("is not allowed: the gateway sets it itself");
        }
    }

    private static String child(String what, String hugePages) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                EalChild.class.getName(),
                what,
                hugePages));
        Commands.Outcome outcome = Commands.run(command);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output();
    }
}
