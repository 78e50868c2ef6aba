package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.stream.Stream;
import net.nvgate.mgmt.cli.NvgateMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code nvgate import} and {@code export-host} against a manager: a Hyper-V host's files in, the same records out. */
class ImportCommandTest extends ManagerTestBase {

    private static final String RDID = "{5A5A5A5A-0000-4000-8000-00000000000A}";

    private static final String HOST = """
            {"Name": "HV9",
             "LookupRecords": [
               {"CustomerAddress": "10.44.0.5", "VirtualSubnetID": 9001, "MACAddress": "00155D440005", "VMName": "i-web",
                "ProviderAddress": "10.77.0.9", "Rule": "TranslationMethodEncap", "Type": "Static", "Context": "i-blue"},
               {"CustomerAddress": "10.44.0.1", "VirtualSubnetID": 9001, "MACAddress": "001DD8440001", "VMName": "i-net",
                "ProviderAddress": "10.77.0.9", "Rule": "TranslationMethodEncap", "Type": "Static", "Context": "i-blue"},
               {"CustomerAddress": "10.44.9.2", "VirtualSubnetID": 9009, "MACAddress": "001DD8440009", "VMName": "i-way",
                "ProviderAddress": "10.77.0.200", "Rule": "TranslationMethodEncap", "Type": "Static", "Context": "i-blue"},
               {"CustomerAddress": "10.44.9.1", "VirtualSubnetID": 9009, "MACAddress": "001DD8440008", "VMName": "i-way",
                "ProviderAddress": "10.77.0.9", "Rule": "TranslationMethodEncap", "Type": "Static", "Context": "i-blue"}],
             "CustomerRoutes": [
               {"RoutingDomainID": "RDID", "VirtualSubnetID": 9001, "DestinationPrefix": "10.44.0.0/24", "NextHop": "0.0.0.0", "Metric": 255},
               {"RoutingDomainID": "RDID", "VirtualSubnetID": 9009, "DestinationPrefix": "10.44.9.0/29", "NextHop": "0.0.0.0", "Metric": 255},
               {"RoutingDomainID": "RDID", "VirtualSubnetID": 9009, "DestinationPrefix": "0.0.0.0/0", "NextHop": "10.44.9.2", "Metric": 255}],
             "ProviderAddresses": [{"ProviderAddress": "10.77.0.9", "InterfaceIndex": 12, "PrefixLength": 24, "VlanID": 77}],
             "ProviderRoutes": [{"InterfaceIndex": 12, "DestinationPrefix": "0.0.0.0/0", "NextHop": "10.77.0.1", "Metric": 256}],
             "Global": {"UseExternalRouter": false}}
            """.replace("\"RDID\"", "\"" + RDID + "\"");

    private static final String FRONT_END = """
            name: i-front-end
            logical-networks: [{name: i-external}]
            network-sites: [{name: i-external, logicalNetwork: i-external, subnets: [{prefix: 198.51.100.0/24}]}]
            ip-pools: [{name: i-external, networkSite: i-external, prefix: 198.51.100.0/24}]
            """;

    @TempDir
    private Path directory;

    private final StringWriter printed = new StringWriter();

    private int nvgate(String... arguments) {
        printed.getBuffer().setLength(0);
        String url = "http://127.0.0.1:" + manager.httpPort();
        return NvgateMain.run(
                Stream.concat(Stream.of(arguments), Stream.of("--url", url)).toArray(String[]::new),
                new PrintWriter(printed, true));
    }

