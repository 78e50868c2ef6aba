package net.nvgate.mgmt;

import static net.nvgate.mgmt.ApiClient.API;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.RestoreTarget;
import net.nvgate.fabric.store.SqlitePlace;
import net.nvgate.fabric.store.backup.BackupFile;
import net.nvgate.fabric.store.backup.StoreTransfer;
import net.nvgate.mgmt.config.EtcdConfig;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store of a running manager over HTTP. */
@Timeout(300)
class StoreAdminTest extends ManagerTestBase {

    @Test
    void tellsWhereTheStoreIs() {
        api.create("logical-networks", "{'name':'told'}");
        JsonObject store = api.get(API + "store").json();
        assertThat(store.getString("type")).isEqualTo("SQLITE");
        assertThat(store.getString("place")).isEqualTo("SQLite in " + state);
        assertThat(store.getLong("revision"))
                .isEqualTo(api.get(API + "fabric").json().getLong("revision"));
    }

    @Test
    void aBackupOfTheRunningStoreCanBeRestored(@TempDir Path directory) throws Exception {
        JsonObject network = api.create("logical-networks", "{'name':'saved'}");
        Path file = directory.resolve("fabric.backup");
        HttpResponse<Path> response = api.http()
                .send(
                        HttpRequest.newBuilder(api.uri(API + "backup"))
                                .header("Accept-Encoding", "gzip")
                                .build(),
                        BodyHandlers.ofFile(file));
        assertThat(response.statusCode()).isEqualTo(200);
        BackupFile.Summary summary = new BackupFile(file).verify();
        assertThat(response.headers().firstValue("X-Nvgate-Sha256")).contains(summary.sha256());
        assertThat(response.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"" + summary.fabricId() + "-" + summary.revision() + ".backup\"");
        SqlitePlace other = new SqlitePlace(directory.resolve("other"));
        try (RestoreTarget target = other.target(false)) {
            StoreTransfer.restore(new BackupFile(file), target);
        }
        try (FabricStore restored = other.open(1000, Clock.systemUTC())) {
            assertThat(restored.head()).isEqualTo(api.get(API + "store").json().getLong("revision"));
            assertThat(restored.snapshot().objects())
                    .anyMatch(object -> object.id().toString().equals(network.getString("id")));
        }
        // What was sent does not stay, and the next backup can begin.
        assertThat(api.http()
                        .send(HttpRequest.newBuilder(api.uri(API + "backup")).build(), BodyHandlers.ofByteArray())
                        .body())
                .isNotEmpty();
        awaitNoBackups();
    }

    private static void awaitNoBackups() throws IOException {
        try (var left = Files.list(state.resolve("tmp"))) {
            assertThat(left.filter(path -> path.toString().endsWith(".backup")).count())
                    .isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aMoveThatCannotBeginIsRefused() {
        JsonObject same = api.post("store/move", "{'to':'SQLITE'}").problem(409, "conflict");
        assertThat(same.getString("detail")).contains("already");
        JsonObject unknown = api.post("store/move", "{'to':'ETCD'}").problem(409, "conflict");
        assertThat(unknown.getString("detail")).contains("store.etcd");
        api.post("store/move", "{'to':'ORACLE'}").problem(400, "invalid-value");
        api.post("store/move", "{}").problem(400, "missing-field");
    }

    @Test
    void aMoveThatFailsLeavesTheStoreWhereItIs(@TempDir Path directory) throws Exception {
        EtcdConfig nowhere =
                EtcdConfig.of(List.of(URI.create("http://127.0.0.1:1")), null, null, null, null, null, null, 10);
        ManagerConfig config = ManagerConfig.of(
                HttpConfig.local(0, Set.of()),
                ManagerConfig.Sync.of(null, 0, null, null),
                null,
                directory,
                ManagerConfig.Store.of(null, null, nowhere),
                null,
                null);
        try (Manager other = Manager.start(config)) {
            ApiClient client = new ApiClient(other.httpPort(), contract);
            ApiClient.Reply begun = client.post("store/move", "{'to':'ETCD'}");
            assertThat(begun.status()).as(begun.body()).isEqualTo(202);
            client.post("store/move", "{'to':'ETCD'}").problem(409, "conflict");
            client.create("logical-networks", "{'name':'meanwhile'}");
            JsonObject move = Await.until(
                    "the end of the move",
                    () -> client.get(API + "store").json().getJsonObject("move"),
                    now -> now.getString("phase").equals("FAILED"));
            assertThat(move.getString("problem")).contains("no etcd member answers");
            client.create("logical-networks", "{'name':'after'}");
            assertThat(client.get(API + "store").json().getString("type")).isEqualTo("SQLITE");
        }
    }
}
