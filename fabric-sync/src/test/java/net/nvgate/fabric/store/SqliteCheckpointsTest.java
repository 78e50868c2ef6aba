package net.nvgate.fabric.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCheckpointsTest {

    @TempDir
    private Path directory;

    @Test
    void theLogBeginsAnewOnceAllOfItIsInTheFile() throws SQLException {
        SqliteFiles files = new SqliteFiles(directory);
        try (Connection writer = files.connectWriter();
                Connection beside = files.connect(false)) {
            commit(writer, "CREATE TABLE t (x BLOB)");
            for (int i = 0; i < 20; i++) {
                commit(writer, "INSERT INTO t VALUES (randomblob(10000))");
            }
            SqliteCheckpoints.Pass pass = SqliteCheckpoints.pass(beside);
            assertThat(pass.logPages()).isGreaterThan(20);
            assertThat(pass.donePages()).isEqualTo(pass.logPages());
            commit(writer, "INSERT INTO t VALUES (1)");
            assertThat(SqliteCheckpoints.pass(beside).logPages()).isBetween(1, 20);
        }
    }

    private static void commit(Connection connection, String change) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(change);
        }
    }
}
