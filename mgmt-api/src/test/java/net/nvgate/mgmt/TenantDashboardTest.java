package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TenantDashboardTest {

    private static final Path DASHBOARD = Path.of("src/main/dist/grafana/nvgate-tenant.json");

    /** Whoever has chosen a tenant sees that one's alone. */
    @Test
    void eachQueryIsOfTheChosenTenantOrSubnet() throws IOException {
        JsonNode panels = new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels");
        assertThat(panels).isNotEmpty();
        assertThat(panels.findValuesAsText("expr"))
                .isNotEmpty()
                .allSatisfy(query -> assertThat(query).containsAnyOf("$rdid", "$vsid"));
    }
}
