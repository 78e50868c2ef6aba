package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoredJson;
import net.nvgate.fabric.store.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;

/**
 * Brings the keys of objects and guards up to the log, forgets old log, and lets etcd forget its own history. Any manager
 * can do it at any time; who finds that another one is at it lets that one go on.
 *
 * <p>Each etcd transaction of it compares and sets {@code applied}, also while its value stays: so the writes of two
 * managers never mix, and a manager that dies in the middle leaves keys that are ahead of {@code applied}, never behind.
 */
final class EtcdKeeper implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdKeeper.class);
    /** With {@code applied}, below etcd's --max-txn-ops, 128. */
    private static final int PUTS_MAX = 120;

    private static final int PUT_BYTES_MAX = 1 << 20;
    private static final long ROUND_MILLIS = 1_000;
    private static final int ROUNDS_LEFT_TO_ANOTHER = 5;
    private static final long ETCD_COMPACT_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Duration STEP_MAX = Duration.ofSeconds(10);
    private static final Duration SEARCH_MAX = Duration.ofMinutes(5);

    private final EtcdConnection connection;
    private final EtcdKeys keys;
    private final LiveReplica live;
    private final EtcdDeletions deletions;
    private final long historyRevisions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread thread;
    private int roundsLeft;
    private boolean deletionsKept;
    private long etcdCompactNanos = System.nanoTime();
    private long etcdCompactRevision;

    EtcdKeeper(EtcdConnection connection, EtcdKeys keys, LiveReplica live, long historyRevisions) {
        this.connection = connection;
        this.keys = keys;
        this.live = live;
        deletions = new EtcdDeletions(connection, keys);
        this.historyRevisions = historyRevisions;
        thread = Thread.ofPlatform().name("fabric-store-keeper").daemon().unstarted(this);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (!connection.closedWithin(ROUND_MILLIS)) {
                try {
                    round();
                } catch (StoreException e) {
                    if (!connection.closed()) {
                        LOG.warn("cannot keep the store in order at present: {}", e.getMessage());
                    }
                } catch (RuntimeException e) {
                    LOG.error("cannot keep the store in order: {}", e.toString(), e);
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("the thread that keeps the store in order was interrupted");
        }
    }

    private void round() {
        lock.lock();
        try {
            if (live.fenced()) {
                return;
            }
            if (roundsLeft > 0) {
                roundsLeft--;
                return;
            }
            if (!apply()) {
                roundsLeft = ROUNDS_LEFT_TO_ANOTHER;
                return;
            }
            keepDeletions();
            Counter compacted = read(keys.compacted());
            live.compacted(compacted.value());
            long head = live.head();
            if (head - compacted.value() > historyRevisions + historyRevisions / 10) {
                forget(head - historyRevisions, compacted);
            }
            compactEtcd();
        } finally {
            lock.unlock();
        }
    }

    /** A key with a number, and the etcd revision that set it. */
    private record Counter(long value, long modified) {}

    private Counter read(ByteSequence key) {
        List<KeyValue> found = connection
                .call(
                        "read the store",
                        Deadline.in(STEP_MAX),
                        client -> client.getKVClient().get(key))
                .getKvs();
        return found.isEmpty()
                ? new Counter(0, 0)
                : new Counter(EtcdLog.number(found), found.getFirst().getModRevision());
    }

    /** Writes what has changed since {@code applied}. False if another manager is at it. */
    private boolean apply() {
        Counter applied = read(keys.applied());
        live.applied(applied.value());
        LiveReplica.Behind behind = live.behind();
        if (behind.head() <= applied.value()) {
            return true;
        }
        if (!write(changes(behind), applied, behind.head())) {
            return false;
        }
        live.applied(behind.head());
        return true;
    }

    /** In steps, the last of which sets {@code applied}. False if another manager is at it. */
    private boolean write(List<Change> changes, Counter applied, long appliedThen) {
        List<Op> ops = new ArrayList<>();
        int bytes = 0;
        long modified = applied.modified();
        for (Change change : changes) {
            if (ops.size() == PUTS_MAX || bytes + change.bytes() > PUT_BYTES_MAX) {
                modified = step(ops, applied.value(), modified);
                if (modified == 0) {
                    return false;
                }
                ops.clear();
                bytes = 0;
            }
            ops.add(change.op());
            bytes += change.bytes();
        }
        return step(ops, appliedThen, modified) != 0;
    }

    /** A store of an older version has no keys of deletions: they are made once. */
    private void keepDeletions() {
        if (deletionsKept || deletions.kept(Deadline.in(STEP_MAX))) {
            deletionsKept = true;
            return;
        }
        Counter applied = read(keys.applied());
        List<Change> changes = new ArrayList<>();
        deletions
                .search(Deadline.in(SEARCH_MAX))
                .forEach((id, revision) -> changes.add(put(keys.deletion(id), Long.toString(revision))));
        changes.add(put(keys.deletionsKept(), "0"));
        deletionsKept = write(changes, applied, applied.value());
    }

    private record Change(Op op, int bytes) {}

    private static Change put(ByteSequence key, String value) {
        return new Change(Op.put(key, EtcdKeys.bytes(value), PutOption.DEFAULT), value.length());
    }

    private List<Change> changes(LiveReplica.Behind behind) {
        List<Change> changes = new ArrayList<>();
        behind.objects().forEach((id, stored) -> {
            ByteSequence key = keys.object(id);
            if (stored.isPresent()) {
                ByteSequence value = encode(stored.get());
                changes.add(new Change(Op.put(key, value, PutOption.DEFAULT), value.size()));
            } else {
                changes.add(new Change(Op.delete(key, DeleteOption.DEFAULT), 0));
            }
        });
        behind.deletions().forEach((id, revision) -> changes.add(put(keys.deletion(id), Long.toString(revision))));
        behind.guards().forEach((name, revision) -> changes.add(put(keys.guard(name), Long.toString(revision))));
        return changes;
    }

    static ByteSequence encode(StoredObject stored) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = FabricJson.mapper().createGenerator(bytes)) {
            StoredJson.write(out, stored);
        }
        return ByteSequence.from(bytes.toByteArray());
    }

    /** Returns the etcd revision that has set {@code applied}, 0 if another manager was faster. */
    private long step(List<Op> ops, long applied, long modified) {
        List<Op> all = new ArrayList<>(ops);
        all.add(Op.put(keys.applied(), EtcdKeys.bytes(Long.toString(applied)), PutOption.DEFAULT));
        return set(keys.applied(), modified, all);
    }

    private long set(ByteSequence key, long modified, List<Op> ops) {
        Cmp unchanged = new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(modified));
        TxnResponse response = connection.call(
                "write the store",
                Deadline.in(STEP_MAX),
                client -> client.getKVClient()
                        .txn()
                        .If(unchanged)
                        .Then(ops.toArray(Op[]::new))
                        .commit());
        return response.isSucceeded() ? response.getHeader().getRevision() : 0;
    }

    /** Forgets the log up to a revision (at most the head), once no key needs it any more. */
    void compact(long revision) {
        lock.lock();
        try {
            Deadline deadline = Deadline.in(connection.settings().patience());
            while (read(keys.applied()).value() < Math.min(revision, live.head())) {
                if (!apply() && deadline.over()) {
                    throw new StoreException("another manager is busy with the same", null);
                }
            }
            Counter compacted = read(keys.compacted());
            while (!forget(Math.min(revision, live.head()), compacted)) {
                compacted = read(keys.compacted());
            }
        } finally {
            lock.unlock();
        }
    }

    /** False if another manager has compacted meanwhile. */
    private boolean forget(long revision, Counter compacted) {
        if (revision <= compacted.value()) {
            return true;
        }
        List<Op> ops = List.of(
                Op.delete(keys.log(0), until(keys.log(revision + 1))),
                Op.delete(keys.body(0), until(keys.body(revision + 1))),
                Op.put(keys.compacted(), EtcdKeys.bytes(Long.toString(revision)), PutOption.DEFAULT));
        boolean done = set(keys.compacted(), compacted.modified(), ops) != 0;
        if (done) {
            LOG.info("log compacted up to revision {}", revision);
            live.compacted(revision);
            sweep(revision);
        }
        return done;
    }

    /** Forgets guards and deletions that nobody asks for without the log of then; what is left goes the next time. */
    private void sweep(long compacted) {
        Counter applied = read(keys.applied());
        EtcdLoader loader = new EtcdLoader(connection, keys);
        Deadline deadline = Deadline.in(SEARCH_MAX);
        // The pin is not older than applied: whoever writes them meanwhile changes applied, and then nothing is
        // deleted.
        EtcdLoader.Pin pin = loader.pin(deadline);
        List<Change> changes = new ArrayList<>();
        for (ByteSequence prefix : List.of(keys.guards(), keys.deletions())) {
            loader.page(prefix, pin, deadline, entry -> {
                if (EtcdLog.number(List.of(entry)) <= compacted) {
                    changes.add(new Change(Op.delete(entry.getKey(), DeleteOption.DEFAULT), 0));
                }
            });
        }
        if (!changes.isEmpty()) {
            write(changes, applied, applied.value());
        }
    }

    private static DeleteOption until(ByteSequence end) {
        return DeleteOption.builder().withRange(end).build();
    }

    /** etcd keeps old values of all keys until it is told; readers need those of the last seconds. */
    private void compactEtcd() {
        if (System.nanoTime() - etcdCompactNanos < ETCD_COMPACT_NANOS) {
            return;
        }
        etcdCompactNanos = System.nanoTime();
        if (EtcdHold.any(connection, keys)) {
            return;
        }
        long revision = etcdCompactRevision;
        etcdCompactRevision = live.etcdRevision();
        if (revision > 0) {
            try {
                connection.call(
                        "compact",
                        Deadline.in(STEP_MAX),
                        client -> client.getKVClient().compact(revision));
            } catch (StoreException e) {
                // Another manager, or etcd by itself (--auto-compaction-retention), has already gone further.
                LOG.debug("etcd's history before {} is gone already: {}", revision, e.getMessage());
            }
        }
    }

    /** Waits for the thread. The connection must have been closed. */
    void close() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
