package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.nvgate.mgmt.cli.NvgateMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code nvgate} command against a manager: what it prints and its exit codes. */
class NvgateCommandTest extends ManagerTestBase {

    private static final String FILE = """
            name: cli
            logical-networks:
              - {name: c-hnv, networkVirtualization: true}
            network-sites:
              - {name: c-site, logicalNetwork: c-hnv, subnets: [{prefix: 10.88.0.0/24}]}
            ip-pools:
              - {name: c-pool, networkSite: c-site, prefix: 10.88.0.0/24}
            hosts:
              - {name: c-host, hostType: LINUX_OVS, paPool: c-pool}
            """;

    @TempDir
    private Path directory;

    private final StringWriter printed = new StringWriter();

    private int nvgate(String verb, String yaml, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("fabric.yaml"), yaml);
        return run(Stream.concat(Stream.of(verb, "-f", file.toString()), Stream.of(more)));
    }

    private int run(Stream<String> arguments) {
        printed.getBuffer().setLength(0);
        String url = "http://127.0.0.1:" + manager.httpPort();
        return NvgateMain.run(
                Stream.concat(arguments, Stream.of("--url", url)).toArray(String[]::new),
                new PrintWriter(printed, true));
    }

    @Test
    void walksFromPlanToNothingToDo() throws IOException {
        assertThat(nvgate("plan", FILE)).isEqualTo(2);
        assertThat(printed.toString())
                .contains(" + host c-host", "      providerAddress: \"10.88.0.1\"", "policy of host c-host: +")
                .contains("plan: 4 to create, 0 to change, 0 to replace, 0 to delete; transactions: 1");

        assertThat(nvgate("apply", FILE)).isZero();
        assertThat(printed.toString()).contains("applied cli: 4 created, 0 changed");
        assertThat(nvgate("plan", FILE)).isZero();
        assertThat(nvgate("diff", FILE)).isZero();
        assertThat(printed.toString()).isEmpty();

        String changed = FILE.replace("paPool: c-pool", "paPool: c-pool, maintenance: true, description: rack 7");
        assertThat(nvgate("diff", changed)).isEqualTo(2);
        assertThat(printed.toString())
                .isEqualToNormalizingNewlines(
                        " ~ host c-host\n      description: - → \"rack 7\"\n      maintenance: - → true\n");

        Path exported = directory.resolve("exported.yaml");
        assertThat(run(Stream.of("export", "-f", exported.toString(), "--name", "cli")))
                .isZero();
        assertThat(nvgate("plan", Files.readString(exported), "--prune")).isZero();

        assertThat(nvgate("apply", FILE.substring(0, FILE.indexOf("hosts:")), "--prune"))
                .isZero();
        assertThat(printed.toString()).contains(" - host c-host", "1 deleted");
    }

    @Test
    void anAddressWithoutHttpIsSaidToBeWrong() {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(NvgateMain.run(
                            new String[] {"logout", "--url", "localhost:8080"}, new PrintWriter(printed, true)))
                    .isEqualTo(1);
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("--url must be like http://", "localhost:8080");
    }

    /** A command line that names a subcommand has only that one. */
    @Test
    void helpNamesEverySubcommandAndEachIsFoundByItsName() {
        printed.getBuffer().setLength(0);
        assertThat(NvgateMain.run(new String[] {"--help"}, new PrintWriter(printed, true)))
                .isZero();
        List<String> names = Pattern.compile("^  ([a-z][a-z-]+)  ", Pattern.MULTILINE)
                .matcher(printed.toString())
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(names).contains("plan", "apply", "login", "gateways", "get", "watch", "completion");
        printed.getBuffer().setLength(0);
        assertThat(NvgateMain.run(new String[] {"completion"}, new PrintWriter(printed, true)))
                .isZero();
        String completion = printed.toString();
        for (String name : names) {
            assertThat(completion).contains("_picocli_nvgate_" + name.replace("-", ""));
            printed.getBuffer().setLength(0);
            assertThat(NvgateMain.run(new String[] {name, "--help"}, new PrintWriter(printed, true)))
                    .isZero();
            assertThat(printed.toString()).startsWith("Usage: nvgate " + name);
        }
    }

    @Test
    void whatIsRefusedExitsWithOne() throws IOException {
        assertThat(nvgate("plan", "name: wrong\nhosts: [{name: h}]")).isEqualTo(1);
        assertThat(nvgate("plan", "nome: x")).isEqualTo(1);
        assertThat(run(Stream.of("plan"))).isEqualTo(1);
        assertThat(NvgateMain.run(
                        new String[] {"export", "--url", "http://127.0.0.1:1"}, new PrintWriter(printed, true)))
                .isEqualTo(1);
    }
}
