package net.nvgate.fabric.store;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections for reading, kept for the next who reads. Thread-safe. */
final class SqliteReaders implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteReaders.class);
    private static final int IDLE_MAX = 4;

    interface Read<T> {
        T from(SqliteReader reader) throws SQLException;
    }

    private final SqliteFiles files;
    private final Deque<SqliteReader> idle = new ArrayDeque<>();
    private boolean closed;
    private int opened;

    SqliteReaders(SqliteFiles files) {
        this.files = files;
    }

    /** @throws StoreException if it fails; then its connection is not used again */
    <T> T read(Read<T> read) {
        try {
            SqliteReader reader = take();
            boolean good = false;
            try {
                T result = read.from(reader);
                good = true;
                return result;
            } catch (CompactedException e) {
                good = true;
                throw e;
            } finally {
                done(reader, good);
            }
        } catch (SQLException e) {
            throw new StoreException("cannot read the store: " + e.getMessage(), e);
        }
    }

    private SqliteReader take() throws SQLException {
        Optional<SqliteReader> kept = kept();
        return kept.isPresent() ? kept.get() : new SqliteReader(files.connect(true));
    }

    private synchronized Optional<SqliteReader> kept() {
        if (idle.isEmpty()) {
            opened++;
        }
        return Optional.ofNullable(idle.pollLast());
    }

    /** Connections made so far. */
    synchronized int opened() {
        return opened;
    }

    private void done(SqliteReader reader, boolean good) throws SQLException {
        if (!good || !keep(reader)) {
            reader.close();
        }
    }

    private synchronized boolean keep(SqliteReader reader) {
        boolean kept = !closed && idle.size() < IDLE_MAX;
        if (kept) {
            idle.addLast(reader);
        }
        return kept;
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (SqliteReader reader : idle) {
            try {
                reader.close();
            } catch (SQLException e) {
                LOG.warn("closing a connection: {}", e.toString());
            }
        }
        idle.clear();
    }
}
