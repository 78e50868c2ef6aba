package net.nvgate.fabric.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Writes an embedded store into a file of its own, which then replaces the present one. No manager may be running. */
public final class SqliteRestore implements RestoreTarget {

    private static final int ROWS_PER_COMMIT = 10_000;
    private static final int FENCED_COLUMN = 5;

    private final SqliteFiles files;
    private final FileChannel lock;
    /** SQLite's user_version of the file, by which it is known wherever it is. */
    private final int token = new SecureRandom().nextInt(1, Integer.MAX_VALUE);

    private Optional<SqliteLoader> loader = Optional.empty();

    private SqliteRestore(SqliteFiles files, FileChannel lock) {
        this.files = files;
        this.lock = lock;
    }

    /**
     * @param replace whether a store that has something in it may be replaced
     * @throws StoreException if it may not, or a manager has it open
     */
    public static SqliteRestore into(Path directory, boolean replace) {
        SqliteFiles files = new SqliteFiles(directory);
        try {
            FileChannel lock = files.lock();
            try {
                if (!replace && !replaceable(files)) {
                    throw new StoreException(
                            "the store in " + directory + " is not empty (--replace replaces it)", null);
                }
                files.deleteRestored();
                return new SqliteRestore(files, lock);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException("cannot restore into " + directory + ": " + e, e);
        }
    }

    /** Nothing is in it, or somebody goes on with it elsewhere. */
    private static boolean replaceable(SqliteFiles files) {
        if (!Files.exists(files.database())) {
            return true;
        }
        try (Connection connection = files.connect(false);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT * FROM fabric")) {
            return row.next() && (row.getLong("head") == 0 || Fence.isMoved(fenced(row)));
        } catch (SQLException e) {
            throw new StoreException(
                    "the present store in " + files.directory() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A file that no manager of this version has opened yet has no such column. */
    private static String fenced(ResultSet row) throws SQLException {
        boolean known = row.getMetaData().getColumnCount() >= FENCED_COLUMN;
        return known ? row.getString(FENCED_COLUMN) : "";
    }

    private interface Write {
        void to(SqliteLoader loader) throws SQLException;
    }

    private void write(Write write) {
        try {
            write.to(loader.orElseThrow(() -> new IllegalStateException("not begun")));
        } catch (SQLException e) {
            throw new StoreException("cannot write " + files.restored() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void begin(DumpHeader header) {
        try {
            loader = Optional.of(
                    new SqliteLoader(SqliteFiles.connect(files.restored(), false), header, token, ROWS_PER_COMMIT));
        } catch (SQLException e) {
            throw new StoreException("cannot write " + files.restored() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void object(StoredObject object) {
        write(to -> to.object(object));
    }

    @Override
    public void guard(String name, long revision) {
        write(to -> to.guard(name, revision));
    }

    @Override
    public void revision(RevisionChanges changes) {
        write(to -> to.revision(changes));
    }

    @Override
    public void end() {
        write(SqliteLoader::end);
        loader = Optional.empty();
    }

    @Override
    public void follow(List<LoggedRevision> revisions) {
        try (Connection connection = SqliteFiles.connect(files.restored(), false);
                Statement statement = connection.createStatement();
                SqliteTransactions transactions = new SqliteTransactions(connection)) {
            statement.execute("BEGIN");
            for (LoggedRevision revision : revisions) {
                transactions.replay(revision);
            }
            statement.execute("COMMIT");
        } catch (SqliteTransactions.Conflicted e) {
            throw new StoreException(files.restored() + " is not as the source was: " + e.conflict(), e);
        } catch (SQLException e) {
            throw new StoreException("cannot write " + files.restored() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String token() {
        return Integer.toString(token);
    }

    @Override
    public Optional<FabricStore> openEarly(long historyRevisions, Clock clock) {
        return Optional.empty();
    }

    @Override
    public DumpSource written() {
        return SqliteSource.of(files, files.restored());
    }

    @Override
    public void activate() {
        try {
            files.putRestoredInPlace();
        } catch (SQLException | IOException e) {
            throw new StoreException("cannot put the restored store in place: " + e.getMessage(), e);
        }
    }

    @Override
    public String describe() {
        return "SQLite in " + files.directory();
    }

    @Override
    public void close() {
        try (lock) {
            if (loader.isPresent()) {
                loader.get().close();
            }
            files.deleteRestored();
        } catch (SQLException | IOException e) {
            throw new StoreException("cannot clean up after restoring: " + e.getMessage(), e);
        }
    }
}
