package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What an administrator types to look after the store, while the manager runs and while it does not. */
class StoreCommandsTest {

    @TempDir
    private Path directory;

    private record Answer(int status, String text) {}

    private static Answer manager(String... arguments) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        int status = new CommandLine(new ManagerMain()).setOut(out).setErr(out).execute(arguments);
        return new Answer(status, text.toString());
    }

    private String config(String name) throws IOException {
        return Files.writeString(
                        directory.resolve(name + ".yaml"),
                        "{http: {port: 0}, sync: {port: 0}, state-directory: " + directory.resolve(name) + "}")
                .toString();
    }

    @Test
    void backupVerifyRestoreAndMove() throws Exception {
        String first = config("first");
        String second = config("second");
        String third = config("third");
        String backup = directory.resolve("fabric.backup").toString();
        try (Manager _ = Manager.start(ManagerConfig.read(Path.of(first)))) {
            assertThat(manager("backup", "--config", first, backup))
                    .satisfies(answer -> assertThat(answer.text()).startsWith("written: fabric "))
                    .extracting(Answer::status)
                    .isEqualTo(0);
            assertThat(manager("move-store", "--from", first, "--to", third).text())
                    .contains("open in another process");
        }
        String told = manager("verify", backup).text();
        assertThat(told).startsWith("good: fabric ").contains(", log since 0, sha256 ");
        assertThat(manager("restore", "--config", second, backup).text())
                .startsWith("restored to SQLite in " + directory.resolve("second"))
                .contains(told.strip().substring("good: ".length()));
        assertThat(manager("move-store", "--from", second, "--to", third).status())
                .isZero();
        assertThat(manager("--config", second).status()).isEqualTo(1);
        // Its lineage is another one, and with it the checksum.
        assertThat(manager("backup", "--config", third, backup).text())
                .contains(told.substring("good: ".length(), told.indexOf(", sha256 ")))
                .doesNotContain(told.substring(told.indexOf(", sha256 ")).strip());
    }

    @Test
    void newCaForgetsIdentitiesWhileNoManagerRuns() throws Exception {
        String config = config("ca");
        try (Manager _ = Manager.start(ManagerConfig.read(Path.of(config)))) {
            assertThat(manager("new-ca", "--config", config))
                    .satisfies(answer -> assertThat(answer.text()).contains("open in another process"))
                    .extracting(Answer::status)
                    .isEqualTo(1);
        }
        Files.delete(directory.resolve("ca/identity/seal.key"));
        assertThat(manager("--config", config).status())
                .as("without its seal key")
                .isEqualTo(1);
        assertThat(manager("new-ca", "--config", config))
                .isEqualTo(new Answer(0, "forgotten: 1 CAs, identities and join tokens" + System.lineSeparator()));
        Manager.start(ManagerConfig.read(Path.of(config))).close();
        assertThat(directory.resolve("ca/identity/seal.key")).exists();
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        String config = config("none");
        Path file = Files.writeString(directory.resolve("file"), "something else");
        assertThat(manager("verify", file.toString()))
                .isEqualTo(new Answer(
                        1,
                        "the backup " + file + " cannot be used: this is not a backup of nvgate"
                                + System.lineSeparator()));
        assertThat(manager("backup", "--config", config, file.toString()).text())
                .startsWith("there is no store in " + directory.resolve("none"));
        assertThat(manager().text()).contains("Missing required option: '--config=FILE'");
    }
}
