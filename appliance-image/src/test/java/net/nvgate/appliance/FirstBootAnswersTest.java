package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the appliance takes from the places that hand over answers at its first boot. The scripts run as they are in the image. */
class FirstBootAnswersTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Path SCRIPTS =
            Path.of("disk", "tree", "usr", "lib", "nvgate", "appliance").toAbsolutePath();

    @TempDir
    Path data;

    private Shell.Result script(String input, String commands) {
        return Shell.run(
                LIMIT,
                input,
                List.of(
                        "env",
                        "NVGATE_DATA=" + data,
                        "NVGATE_LIB=" + SCRIPTS,
                        "sh",
                        "-euc",
                        ". " + SCRIPTS + "/lib.sh; " + commands));
    }

    private String answers() throws Exception {
        return Files.readString(data.resolve("config/answers"));
    }

    @Test
    void wellFormedAnswersAreTakenAndTheLastOneHolds() throws Exception {
        Shell.Result taken = script(
                "#nvgate-config\r\nrole: gateway\r\naddress: \"192.0.2.10/24\"\nssh-key: ssh-ed25519 AAAAC3Nz me@here\nrole: both",
                "take_answers user-data");

        assertThat(taken.output()).isEmpty();
        assertThat(answers().lines())
                .containsExactlyInAnyOrder(
                        "role: both", "address: 192.0.2.10/24", "ssh-key: ssh-ed25519 AAAAC3Nz me@here");
        assertThat(script("", "answer role; echo; answer pa-mtu 1542").output()).isEqualTo("both\n1542");
    }

    @Test
    void whatIsMalformedIsToldWithoutItsValueAndTheRestHolds() throws Exception {
        Shell.Result taken = script(
                "hostname: gw1\nadmin-password: short\naddress: 1.2.3.4;reboot\nrole: king\nrol.: both\nnode: $(reboot)\n",
                "take_answers user-data");

        assertThat(taken.output().lines())
                .containsExactlyInAnyOrder(
                        "user-data: 'admin-password' is not what it should be",
                        "user-data: 'address' is not what it should be",
                        "user-data: 'role' is not what it should be",
                        "user-data: 'node' is not what it should be",
                        "user-data: unknown key 'rol.'");
        assertThat(answers()).isEqualTo("hostname: gw1\n");
    }

    @Test
    void answersAreReadableByRootAloneAndAnEmptyValueTakesOneBack() throws Exception {
        script("join-token: abc.def\n", "take_answers user-data");
        assertThat(Shell.output(
                        LIMIT,
                        "stat",
                        "-c",
                        "%a",
                        data.resolve("config/answers").toString()))
                .isEqualTo("600\n");

        assertThat(script("", "set_answer join-token ''").output()).isEmpty();
        assertThat(answers()).isEmpty();
    }

    @Test
    void propertiesOfAnOvfEnvironment() {
        String environment = """
                <Environment xmlns:oe="http://schemas.dmtf.org/ovf/environment/1"><PropertySection>\
                <Property oe:key="hostname" oe:value="gw1"/><Property oe:key="ssh-key" oe:value="ssh-ed25519 AAAA a&amp;b"/>
                <Property oe:key="admin-password" oe:value="&lt;correct horse&gt;"/><Property oe:key="dns" oe:value=""/>
                </PropertySection></Environment>""";
        Shell.Result read = Shell.run(
                LIMIT,
                environment,
                List.of(
                        "env",
                        "NVGATE_LIB=" + SCRIPTS,
                        SCRIPTS.resolve("gather").toString(),
                        "--ovf"));

        assertThat(read.output())
                .isEqualTo("hostname: gw1\nssh-key: ssh-ed25519 AAAA a&b\nadmin-password: <correct horse>\ndns: \n");
    }

    @Test
    void keyValuePairsOfHyperV() throws Exception {
        ByteArrayOutputStream pool = new ByteArrayOutputStream();
        for (String[] pair :
                new String[][] {{"nvgate-role", "both"}, {"Other", "x"}, {"nvgate-pa", "00:15:5d:00:00:01"}}) {
            pool.write(Arrays.copyOf(pair[0].getBytes(StandardCharsets.UTF_8), 512));
            pool.write(Arrays.copyOf(pair[1].getBytes(StandardCharsets.UTF_8), 2048));
        }
        Path file = Files.write(data.resolve("pool"), pool.toByteArray());
        Shell.Result read = Shell.run(
                LIMIT, "env", "NVGATE_LIB=" + SCRIPTS, SCRIPTS.resolve("gather").toString(), "--kvp", file.toString());

        assertThat(read.output()).isEqualTo("role: both\npa: 00:15:5d:00:00:01\n");
    }

    /** A sealed directory opens by its passphrase, and by nothing else; an altered one does not open at all. */
    @Test
    void aBackupOpensByItsPassphraseUnaltered() throws Exception {
        Path functions = data.resolve("functions.sh");
        String tool = Files.readString(SCRIPTS.resolve("../../../sbin/nvgate-appliance"));
        Files.writeString(
                functions,
                "die() { echo \"$*\" >&2; exit 1; }\n"
                        + tool.substring(tool.indexOf("# seal DIRECTORY"), tool.indexOf("restore()"))
                                .replace("/run/nvgate", data.toString()));
        Files.createDirectories(data.resolve("in"));
        Files.writeString(data.resolve("in/secret"), "the fabric");
        String passphrase = "correct horse battery";

        assertThat(bash("seal in '" + passphrase + "' sealed")).isEqualTo("");
        assertThat(Files.readString(data.resolve("sealed"), StandardCharsets.ISO_8859_1))
                .doesNotContain("the fabric");
        assertThat(bash("mkdir out; unseal sealed '" + passphrase + "' out; cat out/secret"))
                .isEqualTo("the fabric");
        assertThat(bash("mkdir other; unseal sealed 'correct horse batterx' other"))
                .contains("wrong passphrase");
        byte[] bytes = Files.readAllBytes(data.resolve("sealed"));
        int content = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("Salted__");
        bytes[content + 40] ^= 1;
        Files.write(data.resolve("sealed"), bytes);
        assertThat(bash("mkdir third; unseal sealed '" + passphrase + "' third"))
                .contains("the file was changed");
    }

    private String bash(String commands) {
        return Shell.run(LIMIT, "bash", "-Eeuo", "pipefail", "-c", "cd " + data + "; . ./functions.sh; " + commands)
                .output();
    }
}
