package net.nvgate.fabric.store.backup;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ManagerBoard;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.store.StoreUnavailableException;
import net.nvgate.fabric.store.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store whose place can change while it is used: same fabric, same revisions, same log. Reading never waits for that; who
 * commits waits, at most {@value #WAIT_SECONDS_MAX} seconds; watches go on where they are, from the next revision.
 */
public final class MovableStore implements FabricStore {

    private static final Logger LOG = LoggerFactory.getLogger(MovableStore.class);
    private static final long WAIT_SECONDS_MAX = 10;

    /** Shared by commits; held alone while the store is at neither place. Fair, so that commits cannot keep the move out. */
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);

    private final Object watching = new Object();
    private final Set<MovableWatch> watches = ConcurrentHashMap.newKeySet();
    private volatile FabricStore present;

    /** @param store closed by this */
    public MovableStore(FabricStore store) {
        present = store;
    }

    /** Waits for commits on their way, lets no other begin, and goes on with the store that the supplier gives. */
    void exchange(Supplier<FabricStore> move) {
        FabricStore before = present;
        List<MovableWatch> moving;
        gate.writeLock().lock();
        try {
            FabricStore next = move.get();
            synchronized (watching) {
                present = next;
                moving = List.copyOf(watches);
            }
        } finally {
            gate.writeLock().unlock();
        }
        // A listener may be at work that waits for somebody who reads, so nothing is held here.
        moving.forEach(watch -> watch.moveTo(present));
        try {
            before.close();
        } catch (StoreException e) {
            LOG.warn("the old store did not close cleanly: {}", e.getMessage());
        }
    }

    private <T> T changing(Supplier<T> change) {
        try {
            if (!gate.readLock().tryLock(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new StoreUnavailableException(
                        "the store is being moved: nothing was changed, try again later", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted before the transaction was queued", e);
        }
        try {
            return change.get();
        } finally {
            gate.readLock().unlock();
        }
    }

    @Override
    public UUID fabricId() {
        return present.fabricId();
    }

    @Override
    public String lineage() {
        return present.lineage();
    }

    @Override
    public long head() {
        return present.head();
    }

    @Override
    public long compacted() {
        return present.compacted();
    }

    @Override
    public StoreSnapshot snapshot() {
        return present.snapshot();
    }

    @Override
    public Outcome apply(Transaction transaction) {
        return changing(() -> present.apply(transaction));
    }

    @Override
    public List<RevisionChanges> changes(long after, int limit) {
        return present.changes(after, limit);
    }

    @Override
    public Optional<RevisionChanges> change(long revision, UUID id) {
        return present.change(revision, id);
    }

    @Override
    public Optional<Long> deletion(UUID id) {
        return present.deletion(id);
    }

    @Override
    public Optional<ManagerBoard> board() {
        return present.board();
    }

    @Override
    public boolean isCommitted(long revision) {
        return present.isCommitted(revision);
    }

    @Override
    public Subscription watch(long after, Listener listener) {
        synchronized (watching) {
            MovableWatch watch = new MovableWatch(after, listener, watches::remove);
            watches.add(watch);
            try {
                watch.start(present);
            } catch (RuntimeException e) {
                watches.remove(watch);
                throw e;
            }
            return watch;
        }
    }

    @Override
    public void compact(long revision) {
        changing(() -> {
            present.compact(revision);
            return null;
        });
    }

    @Override
    public void close() {
        present.close();
    }
}
