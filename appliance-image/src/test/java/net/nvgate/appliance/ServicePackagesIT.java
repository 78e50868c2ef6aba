package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.model.Component;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The .deb packages of gateway, manager, CLI and their Java: what is in them, and that it runs by itself. */
@Timeout(900)
@OwnMachinesTest
class ServicePackagesIT {

    private static final Duration LIMIT = HostAgentPackage.LIMIT;
    private static final Path WORK = Path.of("target", "service-packages").toAbsolutePath();
    private static final Path ROOT = WORK.resolve("root");

    @TempDir
    static Path directory;

    private static Set<String> javaPackages;

    @BeforeAll
    static void build() throws Exception {
        Assumptions.assumeTrue(
                Shell.run(Demo.SHORT, "sh", "-c", "command -v dpkg-deb").ok(), "NOT TESTED: there is no dpkg-deb here");
        Shell.output(LIMIT, "rm", "-rf", WORK.toString());
        Shell.output(
                LIMIT,
                "env",
                "NVGATE_DEB_COMPRESSION=none",
                "SOURCE_DATE_EPOCH=" + HostAgentPackage.TIME,
                Path.of("packages", "build").toAbsolutePath().toString(),
                "--no-setup",
                "--output",
                WORK.resolve("archive").toString(),
                "runtime",
                "gateway",
                "manager",
                "cli");
        Files.createDirectories(WORK.resolve("jars"));
        try (Stream<Path> archives = Files.list(WORK.resolve("archive"))) {
            for (Path deb : archives.toList()) {
                Shell.output(LIMIT, "dpkg-deb", "-x", deb.toString(), ROOT.toString());
            }
        }
        Shell.output(LIMIT, "sh", "-c", "cp -l " + ROOT + "/usr/lib/nvgate/*/*.jar " + WORK.resolve("jars"));
        String listed = Shell.output(Demo.SHORT, installed("/usr/lib/nvgate/runtime/bin/java"), "--list-modules");
        Set<String> modules =
                listed.lines().map(line -> line.replaceFirst("@.*", "")).collect(Collectors.toSet());
        javaPackages = ModuleFinder.ofSystem().findAll().stream()
                .map(ModuleReference::descriptor)
                .filter(module -> modules.contains(module.name()))
                .flatMap(module -> module.packages().stream())
                .collect(Collectors.toSet());
    }

    private static String installed(String path) {
        return ROOT.resolve(path.substring(1)).toString();
    }

