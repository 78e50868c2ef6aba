package net.nvgate.fabric.store;

import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.NetworkSite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends FabricStoreContract {

    @TempDir
    private Path directory;

    @Override
    protected FabricStore open() {
        return SqliteStore.open(directory);
    }

    @Test
    void aSecondStoreInTheSameDirectoryIsRefused() {
        assertThatThrownBy(() -> SqliteStore.open(directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("locked");
    }

    @Test
    void aStoreOfANewerVersionIsRefused(@TempDir Path other) throws SQLException {
        SqliteStore.open(other).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + other.resolve("fabric.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO migration VALUES(99, 0)");
        }
        assertThatThrownBy(() -> SqliteStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("schema version 99");
    }

    @Test
    void theLogKeepsToItsLimit(@TempDir Path other) {
        try (FabricStore store = SqliteStore.open(other, 20, Clock.systemUTC())) {
            for (int i = 0; i < 50; i++) {
                store.apply(puts(network("n" + i)));
            }
            // The last compaction follows the commit that makes it due; one more round trip waits for it.
            store.compact(0);
            assertThat(store.compacted()).isBetween(28L, 30L);
            assertThat(store.snapshot().objects()).hasSize(50);
        }
    }

    @Test
    void aDeletionIsFoundByAnIndex(@TempDir Path other) throws SQLException {
        SqliteStore.open(other).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + other.resolve("fabric.db"));
                Statement statement = connection.createStatement();
                ResultSet plan =
                        statement.executeQuery("EXPLAIN QUERY PLAN " + SqliteReader.DELETION.replace("?", "'x'"))) {
            assertThat(plan.next()).isTrue();
            assertThat(plan.getString("detail")).contains("INDEX change_log_deletion (object_id=?");
        }
    }

    /** The writer would copy only after many times as many commits. */
    @Test
    @Timeout(120)
    void theLogIsCopiedIntoTheFileWhileTheStoreIsOpen(@TempDir Path other) throws Exception {
        try (FabricStore store = SqliteStore.open(other)) {
            for (int i = 0; i < 200; i++) {
                store.apply(puts(network("n" + i)));
            }
            while (headOfCopy(other.resolve("fabric.db"), other.resolve("copy.db")) < 100) {
                Thread.sleep(20);
            }
            assertThat(store.snapshot().objects()).hasSize(200);
        }
    }

    /** Of the file without its log; -1 if it was being written. */
    private static long headOfCopy(Path file, Path copy) throws IOException {
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT head FROM fabric")) {
            return row.next() ? row.getLong(1) : -1;
        } catch (SQLException e) {
            return -1;
        }
    }

    @Test
    void callsAfterCloseFail(@TempDir Path other) {
        FabricStore store = SqliteStore.open(other);
        store.close();
        assertThatThrownBy(() -> store.apply(puts(network("late")))).isInstanceOf(StoreException.class);
    }

    /** The child commits pairs (network, site) from four threads and prints the id of each after the commit. */
    @Test
    @Timeout(300)
    void whatWasAcknowledgedSurvivesKillInMidWrite(@TempDir Path other) throws IOException, InterruptedException {
        for (int round = 1; round <= 2; round++) {
            List<UUID> acknowledged = writeAndKill(other, 100 * round);
            try (FabricStore store = SqliteStore.open(other)) {
                Map<UUID, FabricObject> objects = new HashMap<>();
                store.snapshot().objects().forEach(object -> objects.put(object.id(), object));
                assertThat(objects.keySet()).containsAll(acknowledged);
                assertThat(objects).hasSize((int) store.head() * 2);
                for (FabricObject object : objects.values()) {
                    if (object instanceof NetworkSite site) {
                        assertThat(objects).containsKey(site.logicalNetworkId());
                    }
                }
                assertThat(store.changes(0, 1_000_000)).hasSize((int) store.head());
            }
        }
    }

    private static List<UUID> writeAndKill(Path directory, int acknowledgements)
            throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process child = new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreWriterMain.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<UUID> acknowledged = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                // A line cut by the kill was printed after its commit, but cannot be read.
                if (line.length() == 36) {
                    acknowledged.add(UUID.fromString(line));
                }
                if (acknowledged.size() == acknowledgements) {
                    // By the handle: Process.destroyForcibly() would also close the stream with the last lines.
                    child.toHandle().destroyForcibly();
                }
            }
        }
        child.waitFor();
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(acknowledgements);
        return acknowledged;
    }

    /** A manager that starts has several readers of it. */
    @Test
    void aSnapshotIsReadOnceAndForgottenWithTheNextCommit(@TempDir Path other) {
        try (SqliteStore store = SqliteStore.open(other)) {
            store.apply(puts(network("one")));
            assertThat(store.snapshot()).isSameAs(store.snapshot());
            store.apply(puts(network("two")));
            assertThat(store.snapshot().revision()).isEqualTo(2);
            assertThat(store.snapshot().objects()).hasSize(2);
        }
    }
}
