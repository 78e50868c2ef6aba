package net.nvgate.fabric.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/** The tables of a SQLite store, and the steps that bring an older file to the present form. */
final class SqliteSchema {

    /** Step n leads from version n to n + 1; a step is never edited after a release. */
    private static final List<List<String>> MIGRATIONS = List.of(
            List.of(
                    "CREATE TABLE fabric(only INTEGER PRIMARY KEY CHECK (only = 0), id TEXT NOT NULL,"
                            + " head INTEGER NOT NULL, compacted INTEGER NOT NULL)",
                    "CREATE TABLE object(id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL,"
                            + " created_rev INTEGER NOT NULL, changed_rev INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID",
                    "CREATE TABLE unique_key(scope TEXT NOT NULL, value TEXT NOT NULL, owner TEXT NOT NULL,"
                            + " PRIMARY KEY(scope, value)) WITHOUT ROWID",
                    "CREATE INDEX unique_key_owner ON unique_key(owner)",
                    "CREATE TABLE reference(to_id TEXT NOT NULL, from_id TEXT NOT NULL,"
                            + " PRIMARY KEY(to_id, from_id)) WITHOUT ROWID",
                    "CREATE INDEX reference_from ON reference(from_id)",
                    "CREATE TABLE guard(name TEXT PRIMARY KEY, rev INTEGER NOT NULL) WITHOUT ROWID",
                    "CREATE TABLE change_log(rev INTEGER NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
                            + " kind TEXT NOT NULL, object_id TEXT NOT NULL, before TEXT, after TEXT,"
                            + " PRIMARY KEY(rev, seq)) WITHOUT ROWID"),
            List.of(
                    "ALTER TABLE change_log ADD COLUMN actor TEXT NOT NULL DEFAULT 'unknown'",
                    "ALTER TABLE change_log ADD COLUMN comment TEXT NOT NULL DEFAULT ''"),
            List.of("ALTER TABLE fabric ADD COLUMN fenced TEXT NOT NULL DEFAULT ''"),
            List.of("CREATE INDEX change_log_deletion ON change_log(object_id, rev) WHERE after IS NULL"),
            List.of("ALTER TABLE fabric ADD COLUMN lineage TEXT NOT NULL DEFAULT ''"));

    private SqliteSchema() {}

    /** Brings the file to the present version, in one transaction. */
    static void migrate(Connection connection, UUID newFabricId, long nowMillis) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS migration(version INTEGER PRIMARY KEY, applied_at_ms INTEGER NOT NULL)");
            int version = version(statement);
            if (version > MIGRATIONS.size()) {
                throw new StoreException(
                        "the store has schema version " + version + ", this program knows up to " + MIGRATIONS.size(),
                        null);
            }
            for (int step = version; step < MIGRATIONS.size(); step++) {
                for (String sql : MIGRATIONS.get(step)) {
                    statement.execute(sql);
                }
                statement.execute("INSERT INTO migration VALUES(" + (step + 1) + ", " + nowMillis + ")");
            }
            statement.execute(
                    "INSERT OR IGNORE INTO fabric(only, id, head, compacted) VALUES(0, '" + newFabricId + "', 0, 0)");
            statement.execute("COMMIT");
        }
    }

    /** @throws StoreException if the file is not of the present version */
    static void requirePresent(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version = version(statement);
            if (version != MIGRATIONS.size()) {
                throw new StoreException(
                        "the store has schema version " + version + ", not " + MIGRATIONS.size()
                                + ": a manager of this version must have opened it",
                        null);
            }
        }
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT coalesce(max(version), 0) FROM migration")) {
            row.next();
            return row.getInt(1);
        }
    }
}
