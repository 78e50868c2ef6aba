package net.nvgate.fabric.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer thread: takes what has queued up, executes each transaction in a savepoint, and commits all of them with one
 * sync of the disk (group commit). Callers learn the outcome after the sync.
 */
final class SqliteWriter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
    private static final int QUEUE_MAX = 1024;
    private static final int GROUP_MAX = 256;

    /** A transaction that waits for its outcome. */
    private record Pending(Transaction transaction, CompletableFuture<Outcome> outcome) {}

    /** A transaction that was executed, or refused, in a group that is not committed yet. */
    private record Executed(Pending pending, Outcome outcome) {}

    private final Connection connection;
    private final SqliteTransactions transactions;
    private final SqliteCheckpoints checkpoints;
    /** Prepared once: to parse them for every transaction costs more than to execute them. */
    private final PreparedStatement begin;

    private final PreparedStatement commit;
    private final PreparedStatement savepoint;
    private final PreparedStatement undo;
    private final PreparedStatement release;
    private final RevisionTail tail;
    private final Clock clock;
    private final long historyRevisions;
    private final BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final List<Pending> group = new ArrayList<>(GROUP_MAX);
    private final Thread thread;
    private volatile long compacted;
    private boolean stopping;
    private volatile boolean stopped;

    /** @param checkpoints closed with it */
    SqliteWriter(
            Connection connection,
            SqliteCheckpoints checkpoints,
            RevisionTail tail,
            long compacted,
            long historyRevisions,
            Clock clock)
            throws SQLException {
        this.connection = connection;
        this.checkpoints = checkpoints;
        this.tail = tail;
        this.compacted = compacted;
        this.historyRevisions = historyRevisions;
        this.clock = clock;
        transactions = new SqliteTransactions(connection);
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
        savepoint = connection.prepareStatement("SAVEPOINT one");
        undo = connection.prepareStatement("ROLLBACK TO one");
        release = connection.prepareStatement("RELEASE one");
        thread = Thread.ofPlatform().name("fabric-store-writer").daemon().unstarted(this);
    }

    void start() {
        checkpoints.start();
        thread.start();
    }

    CompletableFuture<Outcome> submit(Transaction transaction) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        enqueue(() -> group.add(new Pending(transaction, outcome)), outcome);
        return outcome;
    }

    /** Up to which the log is gone. */
    long compacted() {
        return compacted;
    }

    /** Completes with the revision up to which the log is gone. */
    CompletableFuture<Long> compact(long revision) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        enqueue(
                () -> {
                    commitGroup();
                    try {
                        forget(Math.min(revision, tail.head()));
                        done.complete(compacted);
                    } catch (SQLException e) {
                        done.completeExceptionally(new StoreException("cannot compact", e));
                    }
                },
                done);
        return done;
    }

    /** A task that comes after the last round of the thread is found here and failed. */
    private void enqueue(Runnable task, CompletableFuture<?> result) {
        try {
            queue.put(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result.completeExceptionally(new StoreException("interrupted before the transaction was queued", e));
            return;
        }
        if (stopped && queue.remove(task)) {
            result.completeExceptionally(new StoreException("the store is closed", null));
        }
    }

    @Override
    public void run() {
        try {
            List<Runnable> tasks = new ArrayList<>(GROUP_MAX);
            while (!stopping) {
                tasks.add(queue.take());
                queue.drainTo(tasks, GROUP_MAX - 1);
                tasks.forEach(Runnable::run);
                tasks.clear();
                commitGroup();
            }
        } catch (InterruptedException e) {
            LOG.warn("store writer interrupted: the store is closed");
        } finally {
            refuseAll();
        }
    }

    /** The thread ends, by order or by an error: nobody may wait for an outcome that will not come. */
    private void refuseAll() {
        stopped = true;
        List<Runnable> tasks = new ArrayList<>();
        queue.drainTo(tasks);
        tasks.forEach(Runnable::run);
        failGroup(new StoreException("the store is closed", null));
    }

    private void commitGroup() {
        if (group.isEmpty()) {
            return;
        }
        List<Executed> executed = new ArrayList<>(group.size());
        List<RevisionChanges> revisions = new ArrayList<>(group.size());
        try {
            begin.executeUpdate();
            for (Pending pending : group) {
                execute(pending, executed, revisions);
            }
            commit.executeUpdate();
        } catch (SQLException e) {
            LOG.error("cannot commit after revision {}: {}", tail.head(), e.toString(), e);
            rollback();
            failGroup(new StoreException("cannot commit: " + e.getMessage(), e));
            return;
        }
        group.clear();
        tail.publish(revisions);
        for (Executed each : executed) {
            each.pending().outcome().complete(each.outcome());
        }
        checkpoints.committed(revisions);
        forgetOld();
    }

    private void execute(Pending pending, List<Executed> executed, List<RevisionChanges> revisions)
            throws SQLException {
        long head = tail.head() + revisions.size();
        savepoint.executeUpdate();
        try {
            revisions.add(transactions.execute(
                    pending.transaction(), head + 1, Instant.ofEpochMilli(clock.millis()), compacted));
            executed.add(new Executed(pending, new Outcome.Committed(head + 1)));
        } catch (SqliteTransactions.Conflicted e) {
            undo.executeUpdate();
            executed.add(new Executed(pending, new Outcome.Rejected(e.conflict(), head)));
        } catch (RuntimeException e) {
            LOG.error("cannot execute a transaction after revision {}: {}", head, e.toString(), e);
            undo.executeUpdate();
            pending.outcome().completeExceptionally(new StoreException("cannot execute the transaction", e));
        }
        release.executeUpdate();
    }

    private void rollback() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ROLLBACK");
        } catch (SQLException e) {
            // SQLite rolls back by itself on some errors; then there is nothing left to roll back.
            LOG.warn("rollback: {}", e.toString());
        }
    }

    private void failGroup(StoreException reason) {
        for (Pending pending : group) {
            pending.outcome().completeExceptionally(reason);
        }
        group.clear();
    }

    /** Keeps the log within its limit, a tenth of it at a time. */
    private void forgetOld() {
        if (tail.head() - compacted <= historyRevisions + historyRevisions / 10) {
            return;
        }
        try {
            forget(tail.head() - historyRevisions);
        } catch (SQLException e) {
            LOG.warn("cannot compact the log, it grows on: {}", e.toString());
        }
    }

    private void forget(long revision) throws SQLException {
        if (revision <= compacted) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.executeUpdate("DELETE FROM change_log WHERE rev <= " + revision);
            // Who has not seen the log up to there is refused without them.
            statement.executeUpdate("DELETE FROM guard WHERE rev <= " + revision);
            statement.executeUpdate("UPDATE fabric SET compacted = " + revision);
            statement.execute("COMMIT");
        } catch (SQLException e) {
            rollback();
            throw e;
        }
        compacted = revision;
        LOG.info("log compacted up to revision {}", revision);
    }

    /** Commits what is queued, then ends. */
    void close() {
        if (!stopped) {
            enqueue(() -> stopping = true, new CompletableFuture<>());
        }
        try {
            thread.join();
            try {
                checkpoints.close();
            } finally {
                transactions.close();
                for (PreparedStatement each : List.of(begin, commit, savepoint, undo, release)) {
                    each.close();
                }
                connection.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.warn("closing the writer's connection: {}", e.toString());
        }
    }
}
