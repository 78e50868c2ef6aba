package net.nvgate.fabric.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Writes an embedded store into a file of its own, which then replaces the present one. No manager may be running. */
public final class SqliteRestore implements RestoreTarget {

    private static final int ROWS_PER_COMMIT = 10_000;

    private final SqliteFiles files;
    private final FileChannel lock;
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
                if (!replace && !empty(files)) {
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

    private static boolean empty(SqliteFiles files) {
        if (!Files.exists(files.database())) {
            return true;
        }
        try (Connection connection = files.connect(false);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT head FROM fabric")) {
            return row.next() && row.getLong(1) == 0;
        } catch (SQLException e) {
            throw new StoreException(
                    "the present store in " + files.directory() + " cannot be read: " + e.getMessage(), e);
        }
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
                    new SqliteLoader(SqliteFiles.connect(files.restored(), false), header, ROWS_PER_COMMIT));
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
