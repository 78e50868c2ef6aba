package net.nvgate.fabric.ovs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import net.nvgate.fabric.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Join tokens land where only root reads them; the status is the agent's own or an error. */
class AgentToolsTest {

    @TempDir
    Path directory;

    private AgentSettings settings(int port) throws IOException {
        return AgentConfig.read(
                Files.writeString(directory.resolve("agent.yaml"), """
                node: kvm1
                state-directory: %s
                http: {port: %d}
                """.formatted(directory.resolve("state"), port)));
    }

    private static InputStream typed(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aTokenIsNobodysButTheAgents() throws Exception {
        Path file = AgentTools.join(settings(0), typed("nvgate-join-first\n"));

        assertThat(file).isEqualTo(directory.resolve("state/join-token")).hasContent("nvgate-join-first\n");
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(directory.resolve("state"))).isEqualTo("rwx------");
    }

    @Test
    void aNewTokenTakesThePlaceOfTheOld() throws Exception {
        AgentTools.join(settings(0), typed("nvgate-join-first\n"));
        Path file = AgentTools.join(settings(0), typed("  nvgate-join-second"));

        assertThat(file).hasContent("nvgate-join-second\n");
        assertThat(directory.resolve("state")).isDirectoryNotContaining(other -> !other.equals(file));
    }

    @Test
    void theConfiguredFileIsUsed() throws Exception {
        Path elsewhere = directory.resolve("secrets/token");
        AgentSettings settings = AgentConfig.read(Files.writeString(
                directory.resolve("agent.yaml"), "node: kvm1\nidentity: {join-token-file: " + elsewhere + "}\n"));

        assertThat(AgentTools.join(settings, typed("nvgate-join-x"))).isEqualTo(elsewhere);
        assertThat(elsewhere).hasContent("nvgate-join-x\n");
    }

    @Test
    void whatIsNoTokenChangesNothing() throws Exception {
        Path file = AgentTools.join(settings(0), typed("nvgate-join-good"));
        for (String wrong : new String[] {
            "", "hello", "nvgate-join-a nvgate-join-b", "error: nvgate-join-a", "nvgate-join-" + "a".repeat(4096)
        }) {
            assertThatThrownBy(() -> AgentTools.join(settings(0), typed(wrong)))
                    .as("'%.40s'", wrong)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("nvgate-join-");
        }
        assertThat(file).hasContent("nvgate-join-good\n");
    }

    @Test
    void theStatusIsWhatTheAgentSays() throws Exception {
        try (AgentHttp http = new AgentHttp(new AgentSettings.HostPort("127.0.0.1", 0))) {
            http.start();
            assertThatThrownBy(() -> AgentTools.status(settings(http.port())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("127.0.0.1:" + http.port(), "404");

            http.serve("/status", "application/json", () -> new AgentHttp.Answer(200, "{\"revision\": 7}"));
            assertThat(AgentTools.status(settings(http.port()))).isEqualTo("{\"revision\": 7}");
        }
    }

    @Test
    void withoutAnAgentTheErrorSaysWhereItWasSought() throws Exception {
        int port;
        try (AgentHttp gone = new AgentHttp(new AgentSettings.HostPort("127.0.0.1", 0))) {
            gone.start(); // a server that never started keeps its port open when it is closed
            port = gone.port();
        }
        assertThatThrownBy(() -> AgentTools.status(settings(port)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no agent answers at http://127.0.0.1:" + port + "/status");
    }
}
