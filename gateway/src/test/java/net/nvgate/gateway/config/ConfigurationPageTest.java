package net.nvgate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import net.nvgate.fabric.config.ConfigReference;
import net.nvgate.gateway.conformance.GeneratedPage;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/configuration.md} what the parser reads. */
class ConfigurationPageTest {

    private static final String HOW = "mvn -pl gateway -am test -Dtest=ConfigurationPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true";

    private static final String EXAMPLE = """
            node: g1
            identity: {outside-ca: {certificate-file: /c, key-file: /k, trusted-file: /t}}
            ports: {pa: {device: net_tap0}, ext: {device: net_tap1}}
            export: {collectors: [{name: c, protocol: ipfix, address: 192.0.2.1}]}
            """;

    @Test
    void pageIsWhatTheParserReads() throws IOException {
        ConfigReference<GatewayConfig, GatewayConfig> reference =
                new ConfigReference<>(GatewayConfig.class, Function.identity(), EXAMPLE);
        String page = """
                # Configuration of the gateway

                `gateway.yaml`, kebab-case; an unknown key, a key given twice, a value of the wrong type or out of range is an error that names file, line and key.
                Only `node` and the two devices are required. Generated from the parser; `ConfigurationPageTest` fails when this page is stale. To write it anew:

                ```sh not run: it writes this page
                %s
                ```

                """.formatted(HOW) + reference.table("../..");
        GeneratedPage.check(Path.of("docs/configuration.md"), page, HOW);
        assertThat(reference.keys())
                .contains("ports.ext.rate-mbit", "restart.keep-sessions-seconds", "export.collectors[].tls.ca-file");
    }
}
