package net.nvgate.fabric.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hands out an embedded store. One read transaction sees one commit, whatever a manager that has the store open writes
 * meanwhile.
 */
public final class SqliteSource implements StoreSource {

    private static final int READ_REVISIONS_MAX = 256;

    private final SqliteFiles files;
    private final Path file;
    private final Optional<FileChannel> lock;
    private final boolean mayFence;

    private SqliteSource(SqliteFiles files, Path file, Optional<FileChannel> lock, boolean mayFence) {
        this.files = files;
        this.file = file;
        this.lock = lock;
        this.mayFence = mayFence;
    }

    /** For a backup; a manager may have the store open. */
    public static SqliteSource shared(Path directory) {
        SqliteFiles files = new SqliteFiles(directory);
        return existing(new SqliteSource(files, files.database(), Optional.empty(), false));
    }

    /** For a move by the process that has the store open, and commits nothing from the fence on. */
    public static SqliteSource running(Path directory) {
        SqliteFiles files = new SqliteFiles(directory);
        return existing(new SqliteSource(files, files.database(), Optional.empty(), true));
    }

    /**
     * For a move.
     *
     * @throws StoreException if a manager has the store open
     */
    public static SqliteSource exclusive(Path directory) {
        SqliteFiles files = new SqliteFiles(directory);
        try {
            SqliteSource source = new SqliteSource(files, files.database(), Optional.of(files.lock()), true);
            try {
                return existing(source);
            } catch (StoreException e) {
                source.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreException("cannot lock the store in " + directory + ": " + e, e);
        }
    }

    /** Of a store that is being restored. */
    static SqliteSource of(SqliteFiles files, Path file) {
        return new SqliteSource(files, file, Optional.empty(), false);
    }

    private static SqliteSource existing(SqliteSource source) {
        if (!Files.exists(source.file)) {
            throw new StoreException("there is no store in " + source.files.directory(), null);
        }
        return source;
    }

    @Override
    public void copyTo(DumpSink sink) {
        // Not read-only: the last reader of a store that nobody has open must be able to make its shared memory file.
        try (Connection connection = SqliteFiles.connect(file, false);
                Statement statement = connection.createStatement()) {
            SqliteSchema.requirePresent(connection);
            statement.execute("BEGIN");
            copy(connection, statement, sink);
            statement.execute("COMMIT");
        } catch (SQLException e) {
            throw new StoreException("cannot read the store in " + file + ": " + e.getMessage(), e);
        }
    }

    // The connection is the caller's, so the reader is not closed.
    @SuppressWarnings("resource")
    private static void copy(Connection connection, Statement statement, DumpSink sink) throws SQLException {
        SqliteReader reader = new SqliteReader(connection);
        SqliteReader.Position position = reader.position();
        sink.begin(new DumpHeader(position.fabricId(), position.head(), position.compacted(), position.lineage()));
        copyObjects(connection, statement, sink);
        try (ResultSet rows = statement.executeQuery("SELECT name, rev FROM guard ORDER BY name")) {
            while (rows.next()) {
                sink.guard(rows.getString(1), rows.getLong(2));
            }
        }
        long after = position.compacted();
        while (after < position.head()) {
            List<RevisionChanges> revisions = reader.readLog(after, READ_REVISIONS_MAX);
            if (revisions.isEmpty()) {
                throw new StoreException("the log ends at revision " + after, null);
            }
            revisions.forEach(sink::revision);
            after = revisions.getLast().revision();
        }
        sink.end();
    }

    @Override
    // The connection is closed here, so the reader is not.
    @SuppressWarnings("resource")
    public List<LoggedRevision> since(long revision) {
        try (Connection connection = SqliteFiles.connect(file, false);
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            SqliteReader reader = new SqliteReader(connection);
            SqliteReader.Position position = reader.position();
            if (revision < position.compacted()) {
                throw new CompactedException(revision, position.compacted());
            }
            List<RevisionChanges> log = new ArrayList<>();
            while (revision + log.size() < position.head()) {
                log.addAll(reader.readLog(revision + log.size(), READ_REVISIONS_MAX));
            }
            List<LoggedRevision> logged;
            try (SqliteLinks links = new SqliteLinks(connection)) {
                logged = links.complete(log, revision);
            }
            statement.execute("COMMIT");
            return logged;
        } catch (SQLException e) {
            throw new StoreException("cannot read the log in " + file + ": " + e.getMessage(), e);
        }
    }

    private static void copyObjects(Connection connection, Statement statement, DumpSink sink) throws SQLException {
        try (SqliteLinks links = new SqliteLinks(connection);
                ResultSet rows = statement.executeQuery("SELECT id, kind, body FROM object ORDER BY id")) {
            while (rows.next()) {
                sink.object(new StoredObject(
                        SqliteTransactions.decode(rows.getString(2), rows.getString(3)), links.of(rows.getString(1))));
            }
        }
    }

    @Override
    public void fence(String why) {
        if (!mayFence) {
            throw new IllegalStateException("the store is shared");
        }
        try (Connection connection = SqliteFiles.connect(file, false);
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE fabric SET fenced = ?1 WHERE ?1 != '' OR instr(fenced, ?2) != 1")) {
            update.setString(1, why);
            update.setString(2, Fence.MOVED);
            update.executeUpdate();
        } catch (SQLException e) {
            throw new StoreException("cannot fence the store in " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String describe() {
        return "SQLite in " + files.directory();
    }

    @Override
    public void close() {
        if (lock.isPresent()) {
            try {
                lock.get().close();
            } catch (IOException e) {
                throw new StoreException("cannot unlock the store", e);
            }
        }
    }
}
