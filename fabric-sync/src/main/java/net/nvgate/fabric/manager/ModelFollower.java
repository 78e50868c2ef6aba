package net.nvgate.fabric.manager;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreFollower;
import net.nvgate.fabric.store.StoreSnapshot;

/** Keeps the index in step with the store: one watch applies each revision in order; others read in between. */
final class ModelFollower implements AutoCloseable {

    static final Duration CATCH_UP_MAX = Duration.ofSeconds(30);

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final ReentrantLock gate = new ReentrantLock();
    /** By revision: with many callers, waking all of them at each revision would be most of the work. */
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiting::revision));

    private final FabricStore store;
    private final Duration patience;
    private final StoreFollower follower;
    private FabricIndex index;
    private volatile SortedFabric sorted;

    ModelFollower(FabricStore store) {
        this(store, CATCH_UP_MAX);
    }

    /** @param patience how long to wait for a committed revision */
    ModelFollower(FabricStore store, Duration patience) {
        this.store = store;
        this.patience = patience;
        index = new FabricIndex(new StoreSnapshot(0, List.of()));
        sorted = new SortedFabric(index);
        follower = new StoreFollower(store, "model", new Feed());
    }

    private final class Feed implements StoreFollower.Reader {

        @Override
        public void onRevision(RevisionChanges changes) {
            lock.writeLock().lock();
            try {
                // An index that was read again is ahead of the watch.
                if (changes.revision() > index.revision()) {
                    index.apply(changes);
                    sorted.apply(changes.changes());
                }
            } finally {
                lock.writeLock().unlock();
            }
            signal();
        }

        /** Use cases wait until this has succeeded. */
        @Override
        public long restart() {
            FabricIndex fresh = new FabricIndex(store.snapshot());
            SortedFabric freshLists = new SortedFabric(fresh);
            lock.writeLock().lock();
            try {
                index = fresh;
                sorted = freshLists;
            } finally {
                lock.writeLock().unlock();
            }
            signal();
            return fresh.revision();
        }
    }

    /** Somebody who waits until the index has seen a revision. */
    private record Waiting(long revision, Condition seen) {}

    private void signal() {
        long revision = revision();
        gate.lock();
        try {
            while (!waiting.isEmpty() && waiting.peek().revision() <= revision) {
                waiting.poll().seen().signal();
            }
        } finally {
            gate.unlock();
        }
    }

    /** The index may be half changed. */
    static final class IndexBrokenException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        IndexBrokenException(RuntimeException cause) {
            super("the index could not be changed: " + cause.getMessage(), cause);
        }
    }

    /** Lets a plan change the index and take it back, while nobody else looks. A broken index is read again. */
    <R> R plan(Function<FabricIndex, R> planner) {
        lock.writeLock().lock();
        try {
            return planner.apply(index);
        } catch (IndexBrokenException e) {
            index = new FabricIndex(store.snapshot());
            sorted = new SortedFabric(index);
            throw e;
        } finally {
            lock.writeLock().unlock();
        }
    }

    <R> R read(Function<FabricIndex, R> reader) {
        lock.readLock().lock();
        try {
            return reader.apply(index);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** All objects of a kind by name, as of now. */
    SortedFabric sorted() {
        return sorted;
    }

    long revision() {
        return read(FabricIndex::revision);
    }

    /** Why the store cannot be followed at present. */
    Optional<String> trouble() {
        return follower.trouble();
    }

    /**
     * Waits until the index has seen a committed revision.
     *
     * @throws StoreException if that takes too long, or the thread is interrupted
     */
    void await(long revision) {
        if (revision() >= revision) {
            return;
        }
        long nanos = patience.toNanos();
        gate.lock();
        Waiting self = new Waiting(revision, gate.newCondition());
        waiting.add(self);
        try {
            while (revision() < revision) {
                if (nanos <= 0) {
                    throw new StoreException("the model does not reach revision " + revision, null);
                }
                nanos = self.seen().awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while waiting for revision " + revision, e);
        } finally {
            waiting.remove(self);
            gate.unlock();
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
