package net.nvgate.fabric.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that puts pages of the write-ahead log into the database file while the writer goes on committing: done by the
 * writer, as SQLite does it by itself, it would hold up every commit for as long as thousands of pages take. SQLite begins the log
 * anew only when all of it is in the file, so now and then the writer does the rest, which is little by then.
 *
 * <pre>
 *  SqliteWriter ──committed──▶ pass ──log long──▶ pass again ──▶ SqliteWriter: the rest
 * </pre>
 *
 * <p>See https://sqlite.org/wal.html#ckpt.
 */
final class SqliteCheckpoints implements Runnable, AutoCloseable {

    /** 32 MiB: fewer would write the same pages into the file again and again. */
    static final int LOG_PAGES = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(SqliteCheckpoints.class);
    private static final int PASS_REVISIONS = 512;

    /**
     * What a pass came to.
     *
     * @param logPages in the log since it was begun
     * @param donePages of these, how many are in the database file
     */
    record Pass(int logPages, int donePages) {}

    private final Connection connection;
    private final Runnable theRest;
    private final AtomicInteger revisions = new AtomicInteger();
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * @param connection of its own, which may write; closed with this
     * @param theRest asks the writer for a pass between two commits
     */
    SqliteCheckpoints(Connection connection, Runnable theRest) {
        this.connection = connection;
        this.theRest = theRest;
        thread = Thread.ofPlatform().name("fabric-store-checkpoint").daemon().unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Called by the writer. */
    void committed(int count) {
        if (revisions.addAndGet(count) >= PASS_REVISIONS) {
            revisions.set(0);
            wanted.release();
        }
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                wanted.acquire();
                wanted.drainPermits();
                if (!stopping && pass(connection).logPages() >= LOG_PAGES) {
                    pass(connection);
                    theRest.run();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("checkpoints interrupted");
        } catch (SQLException e) {
            LOG.warn("checkpoints are left to commits, which wait for them: {}", e.toString());
        }
    }

    /** Puts as many pages into the file as it can without anybody waiting. */
    static Pass pass(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(PASSIVE)")) {
            row.next();
            return new Pass(row.getInt("log"), row.getInt("checkpointed"));
        }
    }

    @Override
    public void close() {
        stopping = true;
        wanted.release();
        try {
            thread.join();
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.warn("closing the connection of checkpoints: {}", e.toString());
        }
    }
}
