package net.nvgate.fabric.store.etcd;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.store.LoggedRevision;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreUnavailableException;
import net.nvgate.fabric.store.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer thread: takes what has queued up, checks each transaction on the replica as the others before it have left
 * it, and commits all that fit as one batch. If another manager was faster, the replica takes what that one wrote, and
 * the same transactions are checked again.
 */
final class EtcdWriter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdWriter.class);
    private static final int QUEUE_MAX = 1024;
    private static final int GROUP_MAX = 256;
    /** A batch is not made larger by another transaction beyond this. */
    private static final int GROUP_CHANGES_MAX = 2_000;

    private static final long POLL_MILLIS = 200;

    /** A transaction that waits for its outcome. */
    private record Pending(Transaction transaction, Deadline deadline, CompletableFuture<Outcome> outcome) {}

    /** A transaction and what becomes of it if the batch is committed. */
    private record Planned(Pending pending, Outcome outcome) {}

    private record Plan(LiveReplica.Base base, List<Planned> planned, List<LoggedRevision> revisions) {}

    private final EtcdConnection connection;
    private final LiveReplica live;
    private final EtcdCommitter committer;
    private final EtcdLog log;
    private final Clock clock;
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    /** Taken from the queue, in order, not yet in a group. */
    private final Deque<Pending> waiting = new ArrayDeque<>();

    private final Thread thread;
    private volatile boolean stopped;

    EtcdWriter(EtcdConnection connection, LiveReplica live, EtcdCommitter committer, EtcdLog log, Clock clock) {
        this.connection = connection;
        this.live = live;
        this.committer = committer;
        this.log = log;
        this.clock = clock;
        thread = Thread.ofPlatform().name("fabric-store-writer").daemon().unstarted(this);
    }

    void start() {
        thread.start();
    }

    CompletableFuture<Outcome> submit(Transaction transaction) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Deadline deadline = Deadline.in(connection.settings().patience());
        Pending pending = new Pending(transaction, deadline, outcome);
        try {
            if (!queue.offer(pending, deadline.leftNanos(), TimeUnit.NANOSECONDS)) {
                outcome.completeExceptionally(notTried("too many changes wait for etcd"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome.completeExceptionally(new StoreException("interrupted before the transaction was queued", e));
        }
        if (stopped && queue.remove(pending)) {
            outcome.completeExceptionally(new StoreException("the store is closed", null));
        }
        return outcome;
    }

    private static StoreException notTried(String why) {
        return new StoreUnavailableException(why + ": nothing was changed, try again later", null);
    }

    @Override
    public void run() {
        try {
            while (!connection.closed()) {
                Pending first = waiting.isEmpty() ? queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS) : waiting.poll();
                if (first != null) {
                    waiting.addFirst(first);
                    List<Pending> more = new ArrayList<>();
                    queue.drainTo(more, GROUP_MAX - Math.min(GROUP_MAX, waiting.size()));
                    waiting.addAll(more);
                    commitGroup(group());
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("store writer interrupted: the store is closed");
        } finally {
            stopped = true;
            waiting.addAll(queue);
            queue.clear();
            waiting.forEach(pending ->
                    pending.outcome().completeExceptionally(new StoreException("the store is closed", null)));
        }
    }

    private List<Pending> group() {
        List<Pending> group = new ArrayList<>();
        int changes = 0;
        while (!waiting.isEmpty() && group.size() < GROUP_MAX) {
            Pending next = waiting.getFirst();
            if (next.deadline().over()) {
                next.outcome().completeExceptionally(notTried("etcd has confirmed nothing in time"));
                waiting.removeFirst();
                continue;
            }
            int size = next.transaction().changes().size();
            if (!group.isEmpty() && changes + size > GROUP_CHANGES_MAX) {
                break;
            }
            changes += size;
            group.add(waiting.removeFirst());
        }
        return group;
    }

    /** Commits all, or tells all why not. */
    private void commitGroup(List<Pending> group) {
        if (group.isEmpty()) {
            return;
        }
        // The last to come may wait longest, but the first must be told in time.
        Deadline deadline = group.getFirst().deadline();
        try {
            if (live.fenced()) {
                // It may have been lifted, e.g. because the store could not be moved.
                catchUp(log.read(live.head(), deadline), deadline);
            }
            Plan plan = plan(group);
            while (!committed(plan, deadline)) {
                if (deadline.over()) {
                    throw notTried("other managers were always faster");
                }
                plan = plan(group);
            }
            plan.planned().forEach(each -> each.pending().outcome().complete(each.outcome()));
        } catch (StoreException e) {
            LOG.warn("cannot commit after revision {}: {}", live.head(), e.getMessage());
            group.forEach(pending -> pending.outcome().completeExceptionally(e));
        } catch (RuntimeException e) {
            LOG.error("cannot commit after revision {}: {}", live.head(), e.toString(), e);
            group.forEach(pending -> pending.outcome().completeExceptionally(new StoreException("cannot commit", e)));
        }
    }

    private Plan plan(List<Pending> group) {
        Instant at = Instant.ofEpochMilli(clock.millis());
        return live.tried((replica, applier) -> {
            LiveReplica.Base base = live.base();
            List<Planned> planned = new ArrayList<>(group.size());
            List<LoggedRevision> revisions = new ArrayList<>(group.size());
            for (Pending pending : group) {
                switch (replica.check(pending.transaction(), at)) {
                    case Replica.Checked.Fits fits -> {
                        applier.apply(fits.revision());
                        revisions.add(fits.revision());
                        planned.add(new Planned(pending, new Outcome.Committed(replica.head())));
                    }
                    case Replica.Checked.Refused refused ->
                        planned.add(new Planned(pending, new Outcome.Rejected(refused.conflict(), replica.head())));
                }
            }
            return new Plan(base, planned, revisions);
        });
    }

    /** False if another manager was faster; then the replica has what that one wrote. */
    private boolean committed(Plan plan, Deadline deadline) {
        if (plan.revisions().isEmpty()) {
            return true;
        }
        LogBatch batch = new LogBatch(UUID.randomUUID().toString(), plan.revisions());
        return switch (committer.commit(batch, plan.base(), deadline)) {
            case EtcdCommitter.Result.Last last -> {
                live.advance(List.of(new EtcdLog.Committed(batch, last.headModified())));
                yield true;
            }
            case EtcdCommitter.Result.Moved moved -> {
                yield settled(moved.committed(), () -> catchUp(moved.read(), deadline));
            }
        };
    }

    /** The batch is in the log, or not, whether or not what follows it can be read: then the follower reads it. */
    static boolean settled(boolean committed, Runnable catchUp) {
        if (committed) {
            EtcdErrors.afterwards("committed, but what follows cannot be read yet", catchUp);
        } else {
            catchUp.run();
        }
        return committed;
    }

    private void catchUp(EtcdLog.Read read, Deadline deadline) {
        EtcdLog.Read next = read;
        while (live.advance(next) && next.more()) {
            next = log.read(live.head(), deadline);
        }
    }

    /** Waits for the thread; what waits is refused. The connection must have been closed. */
    void close() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
