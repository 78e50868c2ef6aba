package net.nvgate.fabric.manager;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the index in step with the store: one watch applies each revision in order; others read in between. */
final class ModelFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelFollower.class);
    private static final long CATCH_UP_SECONDS_MAX = 30;

    private final FabricStore store;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final ReentrantLock gate = new ReentrantLock();
    private final Condition moved = gate.newCondition();
    private FabricIndex index;
    private volatile FabricStore.Subscription watch;
    private volatile boolean closed;

    ModelFollower(FabricStore store) {
        this.store = store;
        StoreSnapshot snapshot = store.snapshot();
        index = new FabricIndex(snapshot);
        watch = store.watch(snapshot.revision(), new Feed());
    }

    private final class Feed implements FabricStore.Listener {
        @Override
        public void onRevision(RevisionChanges changes) {
            lock.writeLock().lock();
            try {
                index.apply(changes);
            } finally {
                lock.writeLock().unlock();
            }
            signal();
        }

        /** Starts again from a snapshot; use cases wait meanwhile. */
        @Override
        public void onLost(StoreException reason) {
            if (closed) {
                return;
            }
            LOG.warn("reading the model again from a snapshot: {}", reason.getMessage());
            StoreSnapshot snapshot = store.snapshot();
            lock.writeLock().lock();
            try {
                index = new FabricIndex(snapshot);
            } finally {
                lock.writeLock().unlock();
            }
            watch = store.watch(snapshot.revision(), new Feed());
            signal();
        }
    }

    private void signal() {
        gate.lock();
        try {
            moved.signalAll();
        } finally {
            gate.unlock();
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

    long revision() {
        return read(FabricIndex::revision);
    }

    /** Waits until the index has seen a committed revision. */
    void await(long revision) {
        long nanos = TimeUnit.SECONDS.toNanos(CATCH_UP_SECONDS_MAX);
        gate.lock();
        try {
            while (revision() < revision) {
                if (nanos <= 0) {
                    throw new StoreException("the model does not reach revision " + revision, null);
                }
                nanos = moved.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while waiting for revision " + revision, e);
        } finally {
            gate.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
    }
}
