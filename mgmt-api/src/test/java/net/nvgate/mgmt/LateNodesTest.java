package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.nvgate.fabric.config.Security;
import net.nvgate.mgmt.api.StrictContract;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that lacks a change for longer than the manager's configuration allows is a warning of the fabric. */
@Timeout(300)
class LateNodesTest {

    private static ManagerConfig config(Path state, int alertAfterSeconds) {
        return ManagerConfig.of(
                HttpConfig.local(0, Set.of("nvgate.example")),
                ManagerConfig.Sync.of(null, 0, Security.NONE, null, alertAfterSeconds),
                null,
                state,
                null,
                null,
                null);
    }

    private static List<JsonObject> late(ApiClient api) {
        return api.get(API + "fabric").json().getJsonArray("warnings").stream()
                .map(JsonObject.class::cast)
                .filter(warning -> warning.getString("code").equals("NODE_LATE"))
                .toList();
    }

    @Test
    void isAWarningOfTheFabric(@TempDir Path state) throws Exception {
        StrictContract contract = new StrictContract();
        try (Manager manager = Manager.start(config(state, 1))) {
            ApiClient api = new ApiClient(manager.httpPort(), contract);
            Walk walk = new Walk(api).physical();
            JsonObject gateway = Await.until(
                            "a warning of gw-1",
                            () -> late(api).stream()
                                    .filter(warning -> warning.getJsonObject("object")
                                            .getString("name")
                                            .equals("gw-1"))
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
            assertThat(gateway.getJsonObject("object").getString("id")).isEqualTo(walk.id("gw-1"));
            assertThat(gateway.getJsonObject("object").getString("kind")).isEqualTo("gateways");
            assertThat(gateway.getString("message"))
                    .startsWith("gateway/gw-1 has not applied a change for ")
                    .endsWith("it is not connected, and was not since this manager started");
        } finally {
            contract.close();
        }
    }

    @Test
    void isNoneBefore(@TempDir Path state) throws Exception {
        StrictContract contract = new StrictContract();
        try (Manager manager = Manager.start(config(state, 3600))) {
            ApiClient api = new ApiClient(manager.httpPort(), contract);
            new Walk(api).physical();
            assertThat(late(api)).isEmpty();
        } finally {
            contract.close();
        }
    }
}
