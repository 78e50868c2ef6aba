package net.nvgate.fabric.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;

/** A directory that holds an embedded store. */
public record SqlitePlace(Path directory) implements StorePlace {

    @Override
    public String describe() {
        return "SQLite in " + directory;
    }

    @Override
    public FabricStore open(long historyRevisions, Clock clock) {
        return SqliteStore.open(directory, historyRevisions, clock);
    }

    @Override
    public StoreSource shared() {
        return SqliteSource.shared(directory);
    }

    @Override
    public StoreSource exclusive() {
        return SqliteSource.exclusive(directory);
    }

    @Override
    public StoreSource running() {
        return SqliteSource.running(directory);
    }

    @Override
    public RestoreTarget target(boolean replace) {
        return SqliteRestore.into(directory, replace);
    }

    @Override
    public boolean settle(String token) {
        SqliteFiles files = new SqliteFiles(directory);
        // Under the lock, so that nobody is about to put it in place.
        try (FileChannel _ = files.lock()) {
            files.deleteRestored();
            if (!Files.exists(files.database())) {
                return false;
            }
            try (Connection connection = files.connect(false);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("PRAGMA user_version")) {
                return row.next() && row.getString(1).equals(token);
            }
        } catch (IOException | SQLException e) {
            throw new StoreException("cannot look at the store in " + directory + ": " + e.getMessage(), e);
        }
    }
}