    private static Path archive(String name) throws Exception {
        try (Stream<Path> archives = Files.list(WORK.resolve("archive"))) {
            return archives.filter(path -> path.getFileName().toString().startsWith(name + "_"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nvgate-runtime", "nvgate-gateway", "nvgate-manager", "nvgate-cli"})
    void controlAndContentsAreInOrder(String name) throws Exception {
        String deb = archive(name).toString();
        String version = Shell.output(Demo.SHORT, "dpkg-deb", "-f", deb, "Version");
        assertThat(Shell.output(Demo.SHORT, "dpkg-deb", "-I", deb))
                .contains("Package: " + name + "\n", "md5sums")
                .doesNotContainPattern("@[A-Z]+@");
        if (!name.equals("nvgate-runtime")) {
            assertThat(Shell.output(Demo.SHORT, "dpkg-deb", "-f", deb, "Depends"))
                    .as("never another version's Java")
                    .contains("nvgate-runtime (= " + version.strip() + ")");
        }
        assertThat(Shell.output(LIMIT, "dpkg-deb", "-c", deb).lines())
                .allMatch(line -> line.contains(" root/root "), "belongs to root")
                .allMatch(line -> line.matches("l.*|[d-]r[w-][x-]r-[x-][r-]-[x-] .*"), "root alone may write")
                .allMatch(line -> line.matches(".* \\./(|etc/.*|usr/.*)"), "in /etc or /usr");
    }

    @Test
    void noFileIsInTwoPackages() throws Exception {
        List<String> files;
        try (Stream<Path> archives = Files.list(WORK.resolve("archive"))) {
            files = archives.flatMap(deb -> Shell.output(LIMIT, "dpkg-deb", "-c", deb.toString())
                            .lines())
                    .filter(line -> !line.startsWith("d"))
                    .map(line -> line.replaceFirst("^\\S+ +\\S+ +\\S+ +\\S+ +\\S+ +", ""))
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    }

    @Test
    void configurationIsTheAdministrators() throws Exception {
        assertThat(Shell.output(
                        Demo.SHORT, "dpkg-deb", "-I", archive("nvgate-gateway").toString(), "conffiles"))
                .isEqualTo("/etc/nvgate/gateway.yaml\n");
        assertThat(Shell.output(
                        Demo.SHORT, "dpkg-deb", "-I", archive("nvgate-manager").toString(), "conffiles"))
                .isEqualTo("/etc/nvgate/manager.yaml\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"net/nvgate/gateway/GatewayMain", "net/nvgate/mgmt/ManagerMain", "net/nvgate/mgmt/cli/NvgateMain"
            })
    void everyClassThatAProgramNamesIsPackaged(String main) throws Exception {
        NamedClasses classes = new NamedClasses(WORK.resolve("jars"));
        assertThat(classes.missing(main, javaPackages)).isEmpty();
    }

    @Test
    void theShippedGatewayConfigurationAsksForANodeAndItsExamplesHold() throws Exception {
        String shipped = Files.readString(Path.of(installed("/etc/nvgate/gateway.yaml")));
        Shell.Result untouched = Shell.run(
                LIMIT, installed("/usr/sbin/nvgate-gateway"), "--config", installed("/etc/nvgate/gateway.yaml"));
        assertThat(untouched.status()).as(untouched.output()).isEqualTo(2);
        assertThat(untouched.output()).contains("'node' is required");

        // What comes after the configuration is DPDK, which is told to refuse: so everything in the file was taken.
        Path all = Files.writeString(
                directory.resolve("all.yaml"),
                shipped.replaceAll("(?m)^#(?=[a-z]|  [a-z])", "")
                        + "eal: {huge-pages: \"on\", memory-mib: 1048576}\nstate-directory: " + directory + "\n");
        Shell.Result taken = Shell.run(LIMIT, installed("/usr/sbin/nvgate-gateway"), "--config", all.toString());
        assertThat(taken.output()).contains("cannot start: free hugepages hold");
        assertThat(taken.status()).isEqualTo(1);
    }

    @Test
    void theManagerAnswersFromItsPackageAlone() throws Exception {
        Path config = Files.writeString(
                directory.resolve("manager.yaml"),
                "http: {port: 0}\nsync: {port: 0}\nstate-directory: " + directory.resolve("manager") + "\n");
        Path log = directory.resolve("manager.log");
        Process manager = new ProcessBuilder(
                        "env",
                        "-i",
                        "PATH=/usr/bin:/bin",
                        installed("/usr/sbin/nvgate-manager"),
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Shell.await(
                    LIMIT,
                    "the manager listens",
                    () -> !manager.isAlive() || text(log).contains("listens on http"));
            assertThat(text(log)).contains("listens on http://");
            String url = text(log).replaceFirst("(?s).*listens on (http://[0-9.:]+),.*", "$1");
            assertThat(Shell.output(LIMIT, "curl", "-sS", "--fail", url + "/"))
                    .as("the web interface")
                    .contains("<html");
            assertThat(Shell.output(LIMIT, installed("/usr/bin/nvgate"), "join-token", "list", "--url", url))
                    .isNotNull();
        } finally {
            manager.destroy();
            assertThat(manager.waitFor()).as(text(log)).isEqualTo(143);
        }
    }

    private static String text(Path file) {
        return Shell.output(Demo.SHORT, "cat", file.toString());
    }

    /** Scores of systemd-analyze: 0 is locked up, 100 does what it likes. DPDK needs raw I/O, hence the gateway's. */
    @ParameterizedTest
    @CsvSource({"nvgate-gateway.service, 45", "nvgate-manager.service, 30", "nvgate-ports.service, 45"})
    void unitsAreTakenBySystemdAndHardened(String name, int threshold) throws Exception {
        Assumptions.assumeTrue(
                Shell.run(Demo.SHORT, "systemd-analyze", "--version").ok(),
                "NOT TESTED: there is no systemd-analyze (package systemd) here");
        String text = Files.readString(Path.of(installed("/usr/lib/systemd/system/" + name)))
                .replace("/usr/sbin/nvgate", installed("/usr/sbin/nvgate"))
                .replace("/usr/lib/nvgate", installed("/usr/lib/nvgate"))
                .replaceAll("(?m)^(After|Wants|Before|Documentation|User)=.*\n", "");
        Path moved = Files.writeString(directory.resolve(name), text);

        assertThat(Shell.run(Demo.SHORT, "systemd-analyze", "verify", moved.toString())
                        .output())
                .as("complaints")
                .doesNotContain(name);
        Shell.Result rated = Shell.run(
                Demo.SHORT,
                "systemd-analyze",
                "security",
                "--offline=true",
                "--threshold=" + threshold,
                moved.toString());
        assertThat(rated.status()).as(rated.output()).isZero();
    }

    @Test
    void theBillOfMaterialsIsValidAndNamesWhatIsShipped() throws Exception {
        Path shipped = Path.of(installed("/usr/share/doc/nvgate-runtime/sbom.cdx.json"));
        List<String> named = parts(shipped);
        assertThat(named)
                .anyMatch(part -> part.startsWith("pkg:maven/io.netty/netty-handler@"))
                .anyMatch(part -> part.startsWith("pkg:npm/react@"))
                .anyMatch(part -> part.startsWith("pkg:generic/openjdk@25"))
                .noneMatch(part -> part.contains("junit") || part.contains("/vitest@"))
                .doesNotHaveDuplicates();
        try (Stream<Path> jars = Files.list(WORK.resolve("jars"))) {
            List<String> names = jars.map(jar -> jar.getFileName().toString().replaceFirst("-[0-9][^/]*$", ""))
                    .filter(name -> !name.startsWith("nvgate-"))
                    .toList();
            assertThat(names)
                    .isNotEmpty()
                    .allMatch(name -> named.stream().anyMatch(part -> part.contains("/" + name + "@")));
        }
    }

    /** Of an image it has Debian's packages, too. */
    @Test
    void theBillOfMaterialsOfAnImageNamesKernelAndDpdk() throws Exception {
        Path manifest = Files.writeString(directory.resolve("manifest.tsv"), """
                librte-eal23\t22.11.11-0+deb12u1\tdpdk\t22.11.11-0+deb12u1
                linux-image-6.1.0-56-amd64\t6.1.192-2\tlinux-signed-amd64\t6.1.192+2
                """);
        Path written = Files.writeString(
                directory.resolve("sbom.json"),
                Shell.output(
                        Demo.SHORT,
                        Path.of("lib", "sbom").toAbsolutePath().toString(),
                        "nvgate-appliance",
                        "1.0",
                        Path.of("target", "bom.json").toString(),
                        Path.of("..", "mgmt-api", "src", "main", "web", "package-lock.json")
                                .toString(),
                        Path.of(System.getProperty("java.home"), "release").toString(),
                        manifest.toString()));
        assertThat(parts(written))
                .contains("pkg:deb/debian/librte-eal23@22.11.11-0%2Bdeb12u1?arch=amd64&distro=bookworm")
                .anyMatch(part -> part.startsWith("pkg:deb/debian/linux-image-6.1.0-56-amd64@6.1.192-2?"))
                .anyMatch(part -> part.startsWith("pkg:maven/io.netty/netty-handler@"));
    }

    /** Package URLs of a bill that holds by CycloneDX's own schema. */
    private static List<String> parts(Path bill) throws Exception {
        JsonParser parser = new JsonParser();
        assertThat(parser.validate(bill.toFile(), Version.VERSION_16)).isEmpty();
        return parser.parse(bill.toFile()).getComponents().stream()
                .map(Component::getPurl)
                .toList();
    }

    /** A tree like /sys: one NIC, with or without an IOMMU. Without a kernel behind it nothing is bound really. */
    @ParameterizedTest
    @CsvSource({
        "0x1af4, yes, none, dpdk=vfio-pci",
        "0x1af4, no, none, dpdk=uio_pci_generic",
        "0x1af4, no, integrity, dpdk=no",
        "0x1af4, yes, integrity, dpdk=vfio-pci",
        "0x15b3, no, integrity, dpdk=none"
    })
    void theDriverFitsTheMachine(String vendor, String iommu, String lockdown, String expected) throws Exception {
        Path sys = Files.createTempDirectory(directory, "sys");
        Path nic = Files.createDirectories(sys.resolve("bus/pci/devices/0000:00:10.0"));
        Files.writeString(nic.resolve("vendor"), vendor + "\n");
        Files.writeString(nic.resolve("class"), "0x020000\n");
        Files.createDirectories(nic.resolve("virtio3/net/ens16"));
        Files.writeString(nic.resolve("virtio3/net/ens16/address"), "52:54:00:00:00:11\n");
        if (iommu.equals("yes")) {
            Files.createDirectory(nic.resolve("iommu_group"));
        }
        Files.createDirectories(sys.resolve("kernel/security"));
        Files.writeString(
                sys.resolve("kernel/security/lockdown"),
                "none integrity confidentiality\n".replace(lockdown, "[" + lockdown + "]"));

        Shell.Result listed =
                Shell.run(Demo.SHORT, "env", "NVGATE_SYS=" + sys, installed("/usr/sbin/nvgate-bind-port"), "--list");
        assertThat(listed.output())
                .contains("0000:00:10.0 ens16 52:54:00:00:00:11 ")
                .contains(expected);
    }

    /** Nobody locks himself out; an {@code ip} of one line says what the NIC is used for. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            echo 'default via 10.0.0.1 dev ens16 proto dhcp',         address, the default route leads by its interface ens16
            echo '2: ens16    inet 10.0.0.5/24 scope global ens16',   address, its interface ens16 has the address 10.0.0.5/24
            true,                                          upper_ens16.5, its interface ens16 carries ens16.5
            true,                                          upper_bond0,   its interface ens16 carries bond0
            exit 2,                                        address,       what its interface ens16 is used for is unknown
            """)
    void aNicInUseStaysUnlessForced(String does, String entry, String why) throws Exception {
        Path sys = Files.createTempDirectory(directory, "sys");
        Path nic = Files.createDirectories(sys.resolve("bus/pci/devices/0000:00:10.0"));
        Files.writeString(nic.resolve("vendor"), "0x1af4\n");
        Files.createFile(Files.createDirectories(nic.resolve("net/ens16")).resolve(entry));
        Files.createDirectories(sys.resolve("bus/pci/drivers/uio_pci_generic"));
        Path ip = Files.writeString(sys.resolve("ip"), does + "\n");
        List<String> bind =
                List.of("env", "NVGATE_SYS=" + sys, "NVGATE_IP=sh " + ip, installed("/usr/sbin/nvgate-bind-port"));
        Shell.Result refused = Shell.run(Demo.SHORT, with(bind, "0000:00:10.0"));
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains(why, "--force");
        assertThat(nic.resolve("driver_override")).doesNotExist();
        Shell.run(Demo.SHORT, with(bind, "--force", "0000:00:10.0"));
        assertThat(nic.resolve("driver_override")).as("it was tried").exists();
    }

    private static String[] with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
    }
}
