package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The .deb of the host agent: what is in it, and that its own Java runs what is in it. */
@Timeout(900)
@OwnMachinesTest
class HostAgentPackageIT {

    private static final String CONFIG = "/etc/nvgate/host-agent.conf";

    @TempDir
    static Path directory;

    private static HostAgentPackage built;

    @BeforeAll
    static void build() throws Exception {
        built = HostAgentPackage.get();
    }

    private static Path config(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void theControlFileSaysWhatDpkgWantsToKnow() {
        String control = Shell.output(Demo.SHORT, "dpkg-deb", "-I", built.deb.toString());

        assertThat(control)
                .contains("Package: nvgate-host-agent\n", "openvswitch-switch (>= 2.17)", "conffiles", "md5sums")
                .containsPattern("Version: \\d+\\.\\d+\\.\\d+\\S*\n")
                .containsPattern("Installed-Size: \\d{5,6}\n")
                .doesNotContainPattern("@[A-Z]+@");
        assertThat(Shell.output(Demo.SHORT, "dpkg-deb", "-I", built.deb.toString(), "conffiles"))
                .isEqualTo(CONFIG + "\n");
    }

    @Test
    void everythingIsRootsAndNobodyElseMayWriteIt() {
        List<String> lines = Shell.output(HostAgentPackage.LIMIT, "dpkg-deb", "-c", built.deb.toString())
                .lines()
                .toList();

        assertThat(lines)
                .hasSizeGreaterThan(50)
                .allMatch(line -> line.contains(" root/root "), "belongs to root")
                .allMatch(
                        line -> line.matches("l.*|[d-]r[w-][x-]r-[x-]r-[x-] .*"),
                        "no setuid bit, writable by root alone")
                .allMatch(line -> line.matches(".* \\./(|etc/.*|usr/.*)"), "in /etc or /usr")
                .anyMatch(line -> line.matches("-rwxr-xr-x .* \\./usr/sbin/nvgate-host-agent"))
                .anyMatch(line -> line.matches("-rw-r--r-- .* \\.\\Q" + CONFIG + "\\E"))
                .anyMatch(line -> line.matches("-rwxr-xr-x .* \\S+/lib/jspawnhelper"));
        Set<String> links = lines.stream()
                .filter(line -> line.startsWith("l"))
                .map(line -> line.substring(line.indexOf(" -> ") + 4))
                .collect(Collectors.toSet());
        assertThat(links).as("links stay inside").noneMatch(target -> target.startsWith("/"));
    }

    @Test
    void nothingTellsWhereItWasBuilt() throws Exception {
        String here = Path.of("..").toRealPath().toString();
        Shell.Result found = Shell.run(
                HostAgentPackage.LIMIT,
                "grep",
                "-rlF",
                here,
                built.installed("/usr").toString(),
                built.installed("/etc").toString());
        assertThat(found.output()).isEmpty();
        assertThat(found.status()).as("grep found nothing").isEqualTo(1);
    }

    @Test
    void everyFileHasTheTimeThatTheBuildWasGiven() {
        List<String> times = Shell.output(
                        HostAgentPackage.LIMIT,
                        "find",
                        built.installed("/").toString(),
                        "-type",
                        "f",
                        "-printf",
                        "%T@\\n")
                .lines()
                .distinct()
                .toList();

        assertThat(times).singleElement().asString().matches(HostAgentPackage.TIME + "\\.0+");
    }

    @Test
    void checkReadsTheConfiguration() throws Exception {
        Path good = config("good.conf", "node: kvm1\nmanager: {host: 192.0.2.10}\n");
        Path bad = config("bad.conf", "node: kvm1\nmanger: {}\n");

        Shell.Result accepted = built.agent("", "check", "--config", good.toString());
        assertThat(accepted.output()).isEqualTo("host kvm1 follows 192.0.2.10:7250\n");
        assertThat(accepted.status()).isZero();
        Shell.Result refused = built.agent("", "--config", bad.toString(), "check");
        assertThat(refused.output())
                .startsWith("nvgate-host-agent: ")
                .contains("bad.conf: line 2", "unknown key 'manger'");
        assertThat(refused.status()).isEqualTo(2);
    }

    @Test
    void theShippedConfigurationAsksForANodeAndItsExamplesHold() throws Exception {
        Path shipped = built.installed(CONFIG);
        Shell.Result untouched = built.agent("", "check", "--config", shipped.toString());
        assertThat(untouched.output()).contains("'node' is required");
        assertThat(untouched.status()).isEqualTo(2);

        String added = HostAgentPackage.documented("sudo tee -a " + CONFIG + " <<'EOF'", "EOF");
        Path walked = config("walk.conf", Files.readString(shipped) + added);
        assertThat(built.agent("", "check", "--config", walked.toString()).output())
                .as("as the documentation's walk has it")
                .isEqualTo("host kvm1 follows 192.0.2.10:7250\n");

        // Prose has one space after the #, settings have none or the two of their indent.
        Path uncommented = config("all.conf", Files.readString(shipped).replaceAll("(?m)^#(?=[a-z]|  )", ""));
        Shell.Result accepted = built.agent("", "check", "--config", uncommented.toString());
        assertThat(accepted.output()).isEqualTo("host kvm1 follows 192.0.2.10:7250\n");
    }

    @Test
    void helpAndVersion() {
        assertThat(built.agent("", "--help").output()).contains("check", "join", "status");
        String version = Shell.output(Demo.SHORT, "dpkg-deb", "-f", built.deb.toString(), "Version");
        assertThat(built.agent("", "--version").output()).isEqualTo("nvgate-host-agent " + version);
        assertThat(built.agent("", "nonsense").status()).isEqualTo(2);
    }

    @Test
    void everyClassThatTheAgentNamesIsPackaged() throws Exception {
        String listed = Shell.output(
                Demo.SHORT,
                built.installed("/usr/lib/nvgate-host-agent/runtime/bin/java").toString(),
                "--list-modules");
        Set<String> modules =
                listed.lines().map(line -> line.replaceFirst("@.*", "")).collect(Collectors.toSet());
        assertThat(modules).contains("java.base");
        Set<String> packages = ModuleFinder.ofSystem().findAll().stream()
                .map(ModuleReference::descriptor)
                .filter(module -> modules.contains(module.name()))
                .flatMap(module -> module.packages().stream())
                .collect(Collectors.toSet());

        NamedClasses classes = new NamedClasses(built.installed("/usr/lib/nvgate-host-agent/lib"));

        assertThat(classes.missing("net/nvgate/fabric/ovs/HostAgentMain", packages))
                .isEmpty();
        assertThat(classes.missing("net/nvgate/fabric/ovs/HostAgentMain", Set.of("java.lang")))
                .as("the check finds what is not there")
                .isNotEmpty();
    }

    @Test
    void theUnitIsOneThatSystemdTakes() throws Exception {
        Assumptions.assumeTrue(
                Shell.run(Demo.SHORT, "systemd-analyze", "--version").ok(),
                "NOT TESTED: there is no systemd-analyze (package systemd) here");
        // It wants the program where the unit says, and looks for units of its own beside.
        Path unit = built.installed("/usr/lib/systemd/system/nvgate-host-agent.service");
        String text = Files.readString(unit)
                .replace("/usr/sbin/nvgate-host-agent", built.launcher())
                .replaceAll("(?m)^(After|Wants|Documentation)=.*\n", "");
        Path moved = config("nvgate-host-agent.service", text);

        Shell.Result verified = Shell.run(Demo.SHORT, "systemd-analyze", "verify", moved.toString());
        assertThat(verified.output()).as("complaints").doesNotContain("nvgate-host-agent.service");
        Shell.Result rated = Shell.run(
                Demo.SHORT, "systemd-analyze", "security", "--offline=true", "--threshold=40", moved.toString());
        assertThat(rated.status()).as(rated.output()).isZero();
    }
}
