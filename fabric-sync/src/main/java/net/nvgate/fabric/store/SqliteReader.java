package net.nvgate.fabric.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import org.jspecify.annotations.Nullable;

/**
 * A read-only connection. In WAL mode a read transaction sees one commit and neither waits for the writer nor stops it.
 * One thread at a time.
 */
final class SqliteReader implements AutoCloseable {

    /** The index change_log_deletion has exactly these rows. */
    static final String DELETION =
            "SELECT rev FROM change_log WHERE object_id = ? AND after IS NULL ORDER BY rev DESC LIMIT 1";

    private final Connection connection;

    SqliteReader(Connection connection) {
        this.connection = connection;
    }

    /** The one row of table fabric. */
    record Position(UUID fabricId, long head, long compacted, String fenced, String lineage) {}

    Position position() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, head, compacted, fenced, lineage FROM fabric")) {
            row.next();
            return new Position(
                    UUID.fromString(row.getString(1)),
                    row.getLong(2),
                    row.getLong(3),
                    row.getString(4),
                    row.getString(5));
        }
    }

    StoreSnapshot snapshot() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            try {
                long head = position().head();
                List<FabricObject> objects = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery("SELECT kind, body FROM object")) {
                    while (rows.next()) {
                        objects.add(SqliteTransactions.decode(rows.getString(1), rows.getString(2)));
                    }
                }
                return new StoreSnapshot(head, objects);
            } finally {
                statement.execute("COMMIT");
            }
        }
    }

    /** Like {@link FabricStore#changes}. */
    List<RevisionChanges> changes(long after, int limit) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            try {
                long compacted = position().compacted();
                if (after < compacted) {
                    throw new CompactedException(after, compacted);
                }
                return readLog(after, limit);
            } finally {
                statement.execute("COMMIT");
            }
        }
    }

    /** Like {@link #changes}, inside a transaction of the caller. */
    List<RevisionChanges> readLog(long after, int limit) throws SQLException {
        String sql =
                "SELECT rev, at_ms, kind, before, after, actor, comment FROM change_log WHERE rev > ? AND rev <= ? ORDER BY rev, seq";
        List<RevisionChanges> revisions = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, after);
            select.setLong(2, after + limit);
            try (ResultSet rows = select.executeQuery()) {
                List<ObjectChange> changes = new ArrayList<>();
                int read = 0;
                long revision = 0;
                long atMillis = 0;
                Origin origin = Origin.SYSTEM;
                while (rows.next()) {
                    if (rows.getLong(1) != revision && !changes.isEmpty()) {
                        revisions.add(new RevisionChanges(revision, Instant.ofEpochMilli(atMillis), origin, changes));
                        read += changes.size();
                        if (read >= FabricStore.READ_CHANGES_MAX) {
                            return revisions;
                        }
                        changes = new ArrayList<>();
                    }
                    revision = rows.getLong(1);
                    atMillis = rows.getLong(2);
                    origin = new Origin(rows.getString(6), rows.getString(7));
                    String kind = rows.getString(3);
                    changes.add(new ObjectChange(decode(kind, rows.getString(4)), decode(kind, rows.getString(5))));
                }
                if (!changes.isEmpty()) {
                    revisions.add(new RevisionChanges(revision, Instant.ofEpochMilli(atMillis), origin, changes));
                }
            }
        }
        return revisions;
    }

    /** Like {@link FabricStore#change}: of a large revision one row is read. */
    Optional<RevisionChanges> change(long revision, UUID id) throws SQLException {
        String sql =
                "SELECT at_ms, kind, before, after, actor, comment FROM change_log WHERE rev = ? AND object_id = ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, revision);
            select.setString(2, id.toString());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String kind = row.getString(2);
                return Optional.of(new RevisionChanges(
                        revision,
                        Instant.ofEpochMilli(row.getLong(1)),
                        new Origin(row.getString(5), row.getString(6)),
                        List.of(new ObjectChange(decode(kind, row.getString(3)), decode(kind, row.getString(4))))));
            }
        }
    }

    /** Like {@link FabricStore#deletion}. */
    Optional<Long> deletion(UUID id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(DELETION)) {
            select.setString(1, id.toString());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    private static Optional<FabricObject> decode(String kind, @Nullable String body) {
        return body == null ? Optional.empty() : Optional.of(SqliteTransactions.decode(kind, body));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
