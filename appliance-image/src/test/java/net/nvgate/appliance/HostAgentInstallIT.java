package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** dpkg installs, upgrades, removes and purges the host agent, in a root directory of its own. */
@Timeout(900)
@OwnMachinesTest
class HostAgentInstallIT {

    private static final Path SCRIPTS = Path.of("packages", "host-agent").toAbsolutePath();

    @TempDir
    Path root;

    private static Path deb;

    @BeforeAll
    static void build() throws Exception {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "NOT TESTED: dpkg installs as root only");
        deb = HostAgentPackage.get().deb;
    }

    @BeforeEach
    void emptyMachine() throws Exception {
        for (String each : List.of("info", "updates", "triggers")) {
            Files.createDirectories(root.resolve("var/lib/dpkg").resolve(each));
        }
        Files.createFile(root.resolve("var/lib/dpkg/status"));
    }

    private void dpkg(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "dpkg",
                "--root=" + root,
                "--force-script-chrootless",
                "--force-depends",
                "--force-unsafe-io",
                "--force-confold"));
        command.addAll(List.of(arguments));
        Shell.output(HostAgentPackage.LIMIT, command.toArray(String[]::new));
    }

    private String state() {
        return Shell.run(
                        Demo.SHORT,
                        "dpkg-query",
                        "--admindir=" + root.resolve("var/lib/dpkg"),
                        "-W",
                        "-f=${Status}",
                        "nvgate-host-agent")
                .output();
    }

    @Test
    void installedUpgradedRemovedPurged() throws Exception {
        Path config = root.resolve("etc/nvgate/host-agent.conf");
        Path launcher = root.resolve("usr/sbin/nvgate-host-agent");
        Path identity = root.resolve("var/lib/nvgate-host/identity/identity.pem");

        dpkg("--install", deb.toString());
        assertThat(state()).isEqualTo("install ok installed");
        assertThat(launcher).isExecutable();
        assertThat(root.resolve("etc/systemd")).as("enabled by nobody").doesNotExist();

        Files.writeString(config, "node: kvm1\n");
        Files.createDirectories(identity.getParent());
        Files.writeString(identity, "key");
        dpkg("--install", deb.toString());
        assertThat(config).as("the administrator's after an upgrade").hasContent("node: kvm1\n");

        dpkg("--remove", "nvgate-host-agent");
        assertThat(state()).isEqualTo("deinstall ok config-files");
        assertThat(root.resolve("usr/lib/nvgate-host-agent")).doesNotExist();
        assertThat(config).exists();
        assertThat(identity).as("who comes back is still itself").exists();

        dpkg("--purge", "nvgate-host-agent");
        assertThat(root.resolve("etc/nvgate")).doesNotExist();
        assertThat(root.resolve("var/lib/nvgate-host")).doesNotExist();

        dpkg("--install", deb.toString());
        dpkg("--purge", "nvgate-host-agent");
        assertThat(root.resolve("usr")).as("nothing is left").doesNotExist();
    }

    /**
     * What a maintainer script tells systemd: a stand-in for systemctl writes it down, in a mount namespace with systemd's mark, and
     * without the machine's own policy-rc.d, which may forbid all (in containers it does).
     */
    private String told(String script, String... arguments) throws IOException {
        Path calls = root.resolve("calls");
        Files.writeString(calls, "");
        Path bin = Files.createDirectories(root.resolve("bin"));
        Path systemctl = bin.resolve("systemctl");
        Files.writeString(systemctl, "#!/bin/sh\necho \"$*\" >>" + calls + "\n");
        Shell.output(Demo.SHORT, "chmod", "755", systemctl.toString());
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "env",
                "-u",
                "DPKG_ROOT",
                "sh",
                "-euc",
                "mount -t tmpfs none /run; mkdir -p /run/systemd/system; policy=/usr/sbin/policy-rc.d; "
                        + "if [ -e $policy ]; then mount --bind /bin/true $policy; fi; "
                        + "PATH=$1:$PATH; shift; unset DPKG_ROOT; sh -e \"$@\"",
                "sh",
                bin.toString(),
                SCRIPTS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        Shell.output(Demo.SHORT, command.toArray(String[]::new));
        return Files.readString(calls);
    }

    @Test
    void onlyAnUpgradeRestartsAndOnlyRemovingDisables() throws Exception {
        String unit = "nvgate-host-agent.service";

        assertThat(told("postinst", "configure", "")).isEqualTo("--system daemon-reload\n");
        assertThat(told("postinst", "configure", "0.1.0"))
                .isEqualTo("--system daemon-reload\ntry-restart " + unit + "\n");
        assertThat(told("postinst", "abort-upgrade", "0.1.0")).isEmpty();
        assertThat(told("prerm", "upgrade", "0.2.0")).isEmpty();
        assertThat(told("prerm", "remove")).isEqualTo("stop " + unit + "\n--no-reload disable " + unit + "\n");
        assertThat(told("postrm", "remove")).isEqualTo("--system daemon-reload\n");
        assertThat(told("postrm", "upgrade", "0.2.0")).isEqualTo("--system daemon-reload\n");
    }
}
