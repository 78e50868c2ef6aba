package net.nvgate.fabric.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.store.Transaction.Change;
import net.nvgate.fabric.store.Transaction.Delete;
import net.nvgate.fabric.store.Transaction.Put;
import org.jspecify.annotations.Nullable;

/**
 * Executes transactions on the writer's connection, inside a savepoint that the caller opens and rolls back on conflict.
 * Called by the writer thread only.
 *
 * <p>Order matters: deletes free their unique keys before puts claim them, and references are checked when all objects
 * are in place.
 */
final class SqliteTransactions implements AutoCloseable {

    static final String INSERT_LOG = "INSERT INTO change_log VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final int USERS_NAMED_MAX = 100;

    private final List<PreparedStatement> statements = new ArrayList<>();
    private final PreparedStatement selectObject;
    private final PreparedStatement putObject;
    private final PreparedStatement deleteObject;
    private final PreparedStatement claimKey;
    private final PreparedStatement keyOwner;
    private final PreparedStatement freeKeys;
    private final PreparedStatement putReference;
    private final PreparedStatement dropReferences;
    private final PreparedStatement selectUsers;
    private final PreparedStatement selectGuard;
    private final PreparedStatement putGuard;
    private final PreparedStatement log;
    private final PreparedStatement setHead;

    SqliteTransactions(Connection connection) throws SQLException {
        selectObject = prepare(connection, "SELECT changed_rev, created_rev, kind, body FROM object WHERE id = ?");
        putObject = prepare(connection, "INSERT OR REPLACE INTO object VALUES(?, ?, ?, ?, ?, ?)");
        deleteObject = prepare(connection, "DELETE FROM object WHERE id = ?");
        claimKey = prepare(connection, "INSERT OR IGNORE INTO unique_key VALUES(?, ?, ?)");
        keyOwner = prepare(connection, "SELECT owner FROM unique_key WHERE scope = ? AND value = ?");
        freeKeys = prepare(connection, "DELETE FROM unique_key WHERE owner = ?");
        putReference = prepare(connection, "INSERT INTO reference VALUES(?, ?)");
        dropReferences = prepare(connection, "DELETE FROM reference WHERE from_id = ?");
        selectUsers = prepare(connection, "SELECT from_id FROM reference WHERE to_id = ? LIMIT " + USERS_NAMED_MAX);
        selectGuard = prepare(connection, "SELECT rev FROM guard WHERE name = ?");
        putGuard = prepare(connection, "INSERT OR REPLACE INTO guard VALUES(?, ?)");
        log = prepare(connection, INSERT_LOG);
        setHead = prepare(connection, "UPDATE fabric SET head = ?");
    }

