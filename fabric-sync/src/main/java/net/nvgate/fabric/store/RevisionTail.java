package net.nvgate.fabric.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last committed revisions in memory, where watches wait for the next one. A ring: revision r is at slot r modulo
 * capacity. Bounded by revisions and by changed objects, but for the last revision. A watch that is further behind reads
 * the log on disk.
 */
public final class RevisionTail {

    private final @Nullable RevisionChanges[] ring;
    private final int changesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private long head;
    /** The oldest revision held is the next. */
    private long base;

    private long changesHeld;
    private boolean closed;

    /**
     * @param revisionsMax held at most
     * @param changesMax changes of objects held at most, of all revisions but the last
     */
    public RevisionTail(int revisionsMax, int changesMax, long head) {
        ring = new @Nullable RevisionChanges[revisionsMax];
        this.changesMax = changesMax;
        this.head = head;
        base = head;
    }

    public void publish(List<RevisionChanges> committed) {
        lock.lock();
        try {
            for (RevisionChanges changes : committed) {
                if (changes.revision() != head + 1) {
                    throw new IllegalStateException("revision " + changes.revision() + " follows " + head);
                }
                if (head - base == ring.length) {
                    dropOldest();
                }
                head = changes.revision();
                ring[slot(head)] = changes;
                changesHeld += changes.changes().size();
                while (changesHeld > changesMax && base < head - 1) {
                    dropOldest();
                }
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void dropOldest() {
        base++;
        at(base).ifPresent(dropped -> changesHeld -= dropped.changes().size());
        ring[slot(base)] = null;
    }

    /** Changes of objects in memory. */
    public long changesHeld() {
        lock.lock();
        try {
            return changesHeld;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The revisions after {@code after}, bounded like {@link FabricStore#changes}.
     *
     * @return empty if not all of them are held here
     */
    public Optional<List<RevisionChanges>> read(long after, int limit) {
        lock.lock();
        try {
            if (after < base) {
                return Optional.empty();
            }
            List<RevisionChanges> revisions = new ArrayList<>();
            long changes = 0;
            for (long revision = after + 1;
                    revision <= head && revisions.size() < limit && changes < FabricStore.READ_CHANGES_MAX;
                    revision++) {
                RevisionChanges held = at(revision).orElseThrow();
                revisions.add(held);
                changes += held.changes().size();
            }
            return Optional.of(revisions);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Goes on from another revision: what lies between was not seen here. Watches that are behind it look at the log.
     *
     * @param revision after the present head
     */
    public void jump(long revision) {
        lock.lock();
        try {
            if (revision < head) {
                throw new IllegalStateException("back from revision " + head + " to " + revision);
            }
            while (base < head) {
                dropOldest();
            }
            head = revision;
            base = revision;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** True if every revision after {@code after} is held here. */
    public boolean reaches(long after) {
        lock.lock();
        try {
            return after >= base;
        } finally {
            lock.unlock();
        }
    }

    public long head() {
        lock.lock();
        try {
            return head;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes all who wait, for good. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes all who wait, so that they look whether they are cancelled. */
    public void wake() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What the ring holds after a revision. */
    public sealed interface Next {

        /** In order and without a gap; empty if the wait was cancelled. */
        record Revisions(List<RevisionChanges> revisions) implements Next {}

        /** There are some, but the oldest of them are only on disk. */
        record OnDisk() implements Next {}

        record Closed() implements Next {}
    }

    /** Waits until there is something after {@code after}, or, once woken, until {@code cancelled}. */
    public Next await(long after, BooleanSupplier cancelled) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (head <= after && !closed && !cancelled.getAsBoolean()) {
                moved.await();
            }
            if (closed) {
                return new Next.Closed();
            }
            return read(after, Integer.MAX_VALUE).<Next>map(Next.Revisions::new).orElseGet(Next.OnDisk::new);
        } finally {
            lock.unlock();
        }
    }

    private Optional<RevisionChanges> at(long revision) {
        RevisionChanges changes = ring[slot(revision)];
        return changes != null && changes.revision() == revision ? Optional.of(changes) : Optional.empty();
    }

    private int slot(long revision) {
        return (int) (revision % ring.length);
    }
}
