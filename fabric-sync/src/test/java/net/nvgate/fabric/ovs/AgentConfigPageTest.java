package net.nvgate.fabric.ovs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.nvgate.fabric.config.ConfigReference;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/host-agent-configuration.md} what the parser reads. */
class AgentConfigPageTest {

    private static final Path PAGE = Path.of("docs/host-agent-configuration.md");

    private static final String HOW = "mvn -pl fabric-sync -am test -Dtest=AgentConfigPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true";

    private static final String EXAMPLE =
            "{node: h1, identity: {outside-ca: {certificate-file: /c, key-file: /k, trusted-file: /t}}}";

    @Test
    void pageIsWhatTheParserReads() throws IOException {
        ConfigReference<AgentConfig, AgentSettings> reference =
                new ConfigReference<>(AgentConfig.class, AgentConfig::settings, EXAMPLE);
        String page = """
                # Configuration of the host agent

                `/etc/nvgate/host-agent.conf`, YAML; an unknown key, a value of the wrong type or out of range and a missing required key are errors that name file, line and
                key. How they work together: [host agent](host-agent.md). Generated from the parser; `AgentConfigPageTest` fails when this page is stale. To write it anew:

                ```sh not run: it writes this page
                %s
                ```

                """.formatted(HOW) + reference.table("../..");
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("%s is stale; write it by: %s", PAGE, HOW)
                .isEqualTo(page);
        assertThat(reference.keys())
                .contains("node", "ovs.tunnel-tos", "manager.endpoints", "identity.outside-ca.crl-file");
    }
}
