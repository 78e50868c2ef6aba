package net.nvgate.fabric.store.etcd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import net.nvgate.fabric.store.LoggedRevision;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.RevisionTail;
import net.nvgate.fabric.store.StoreFencedException;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.store.StoredObject;

/**
 * The replica that the threads of a store share. It moves only by batches that are in etcd: first come from this store's
 * own commits or from the watch, whichever is faster.
 */
final class LiveReplica {

    private final ReentrantLock lock = new ReentrantLock();
    private final RevisionTail tail;
    /** Objects and guards, and the revision that changed them, that {@code applied} may not cover yet. */
    private final Map<UUID, Long> changedObjects = new HashMap<>();

    private final Map<String, Long> changedGuards = new HashMap<>();

    private Replica replica;
    private long headModified;
    private long etcdRevision;
    private long compacted;
    private String fenced = "";

    LiveReplica(EtcdLoader.Loaded loaded, RevisionTail tail) {
        this.tail = tail;
        replica = loaded.replica();
        take(loaded);
    }

    private void take(EtcdLoader.Loaded loaded) {
        replica = loaded.replica();
        headModified = loaded.headModified();
        etcdRevision = loaded.etcdRevision();
        fenced = loaded.fenced();
        compacted = loaded.compacted();
        replica.forgetGuards(compacted);
        loaded.since().forEach(this::noteChanged);
    }

    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    long head() {
        return locked(() -> replica.head());
    }

    /** The etcd revision up to which the log has been read. */
    long etcdRevision() {
        return locked(() -> etcdRevision);
    }

    StoreSnapshot snapshot() {
        return locked(() -> new StoreSnapshot(replica.head(), replica.objects()));
    }

    /** Starts again from what is in etcd, because the log no longer reaches back to where this is. */
    void replace(EtcdLoader.Loaded loaded) {
        locked(() -> {
            take(loaded);
            tail.jump(replica.head());
            return null;
        });
    }

    /** True if nobody might commit when the head was last read. */
    boolean fenced() {
        return locked(() -> !fenced.isEmpty());
    }

    /** What a commit is based on. */
    record Base(long head, long headModified) {}

    /** @throws StoreFencedException if nobody may commit any more */
    Base base() {
        return locked(() -> {
            if (!fenced.isEmpty()) {
                throw new StoreFencedException(fenced);
            }
            return new Base(replica.head(), headModified);
        });
    }

    /** Runs what tries transactions on the replica one after the other, and leaves the replica as it was. */
    <T> T tried(Attempt<T> attempt) {
        return locked(() -> {
            List<Replica.Undo> undos = new ArrayList<>();
            try {
                return attempt.run(replica, revision -> undos.add(replica.apply(revision)));
            } finally {
                undos.reversed().forEach(replica::undo);
            }
        });
    }

    interface Attempt<T> {
        T run(Replica replica, Applier applier);
    }

    interface Applier {
        void apply(LoggedRevision revision);
    }

    /**
     * Takes what has been read from etcd.
     *
     * @return false if there is a gap between the replica and the batches: the log was compacted
     */
    boolean advance(EtcdLog.Read read) {
        return locked(() -> {
            boolean whole = advance(read.batches());
            if (!read.head().fenced().isEmpty()) {
                // Whatever becomes of the keys now, this is the last state that counts.
                fenced = read.head().fenced();
                return true;
            }
            if (!whole) {
                return false;
            }
            if (read.head().revision() == replica.head()) {
                headModified = read.headModified();
                fenced = read.head().fenced();
            }
            etcdRevision = Math.max(etcdRevision, read.etcdRevision());
            compacted(read.compacted());
            return read.head().revision() <= replica.head() || read.more();
        });
    }

    /** @return false if there is a gap between the replica and the batches */
    boolean advance(List<EtcdLog.Committed> batches) {
        return locked(() -> {
            for (EtcdLog.Committed committed : batches) {
                if (committed.batch().first() > replica.head() + 1) {
                    return false;
                }
                take(committed);
            }
            return true;
        });
    }

    private void take(EtcdLog.Committed committed) {
        List<RevisionChanges> published = new ArrayList<>();
        for (LoggedRevision revision : committed.batch().revisions()) {
            if (revision.revision() > replica.head()) {
                replica.apply(revision);
                noteChanged(revision);
                published.add(revision.changes());
            }
        }
        if (!published.isEmpty()) {
            headModified = committed.headModified();
            tail.publish(published);
        }
    }

    private void noteChanged(LoggedRevision revision) {
        revision.changes().changes().forEach(change -> changedObjects.put(change.id(), revision.revision()));
        revision.guards().forEach(guard -> changedGuards.put(guard, revision.revision()));
    }

    /** The log is gone up to a revision. */
    void compacted(long revision) {
        locked(() -> {
            if (revision > compacted && revision <= replica.head()) {
                compacted = revision;
                replica.forgetGuards(revision);
            }
            return null;
        });
    }

    /** Up to which revision the log is gone, as far as it is known here. */
    long compacted() {
        return locked(() -> compacted);
    }

    int guards() {
        return locked(() -> replica.guards());
    }

    /** The revision that deleted an object, if that is one which {@code applied} may not cover yet. */
    Optional<Long> deletion(UUID id) {
        return locked(
                () -> replica.object(id).isPresent() ? Optional.empty() : Optional.ofNullable(changedObjects.get(id)));
    }

    /** Forgets that objects and guards changed, up to a revision that {@code applied} covers. */
    void applied(long revision) {
        locked(() -> {
            changedObjects.values().removeIf(changed -> changed <= revision);
            changedGuards.values().removeIf(changed -> changed <= revision);
            return null;
        });
    }

    /** What must be written so that {@code applied} can become {@link Behind#head}. */
    Behind behind() {
        return locked(() -> {
            Map<UUID, Optional<StoredObject>> objects = new HashMap<>();
            Map<UUID, Long> deletions = new HashMap<>();
            changedObjects.forEach((id, revision) -> {
                Optional<StoredObject> stored = replica.object(id);
                objects.put(id, stored);
                if (stored.isEmpty()) {
                    deletions.put(id, revision);
                }
            });
            Map<String, Long> guards = new HashMap<>();
            changedGuards
                    .keySet()
                    .forEach(name -> replica.guard(name).ifPresent(revision -> guards.put(name, revision)));
            return new Behind(replica.head(), objects, deletions, guards);
        });
    }

    /**
     * @param objects empty = deleted
     * @param deletions the revisions that deleted those
     */
    record Behind(
            long head,
            Map<UUID, Optional<StoredObject>> objects,
            Map<UUID, Long> deletions,
            Map<String, Long> guards) {}
}
