package net.nvgate.fabric.store;

import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.LogicalNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that older versions wrote are brought to the present form, and nothing in them is lost. */
class SqliteMigrationTest {

    private static final UUID PROVIDER = UUID.fromString("11111111-1111-4111-8111-111111111111");

    @TempDir
    private Path directory;

    private void write(String resource) throws SQLException, IOException {
        try (InputStream in = Objects.requireNonNull(SqliteMigrationTest.class.getResourceAsStream(resource));
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("fabric.db"));
                Statement statement = connection.createStatement()) {
            String script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String sql :
                    script.lines().filter(line -> !line.startsWith("--")).toList()) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void aStoreOfVersionOneIsBroughtForward() throws SQLException, IOException {
        write("fabric-1.sql");
        try (FabricStore store = SqliteStore.open(directory)) {
            assertThat(store.fabricId()).isEqualTo(UUID.fromString("6f9619ff-8b86-4011-b42d-00c04fc964ff"));
            assertThat(store.head()).isEqualTo(3);
            LogicalNetwork provider =
                    (LogicalNetwork) store.snapshot().objects().getFirst();
            assertThat(provider.id()).isEqualTo(PROVIDER);
            assertThat(provider.description()).isEqualTo("now described");
            assertThat(provider.meta().labels()).isEmpty();
            List<RevisionChanges> log = store.changes(0, 10);
            assertThat(log).extracting(RevisionChanges::revision).containsExactly(1L, 2L, 3L);
            assertThat(log.get(2).at()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_003L));
            assertThat(log).extracting(each -> each.origin().actor()).containsOnly("unknown");
            // What was deleted before is found.
            assertThat(store.deletion(PROVIDER)).isEmpty();
            // Keys and guards hold, and who makes a change is known from now on.
            assertThat(store.apply(new Transaction(1, List.of(put(network("x"))), Set.of("sites"))))
                    .isEqualTo(new Outcome.Rejected(new Conflict.GuardPassed("sites", 2), 3));
            Transaction fourth = new Transaction(3, List.of(put(network("x"))), Set.of(), new Origin("alice", ""));
            assertThat(store.apply(fourth)).isEqualTo(new Outcome.Committed(4));
            assertThat(store.changes(3, 1).getFirst().origin()).isEqualTo(new Origin("alice", ""));
        }
        try (FabricStore again = SqliteStore.open(directory)) {
            assertThat(again.head()).isEqualTo(4);
        }
    }
}
