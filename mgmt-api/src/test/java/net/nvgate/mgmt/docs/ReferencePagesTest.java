package net.nvgate.mgmt.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import net.nvgate.fabric.config.ConfigReference;
import net.nvgate.mgmt.api.ApiContract;
import net.nvgate.mgmt.cli.NvgateMain;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.Test;

/** The reference is what contract, command line and metrics are. */
class ReferencePagesTest {

    private static final Path REFERENCE = Path.of("docs/reference");

    @Test
    void everyOperationHasItsPlace() throws IOException {
        Map<String, String> pages = new ApiReference(ApiContract.load().json()).pages();
        for (Map.Entry<String, String> page : pages.entrySet()) {
            GeneratedDocs.check(REFERENCE.resolve(page.getKey()), page.getValue());
        }
        Set<String> there = new TreeSet<>();
        try (Stream<Path> files = Files.list(REFERENCE.resolve("api"))) {
            files.forEach(file -> there.add("api/" + file.getFileName()));
        }
        there.add("api.md");
        assertThat(there).as("pages of tags that are gone").isEqualTo(pages.keySet());
    }

    @Test
    void everyCommandHasItsPlace() throws IOException {
        String page = CommandReference.page(NvgateMain.commandLine());
        GeneratedDocs.check(REFERENCE.resolve("cli.md"), page);
        assertThat(page).contains("## nvgate join-token create", "--vm-network");
    }

    private static final String MANAGER_YAML = """
            hyper-v: {}
            identity: {outside-ca: {certificate-file: /c, key-file: /k, trusted-file: /t}}
            store: {etcd: {endpoints: ["http://127.0.0.1:2379"]}}
            auth: {oidc: {issuer: "https://id.example.org", client-id: n, external-url: "https://n.example.org", roles: {a: admin}}}
            telemetry: {endpoint: "http://127.0.0.1:4318/v1/traces"}
            """;

    @Test
    void everyKeyOfTheConfigurationHasItsPlace() throws IOException {
        ConfigReference<ManagerConfig, ManagerConfig> reference =
                new ConfigReference<>(ManagerConfig.class, Function.identity(), MANAGER_YAML);
        String page = """
                # Configuration of the manager

                `manager.yaml`, kebab-case; an unknown key, a key given twice, a value of the wrong type or out of range is an error that names file, line and key.
                Nothing is required; what is said to be is so within its section. [Example with all defaults](../../src/main/dist/manager.yaml). Generated from the parser by
                `ReferencePagesTest`. Environment: `NVGATE_LOG_LEVEL` (default `INFO`), `NVGATE_ADMIN_PASSWORD_FILE`.

                """ + reference.table("../../..");
        GeneratedDocs.check(REFERENCE.resolve("configuration.md"), page);
        assertThat(reference.keys())
                .contains("http.port", "auth.oidc.role-claim", "store.etcd.prefix", "first-start.join-token-file");
    }

    @Test
    void everyMetricHasItsPlace() throws IOException {
        String page = MetricsReference.page(DocsBlocks.repository());
        GeneratedDocs.check(REFERENCE.resolve("metrics.md"), page);
        assertThat(page).contains("nvgate_fabric_pool_addresses", "nvgate_policy_revision");
    }
}
