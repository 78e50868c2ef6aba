package net.nvgate.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.nvgate.gateway.config.GatewayConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of all keys of the three configuration files, made from the classes that read them. */
class ConfigReferenceTest {

    private static final Path REPOSITORY = Path.of("..");
    private static final Path PAGE = REPOSITORY.resolve("mgmt-api/docs/reference/configuration.md");
    private static final String HOW = "mvn -pl appliance-image -am test -Dtest=ConfigReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest.jvm.args=-Ddocs.write=true";

    @Test
    void everyKeyIsOnThePage(@TempDir Path directory) throws Exception {
        ConfigReference reference = new ConfigReference(REPOSITORY);
        Class<?> agent = Class.forName("net.nvgate.fabric.ovs.AgentConfig");
        Path least = Files.writeString(directory.resolve("agent.yaml"), "node: host-1\n");
        Method read = agent.getDeclaredMethod("read", Path.class);
        read.setAccessible(true);
        String page = """
                # Configuration: every key

                Generated from the classes that read the files. Files are YAML with keys in kebab case; a key that is not known, or has a value that does not hold, ends the start with
                exit code 2 and a message that names file, line and key. A dot is one level: `http.port: 8080` is written `http: {port: 8080}`. Of sections that are absent, the defaults shown
                are those that hold when the section is there.

                ## Manager

                `manager.yaml`; what belongs together, and why, is in [its README](../../README.md#configuration).

                """
                + reference.table(ManagerConfig.class, Optional.empty()) + """

                ## Gateway

                `gateway.yaml`; see [its README](../../../gateway/README.md#configuration).

                """
                + reference.table(GatewayConfig.class, Optional.empty()) + """

                ## Host agent

                `agent.yaml` of Linux hosts with Open vSwitch; see [host agent](../../../fabric-sync/docs/host-agent.md).

                """
                + reference.table(agent, Optional.of(read.invoke(null, least)));
        assertThat(reference.undescribed()).as("keys whose record has no @param for them").isEmpty();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("%s is stale; write it by: %s", PAGE, HOW)
                .isEqualTo(page);
        assertThat(page.lines().filter(line -> line.startsWith("| `"))).hasSizeGreaterThan(100);
    }
}
