package net.nvgate.mgmt.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.nvgate.mgmt.api.ApiContract;
import net.nvgate.mgmt.cli.NvgateMain;
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

    @Test
    void everyMetricHasItsPlace() throws IOException {
        String page = MetricsReference.page(DocsBlocks.repository());
        GeneratedDocs.check(REFERENCE.resolve("metrics.md"), page);
        assertThat(page).contains("nvgate_fabric_pool_addresses", "nvgate_policy_revision");
    }
}
