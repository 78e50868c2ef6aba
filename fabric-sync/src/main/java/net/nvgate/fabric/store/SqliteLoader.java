package net.nvgate.fabric.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;

/** Writes a dump into an empty file: rows as they are, without the checks of a transaction. */
final class SqliteLoader implements AutoCloseable {

    private final Connection connection;
    private final DumpHeader header;
    private final int rowsPerCommit;
    private final List<PreparedStatement> statements = new ArrayList<>();
    private final PreparedStatement object;
    private final PreparedStatement key;
    private final PreparedStatement reference;
    private final PreparedStatement guard;
    private final PreparedStatement log;
    private int rows;

    /** @param token becomes the user_version of the file */
    SqliteLoader(Connection connection, DumpHeader header, int token, int rowsPerCommit) throws SQLException {
        this.connection = connection;
        this.header = header;
        this.rowsPerCommit = rowsPerCommit;
        SqliteSchema.migrate(connection, header.fabricId(), System.currentTimeMillis());
        object = prepare("INSERT INTO object VALUES(?, ?, ?, ?, ?, ?)");
        key = prepare("INSERT INTO unique_key VALUES(?, ?, ?)");
        reference = prepare("INSERT INTO reference VALUES(?, ?)");
        guard = prepare("INSERT INTO guard VALUES(?, ?)");
        log = prepare(SqliteTransactions.INSERT_LOG);
        run("PRAGMA user_version = " + token);
        run("BEGIN");
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statements.add(statement);
        return statement;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void insert(PreparedStatement statement) throws SQLException {
        statement.executeUpdate();
        rows++;
        if (rows % rowsPerCommit == 0) {
            run("COMMIT");
            run("BEGIN");
        }
    }

    void object(StoredObject stored) throws SQLException {
        FabricObject made = stored.object();
        String id = made.id().toString();
        SqliteTransactions.bind(
                object,
                id,
                made.kind().label(),
                made.name(),
                made.createdRevision(),
                made.changedRevision(),
                FabricJson.write(made));
        insert(object);
        for (UniqueKey unique : stored.links().uniqueKeys()) {
            SqliteTransactions.bind(key, unique.scope(), unique.value(), id);
            insert(key);
        }
        for (UUID to : stored.links().references()) {
            SqliteTransactions.bind(reference, to.toString(), id);
            insert(reference);
        }
    }

    void guard(String name, long revision) throws SQLException {
        SqliteTransactions.bind(guard, name, revision);
        insert(guard);
    }

    void revision(RevisionChanges changes) throws SQLException {
        for (int seq = 0; seq < changes.changes().size(); seq++) {
            SqliteTransactions.bindLog(
                    log,
                    changes.revision(),
                    seq,
                    changes.at(),
                    changes.origin(),
                    changes.changes().get(seq));
            insert(log);
        }
    }

    /** Makes all of it durable. */
    void end() throws SQLException {
        PreparedStatement fabric = prepare("UPDATE fabric SET head = ?, compacted = ?, lineage = ?");
        fabric.setLong(1, header.revision());
        fabric.setLong(2, header.compacted());
        fabric.setString(3, header.lineage());
        fabric.executeUpdate();
        run("COMMIT");
        close();
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements) {
            statement.close();
        }
        connection.close();
    }
}
