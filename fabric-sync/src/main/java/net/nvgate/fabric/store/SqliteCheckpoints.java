package net.nvgate.fabric.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what has been committed from the write-ahead log into the store's file, a little at a time and beside the thread that commits. SQLite
 * would do it in that thread, with all of {@link SqliteFiles#CHECKPOINT_PAGES} at once, while all who change something wait. That stays for a log
 * which grows faster than this copies.
 *
 * <p>What is durable does not depend on it: that is the log, which the commit has synced. SQLite must be 3.51.3 or later: before, a checkpoint
 * beside a writer that makes one, too, could spoil the file.
 */
final class SqliteCheckpoints implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteCheckpoints.class);

    /** Changed objects between two rounds; each is some ten pages of the log. */
    private static final int CHANGES = 64;

    private final Connection connection;
    /** Waits neither for readers nor for the writer, and they do not wait for it. */
    private final PreparedStatement copy;

    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition due = lock.newCondition();
    private int changes;
    private boolean closed;
    /** The thread's own. */
    private boolean told;

    /** @param connection of its own, closed with it */
    SqliteCheckpoints(Connection connection) throws SQLException {
        this.connection = connection;
        copy = connection.prepareStatement("PRAGMA wal_checkpoint(PASSIVE)");
        thread = Thread.ofPlatform().name("fabric-store-checkpoints").daemon().unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Called by the writer after a commit. */
    void committed(List<RevisionChanges> revisions) {
        lock.lock();
        try {
            for (RevisionChanges revision : revisions) {
                changes += revision.changes().size();
            }
            if (changes >= CHANGES) {
                due.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            while (awaitDue()) {
                try (ResultSet row = copy.executeQuery()) {
                    row.next();
                    tell(row.getInt(2) - row.getInt(3));
                } catch (SQLException e) {
                    LOG.warn("the write-ahead log cannot be copied now, it grows on: {}", e.toString());
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("checkpoints end, the writer makes them: {}", e.toString());
        }
    }

    /** A reader that does not end, as a backup over a slow line, keeps the log from being used anew. */
    private void tell(int left) {
        boolean tooMany = left > SqliteFiles.CHECKPOINT_PAGES;
        if (tooMany && !told) {
            LOG.warn(
                    "{} pages of the write-ahead log cannot be copied: somebody reads for long; it grows, and changes are slower",
                    left);
        } else if (!tooMany && told) {
            LOG.info("the write-ahead log is copied again, {} pages are left", left);
        }
        told = tooMany;
    }

    /** False when closed. */
    private boolean awaitDue() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (changes < CHANGES && !closed) {
                due.await();
            }
            changes = 0;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Before the writer's connection is: the last one copies the rest. */
    void close() throws InterruptedException, SQLException {
        lock.lock();
        try {
            closed = true;
            due.signal();
        } finally {
            lock.unlock();
        }
        thread.join();
        copy.close();
        connection.close();
    }
}