    /** A host's export is what its policy says. */
    private int export(String... arguments) {
        api.awaitPolicy();
        return nvgate(Stream.concat(Stream.of("export-host", "HV9"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private Path files(String host) throws IOException {
        Path files = Files.createDirectories(directory.resolve("hosts"));
        Files.writeString(files.resolve("HV9.json"), host);
        return files;
    }

    @Test
    void aHostsFilesBecomeTheFabricAndComeBack() throws IOException {
        Path frontEnd = Files.writeString(directory.resolve("front-end.yaml"), FRONT_END);
        assertThat(nvgate("apply", "-f", frontEnd.toString())).isZero();
        String files = files(HOST).toString();
        String[] options = {"--name", "i-vmm", "--gateway", "i-gw=10.77.0.200", "--external-pool", "i-external"};

        assertThat(nvgate(with(options, "import", files, "--plan"))).isEqualTo(2);
        assertThat(printed.toString())
                .contains(
                        "INFO MISSING_WILDCARD RDID 5a5a5a5a-0000-4000-8000-00000000000a gateway 001DD8440009",
                        " + host HV9")
                .contains("policy of host HV9: +", "plan: 9 to create, 0 to change, 0 to replace, 0 to delete");
        assertThat(nvgate(with(options, "import", files, "--apply"))).isZero();
        assertThat(printed.toString()).contains(" APPLIED: 1 hosts, 4 records, ", "; 9 objects changed, revision ");
        assertThat(nvgate(with(options, "import", files, "--apply"))).isZero();
        assertThat(printed.toString()).contains(" UNCHANGED: 1 hosts");
        assertThat(nvgate(with(options, "import", files, "--plan"))).isZero();

        for (String format : new String[] {"json", "csv", "clixml"}) {
            Path exported = directory.resolve(format);
            assertThat(export("--format", format, "--dir", exported.toString())).isZero();
            // What comes back is the same fabric.
            assertThat(nvgate(with(options, "import", exported.toString(), "--plan")))
                    .as(printed.toString())
                    .isZero();
        }
        assertThat(export()).isZero();
        assertThat(printed.toString())
                .contains("\"CustomerAddress\" : \"10.44.0.5\"", "\"RoutingDomainID\" : \"" + RDID + "\"");
        assertThat(export("--format", "csv")).isZero();
        assertThat(printed.toString()).contains("\"10.44.0.5\",\"9001\",\"00155D440005\",\"10.77.0.9\"");

        String id = api.get(ApiClient.API + "hosts?name=HV9")
                .json()
                .getJsonArray("items")
                .getJsonObject(0)
                .getString("id");
        ApiClient.Reply netWnv = api.get(ApiClient.API + "hosts/" + id + "/netwnv");
        assertThat(netWnv.status()).isEqualTo(200);
        assertThat(netWnv.json().getJsonArray("LookupRecords")).hasSize(4);
        api.get(ApiClient.API + "hosts/00000000-0000-4000-8000-000000000000/netwnv")
                .problem(404, "not-found");

        files(HOST.replace("10.44.0.5\"", "10.44.0.6\""));
        assertThat(nvgate(with(options, "import", files, "--apply"))).isZero();
        assertThat(printed.toString()).contains(" APPLIED: ", "; 1 objects changed");
        assertThat(export()).isZero();
        assertThat(printed.toString()).contains("\"10.44.0.6\"").doesNotContain("\"10.44.0.5\"");
    }

    private static String[] with(String[] options, String... arguments) {
        return Stream.concat(Stream.of(arguments), Stream.of(options)).toArray(String[]::new);
    }

    /** Lines of a process that follows the files until it is told to stop. */
    private Process follow(Path metrics) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NvgateMain.class.getName(),
                        "import",
                        directory.resolve("hosts").toString(),
                        "--name",
                        "i-follow",
                        "--follow",
                        "3600",
                        "--settle",
                        "0",
                        "--metrics",
                        metrics.toString(),
                        "--url",
                        "http://127.0.0.1:" + manager.httpPort())
                .redirectErrorStream(true)
                .start();
    }

    private static String next(BufferedReader lines, String result) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.contains(" " + result + ": ")) {
            line = lines.readLine();
        }
        assertThat(line).as("the process goes on").isNotNull();
        return Objects.requireNonNull(line);
    }

