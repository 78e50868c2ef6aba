package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole way from an empty fabric to traffic, as {@code demo/walk} goes it: by the API step by step, and by one file. */
@Timeout(900)
@OwnMachinesTest
class WalkIT {

    private static final Path WALK = Path.of("demo", "walk").toAbsolutePath();

    private static String walk(String name, String... arguments) throws IOException, InterruptedException {
        Path log = Path.of("target", "e2e-" + name + ".log");
        List<String> command = new ArrayList<>(
                List.of(WALK.toString(), "--no-setup", "--prefix", "nvgw-", "--mgmt", "198.18.3", "--http", "18083"));
        command.addAll(List.of(arguments));
        Process walk = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(walk.waitFor(800, TimeUnit.SECONDS)).as(name).isTrue();
        } finally {
            walk.destroy();
            walk.waitFor();
        }
        String said = Files.readString(log);
        assertThat(walk.exitValue()).as(said).isZero();
        return said;
    }

    /** Lookup records on host and gateway, in the order of their VSIDs, and packets: the same whichever way the fabric was made. */
    private static void assertTraffic(String said) {
        assertThat(part(said, "lookup records of host1"))
                .containsPattern("CA 192.168.1.2 .* PA 10.10.10.9  STATIC")
                .containsPattern("CA 10.254.254.2 .* PA 10.10.10.11  STATIC")
                .doesNotContain("GATEWAY_WILDCARD");
        assertThat(part(said, "lookup records of gw1"))
                .containsPattern("CA 192.168.1.2 .* PA 10.10.10.9  STATIC")
                .contains("GATEWAY_WILDCARD");
        assertThat(part(said, "traffic"))
                .containsSubsequence(
                        "web1 pings web2 over NVGRE: ",
                        "web1 fetches the server's page by NAT: this is server, you are 203.0.113.11",
                        "web2 fetches the server's page by NAT: this is server, you are 203.0.113.11");
        assertThat(said).doesNotContain("FAIL");
    }

    /** What was said from the step of this title to the next step. */
    private static String part(String said, String title) {
        int from = said.indexOf("==> " + title);
        assertThat(from).as("step '%s' in%n%s", title, said).isNotNegative();
        int to = said.indexOf("==> ", from + 4);
        return said.substring(from, to < 0 ? said.length() : to);
    }

    @Test
    void stepByStepThroughTheApi() throws Exception {
        String said = walk("walk");

        assertThat(said)
                .contains("host1 has the PA 10.10.10.9")
                .containsPattern("VSID \\d+, pool 192.168.1.2 to 192.168.1.254");
        assertTraffic(said);
    }

    @Test
    void byOneFabricFile() throws Exception {
        String said = walk("walk-file", "--file");

        assertThat(said)
                .containsSubsequence(
                        "plan: 22 to create, 0 to change, 0 to replace, 0 to delete; transactions: 1",
                        "applied contoso-demo: 22 created, 0 changed, 0 replaced, 0 deleted; revision ",
                        "nothing to do: the fabric is as the file says");
        assertTraffic(said);
    }
}
