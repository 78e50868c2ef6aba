package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.ManagerEndpoint;
import net.nvgate.fabric.config.NodeIdentityConfig;
import net.nvgate.fabric.identity.NodeSecurity;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.mgmt.api.StrictContract;
import net.nvgate.mgmt.config.FirstStartConfig;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manager and gateway of one machine that nobody sets up: the fabric is there, and the gateway joins. */
class FirstStartTest {

    private static final String FABRIC = """
            name: first
            logical-networks: [{name: hnv, networkVirtualization: true}]
            """;

    private static final String REFUSED = "logical-networks: [{nome: hnv}]\n";

    @TempDir
    Path directory;

    private Manager start() throws Exception {
        return Manager.start(ManagerConfig.of(
                HttpConfig.local(0, Set.of()),
                ManagerConfig.Sync.of(null, 0, null, null),
                null,
                directory.resolve("manager"),
                null,
                null,
                null,
                null,
                FirstStartConfig.of(directory.resolve("fabric.yaml"), "gw1", directory.resolve("join-token")),
                null));
    }

    @Test
    void aRefusedFileIsNotTriedAgainAndTheNextOneIsAppliedAndTheGatewayJoins() throws Exception {
        Path fabric = directory.resolve("fabric.yaml");
        Path token = directory.resolve("join-token");
        Files.writeString(fabric, REFUSED);
        try (StrictContract contract = new StrictContract()) {
            try (Manager manager = start()) {
                assertThat(new ApiClient(manager.httpPort(), contract)
                                .get("/api/v1/logical-networks")
                                .body())
                        .doesNotContain("hnv");
                assertThat(fabric).doesNotExist();
                assertThat(directory.resolve("fabric.yaml.refused")).hasContent(REFUSED);
            }
            Files.writeString(fabric, FABRIC);
            try (Manager manager = start()) {
                ApiClient api = new ApiClient(manager.httpPort(), contract);
                assertThat(api.get("/api/v1/logical-networks").body()).contains("\"hnv\"");
                assertThat(api.get("/api/v1/revisions").body()).contains("first-start");
                assertThat(fabric).doesNotExist();
                assertThat(directory.resolve("fabric.yaml.applied")).hasContent(FABRIC);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                        .isEqualTo("rw-------");
                join(manager, token, "state");
            }
        }
    }

    @Test
    void aFileThatCannotBeReadIsTriedAgain() throws Exception {
        Path fabric = Files.createDirectory(directory.resolve("fabric.yaml"));
        start().close();
        assertThat(fabric).exists();
        assertThat(directory.resolve("fabric.yaml.refused")).doesNotExist();
    }

    /** The configuration says that it wants one; that the manager knows it as ACTIVE does not mean that it has its key still. */
    @Test
    void aGatewayThatHasLostItsIdentityJoinsByTheTokenOfTheNextStart() throws Exception {
        Path token = directory.resolve("join-token");
        String first;
        try (Manager manager = start()) {
            first = Files.readString(token);
            join(manager, token, "state");
        }
        try (Manager manager = start()) {
            assertThat(token).content().isNotEqualTo(first);
            join(manager, token, "another state");
        }
    }

    private void join(Manager manager, Path token, String state) throws Exception {
        Path home = Files.createDirectories(directory.resolve(state));
        Files.copy(token, home.resolve("join-token"));
        try (NodeSecurity security = NodeSecurity.open(
                new NodeId(NodeId.Kind.GATEWAY, "gw1"),
                new ManagerEndpoint("127.0.0.1", manager.syncPort()),
                NodeIdentityConfig.DEFAULT,
                home,
                new SimpleMeterRegistry())) {
            security.start();
            Await.until("joined", () -> security.transport().notReady().isEmpty());
        }
    }

    @Test
    void aTokenNeedsAPlace() {
        assertThatThrownBy(() -> FirstStartConfig.of(null, "gw1", null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("join-token-file");
    }
}