    /** At once, so that nobody reads a half of it. */
    private void replace(String host) throws IOException {
        Path beside = Files.writeString(directory.resolve("beside.json"), host);
        Files.move(beside, directory.resolve("hosts/HV9.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String address(String vm) {
        return api.get(ApiClient.API + "vms?name=" + vm)
                .json()
                .getJsonArray("items")
                .getJsonObject(0)
                .getJsonArray("nics")
                .getJsonObject(0)
                .getString("address");
    }

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // reading lines does not end by an interrupt
    void aProcessFollowsFilesAndGoesOnAfterItsEnd() throws Exception {
        String other = HOST.replace("HV9", "HV8")
                .replace("10.77.", "10.78.")
                .replace("90", "91")
                .replace("0015", "0016")
                .replace("001D", "001E")
                .replace("i-web", "f-web")
                .replace("i-blue", "f-blue")
                .replace("5A5A5A5A", "5B5B5B5B");
        files(other);
        Path metrics = directory.resolve("import.prom");
        Process first = follow(metrics);
        try (BufferedReader lines = first.inputReader()) {
            next(lines, "APPLIED");
            assertThat(address("f-web")).isEqualTo("10.44.0.5");
            replace(other.replace("10.44.0.5\"", "10.44.0.6\""));
            assertThat(next(lines, "APPLIED")).contains("; 1 objects changed");
            assertThat(address("f-web")).isEqualTo("10.44.0.6");
            replace(other.replace("\"10.44.0.0/24\"", "\"10.45.0.0/24\""));
            assertThat(next(lines, "REFUSED")).contains("first ERROR CA_OUTSIDE_PREFIX");
            assertThat(address("f-web")).isEqualTo("10.44.0.6");
        } finally {
            first.destroy();
            first.waitFor();
        }
        replace(other.replace("10.44.0.5\"", "10.44.0.7\"")); // while nobody looks
        Process second = follow(metrics);
        try (BufferedReader lines = second.inputReader()) {
            next(lines, "APPLIED");
            assertThat(address("f-web")).isEqualTo("10.44.0.7");
            replace(other.replace("10.44.0.5\"", "10.44.0.7\"") + " ");
            next(lines, "UNCHANGED");
            assertThat(Files.readString(metrics))
                    .contains("nvgate_import_runs_total{result=\"applied\"} 1\n", "nvgate_import_hosts 1\n");
        } finally {
            second.destroy();
            second.waitFor();
        }
    }

    @Test
    void aReportNeedsNoManager() throws IOException {
        String files = files(HOST).toString();
        String[] nobody = {"import", files, "--url", "http://127.0.0.1:1", "--report", "json"};
        assertThat(NvgateMain.run(nobody, new PrintWriter(printed, true))).isZero();
        assertThat(printed.toString())
                .contains("\"code\" : \"GATEWAY_NOT_NAMED\"", "\"severity\" : \"WARNING\"", "\"hosts\" : [ \"HV9\" ]");

        Path yaml = directory.resolve("fabric.yaml");
        assertThat(nvgate("import", files, "--out", yaml.toString())).isZero();
        assertThat(Files.readString(yaml))
                .startsWith("name: netwnv\n")
                .contains("rdid: 5a5a5a5a-0000-4000-8000-00000000000a");
    }

    @Test
    void whatIsInconsistentIsRefusedAndNamed() throws IOException {
        String files =
                files(HOST.replace("\"10.44.0.0/24\"", "\"10.45.0.0/24\"")).toString();
        assertThat(nvgate("import", files)).isEqualTo(1);
        assertThat(printed.toString()).contains("ERROR CA_OUTSIDE_PREFIX VSID 9001 10.44.0.5 00155D440005 [HV9]");
        assertThat(nvgate("import", files, "--apply")).isEqualTo(1);
        assertThat(printed.toString())
                .contains(" REFUSED: ", "; nothing was changed: 2 errors, first ERROR CA_OUTSIDE_PREFIX");
        assertThat(nvgate("import", files, "--tolerate", "CA_OUTSIDE_PREFIX,STALE_RECORD"))
                .isZero();
        files(HOST.replace("\"10.44.0.5\"", "\"10.44.0.500\""));
        assertThat(nvgate("import", files)).isEqualTo(1);
        assertThat(nvgate("import", files, "--gateway", "gw=nowhere")).isEqualTo(1);
        assertThat(nvgate("import")).isEqualTo(1);
        assertThat(nvgate("import", "--print-script")).isZero();
        assertThat(printed.toString()).contains("Get-NetVirtualizationLookupRecord");
        assertThat(nvgate("import", files, "--tolerate", "NONSENSE")).isEqualTo(1);
        assertThat(nvgate("export-host", "nobody")).isEqualTo(1);
        assertThat(nvgate("export-host", "HV9", "--format", "xlsx")).isEqualTo(1);
    }
}
