package net.nvgate.fabric.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Reads what objects hold on to. The connection is the caller's, inside a read transaction of his. */
final class SqliteLinks implements AutoCloseable {

    private final PreparedStatement keys;
    private final PreparedStatement references;
    private final PreparedStatement guards;

    SqliteLinks(Connection connection) throws SQLException {
        keys = connection.prepareStatement("SELECT scope, value FROM unique_key WHERE owner = ?");
        references = connection.prepareStatement("SELECT to_id FROM reference WHERE from_id = ?");
        guards = connection.prepareStatement("SELECT name, rev FROM guard WHERE rev > ?");
    }

    Links of(String id) throws SQLException {
        Set<UniqueKey> uniqueKeys = new HashSet<>();
        keys.setString(1, id);
        try (ResultSet rows = keys.executeQuery()) {
            while (rows.next()) {
                uniqueKeys.add(new UniqueKey(rows.getString(1), rows.getString(2)));
            }
        }
        Set<UUID> ids = new HashSet<>();
        references.setString(1, id);
        try (ResultSet rows = references.executeQuery()) {
            while (rows.next()) {
                ids.add(UUID.fromString(rows.getString(1)));
            }
        }
        return new Links(uniqueKeys, ids);
    }

    /** Adds links and guards to the end of the log: those of today, with the last change of each object and guard. */
    List<LoggedRevision> complete(List<RevisionChanges> log, long after) throws SQLException {
        Map<UUID, Long> last = new HashMap<>();
        log.forEach(revision -> revision.changes().forEach(change -> last.put(change.id(), revision.revision())));
        Map<Long, Set<String>> passed = passedSince(after);
        List<LoggedRevision> logged = new ArrayList<>(log.size());
        for (RevisionChanges revision : log) {
            List<Links> links = new ArrayList<>(revision.changes().size());
            for (ObjectChange change : revision.changes()) {
                boolean present = change.after().isPresent()
                        && Long.valueOf(revision.revision()).equals(last.get(change.id()));
                links.add(present ? of(change.id().toString()) : Links.NONE);
            }
            logged.add(new LoggedRevision(revision, links, passed.getOrDefault(revision.revision(), Set.of())));
        }
        return logged;
    }

    private Map<Long, Set<String>> passedSince(long revision) throws SQLException {
        Map<Long, Set<String>> passed = new HashMap<>();
        guards.setLong(1, revision);
        try (ResultSet rows = guards.executeQuery()) {
            while (rows.next()) {
                passed.computeIfAbsent(rows.getLong(2), _ -> new HashSet<>()).add(rows.getString(1));
            }
        }
        return passed;
    }

    @Override
    public void close() throws SQLException {
        keys.close();
        references.close();
        guards.close();
    }
}