    private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statements.add(statement);
        return statement;
    }

    /** Thrown to leave the checks; the savepoint is rolled back. */
    static final class Conflicted extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient Conflict conflict;

        Conflicted(Conflict conflict) {
            super(conflict.toString(), null, false, false);
            this.conflict = conflict;
        }

        Conflict conflict() {
            return conflict;
        }
    }

    /**
     * A change with its objects as JSON.
     *
     * @param before null if the transaction created the object
     * @param after null if the transaction deleted it
     */
    private record Made(
            ObjectChange change,
            @Nullable String before,
            @Nullable String after) {

        static Made of(ObjectChange change) {
            return new Made(
                    change,
                    change.before().map(FabricJson::write).orElse(null),
                    change.after().map(FabricJson::write).orElse(null));
        }
    }

    /**
     * Makes the transaction's changes as {@code revision}.
     *
     * @param compacted guards that were last passed up to this revision are forgotten
     */
    RevisionChanges execute(Transaction transaction, long revision, Instant at, long compacted)
            throws SQLException, Conflicted {
        checkGuards(transaction, revision, compacted);
        List<ObjectChange> changes = new ArrayList<>(transaction.changes().size());
        List<Made> written = new ArrayList<>(transaction.changes().size());
        for (Change change : transaction.changes()) {
            Made made = stamp(change, revision, transaction.origin());
            bindLog(log, revision, changes.size(), at, transaction.origin(), made);
            log.executeUpdate();
            changes.add(made.change());
            written.add(made);
            if (made.change().before().isPresent()) {
                release(change.object().id());
            }
        }
        for (int i = 0; i < changes.size(); i++) {
            if (transaction.changes().get(i) instanceof Put put) {
                write(changes.get(i).any(), written.get(i).after(), put.uniqueKeys(), put.references());
            } else {
                bind(deleteObject, changes.get(i).id().toString());
                deleteObject.executeUpdate();
            }
        }
        for (Change change : transaction.changes()) {
            switch (change) {
                case Put put -> checkReferences(put);
                case Delete delete -> checkUnused(delete.object().id());
            }
        }
        bind(setHead, revision);
        setHead.executeUpdate();
        return new RevisionChanges(revision, at, transaction.origin(), changes);
    }

    /** Makes a revision that another store has made, and checked. */
    void replay(LoggedRevision logged) throws SQLException, Conflicted {
        RevisionChanges revision = logged.changes();
        List<ObjectChange> changes = revision.changes();
        for (int i = 0; i < changes.size(); i++) {
            bindLog(log, revision.revision(), i, revision.at(), revision.origin(), Made.of(changes.get(i)));
            log.executeUpdate();
            release(changes.get(i).id());
        }
        for (int i = 0; i < changes.size(); i++) {
            Optional<FabricObject> after = changes.get(i).after();
            if (after.isPresent()) {
                Links links = logged.links().get(i);
                write(after.get(), FabricJson.write(after.get()), links.uniqueKeys(), links.references());
            } else {
                bind(deleteObject, changes.get(i).id().toString());
                deleteObject.executeUpdate();
            }
        }
        for (String guard : logged.guards()) {
            bind(putGuard, guard, revision.revision());
            putGuard.executeUpdate();
        }
        bind(setHead, revision.revision());
        setHead.executeUpdate();
    }

    private void checkGuards(Transaction transaction, long revision, long compacted) throws SQLException, Conflicted {
        for (String guard : transaction.guards()) {
            for (String other : Transaction.excludedBy(guard)) {
                checkGuard(other, transaction.basedOn(), compacted);
            }
        }
        for (String guard : transaction.guards()) {
            bind(putGuard, guard, revision);
            putGuard.executeUpdate();
        }
    }

    private void checkGuard(String guard, long basedOn, long compacted) throws SQLException, Conflicted {
        bind(selectGuard, guard);
        try (ResultSet row = selectGuard.executeQuery()) {
            // One that is not there may have been passed at any time up to the compacted revision.
            long passed = row.next() ? Math.max(compacted, row.getLong(1)) : compacted;
            if (passed > basedOn) {
                throw new Conflicted(new Conflict.GuardPassed(guard, passed));
            }
        }
    }

    /** Checks that the stored object is the one the author read, and gives both versions with their revisions. */
    private Made stamp(Change change, long revision, Origin origin) throws SQLException, Conflicted {
        FabricObject object = change.object();
        bind(selectObject, object.id().toString());
        String text = null;
        Optional<FabricObject> before = Optional.empty();
        try (ResultSet row = selectObject.executeQuery()) {
            if (row.next()) {
                text = row.getString(4);
                before = Optional.of(decode(row.getString(3), text));
            }
        }
        long actual = before.map(FabricObject::changedRevision).orElse(0L);
        if (actual != object.changedRevision() || (change instanceof Delete && actual == 0)) {
            throw new Conflicted(new Conflict.ObjectChanged(object.id(), object.changedRevision(), actual));
        }
        if (change instanceof Delete) {
            return new Made(new ObjectChange(before, Optional.empty()), text, null);
        }
        Meta meta = object.meta().stamped(before.map(FabricObject::meta).orElse(null), revision, origin.actor());
        FabricObject after = object.withMeta(meta);
        return new Made(new ObjectChange(before, Optional.of(after)), text, FabricJson.write(after));
    }

    static FabricObject decode(String kind, String body) {
        return FabricJson.read(body, Kind.ofLabel(kind).type());
    }

    private void release(UUID id) throws SQLException {
        bind(freeKeys, id.toString());
        freeKeys.executeUpdate();
        bind(dropReferences, id.toString());
        dropReferences.executeUpdate();
    }

    private void write(FabricObject object, @Nullable String json, Set<UniqueKey> uniqueKeys, Set<UUID> references)
            throws SQLException, Conflicted {
        String id = object.id().toString();
        bind(
                putObject,
                id,
                object.kind().label(),
                object.name(),
                object.createdRevision(),
                object.changedRevision(),
                json);
        putObject.executeUpdate();
        for (UniqueKey key : uniqueKeys) {
            bind(claimKey, key.scope(), key.value(), id);
            if (claimKey.executeUpdate() == 0) {
                throw new Conflicted(new Conflict.UniqueKeyTaken(key, owner(key)));
            }
        }
        for (UUID to : references) {
            bind(putReference, to.toString(), id);
            putReference.executeUpdate();
        }
    }

    private UUID owner(UniqueKey key) throws SQLException {
        bind(keyOwner, key.scope(), key.value());
        try (ResultSet row = keyOwner.executeQuery()) {
            row.next();
            return UUID.fromString(row.getString(1));
        }
    }

    private void checkReferences(Put put) throws SQLException, Conflicted {
        for (UUID to : put.references()) {
            bind(selectObject, to.toString());
            try (ResultSet row = selectObject.executeQuery()) {
                if (!row.next()) {
                    throw new Conflicted(
                            new Conflict.ReferenceMissing(put.object().id(), to));
                }
            }
        }
    }

    private void checkUnused(UUID id) throws SQLException, Conflicted {
        List<UUID> users = new ArrayList<>();
        bind(selectUsers, id.toString());
        try (ResultSet rows = selectUsers.executeQuery()) {
            while (rows.next()) {
                users.add(UUID.fromString(rows.getString(1)));
            }
        }
        if (!users.isEmpty()) {
            throw new Conflicted(new Conflict.StillReferenced(id, users));
        }
    }

    static void bindLog(
            PreparedStatement insert, long revision, int seq, Instant at, Origin origin, ObjectChange change)
            throws SQLException {
        bindLog(insert, revision, seq, at, origin, Made.of(change));
    }

    private static void bindLog(PreparedStatement insert, long revision, int seq, Instant at, Origin origin, Made made)
            throws SQLException {
        ObjectChange change = made.change();
        bind(
                insert,
                revision,
                (long) seq,
                at.toEpochMilli(),
                change.any().kind().label(),
                change.id().toString(),
                made.before(),
                made.after(),
                origin.actor(),
                origin.comment());
    }

    static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements) {
            statement.close();
        }
    }
}
