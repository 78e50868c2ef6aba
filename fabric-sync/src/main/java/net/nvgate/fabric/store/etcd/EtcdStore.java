package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import net.nvgate.fabric.store.CompactedException;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.LogWatch;
import net.nvgate.fabric.store.LoggedRevision;
import net.nvgate.fabric.store.ManagerBoard;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.RevisionTail;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreFencedException;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.store.StoreUnavailableException;
import net.nvgate.fabric.store.Transaction;

/**
 * The store in an etcd cluster, which any number of managers share. The package's description says how it works.
 *
 * <p>Three threads: one commits ({@link EtcdWriter}), one follows what other managers commit ({@link EtcdFollower}), one
 * tidies ({@link EtcdKeeper}); every watch has one more.
 */
public final class EtcdStore implements FabricStore {

    public static final long HISTORY_REVISIONS_DEFAULT = 100_000;

    private static final int TAIL_REVISIONS = 4096;
    private static final int TAIL_CHANGES = 20_000;
    private static final int WATCHES_MAX = 64;
    private static final Duration LOAD_MAX = Duration.ofMinutes(5);
    private static final Duration READ_MAX = Duration.ofSeconds(10);

    private final EtcdConnection connection;
    private final UUID fabricId;
    private final String lineage;
    private final EtcdLog log;
    private final EtcdDeletions deletions;
    private final RevisionTail tail;
    private final LiveReplica live;
    private final EtcdWriter writer;
    private final EtcdFollower follower;
    private final EtcdKeeper keeper;
    private final ManagerBoard board;
    private final Set<LogWatch> watches = ConcurrentHashMap.newKeySet();

    private EtcdStore(EtcdConnection connection, EtcdRoot root, long historyRevisions, Clock clock) {
        this.connection = connection;
        fabricId = root.fabricId();
        lineage = root.lineage();
        EtcdKeys keys = new EtcdKeys(connection.settings().prefix(), root.generation());
        log = new EtcdLog(connection, keys);
        deletions = new EtcdDeletions(connection, keys);
        board = new EtcdBoard(connection, keys);
        EtcdLoader.Loaded loaded = new EtcdLoader(connection, keys).load(Deadline.in(LOAD_MAX));
        if (!loaded.fenced().isEmpty()) {
            throw new StoreFencedException(loaded.fenced());
        }
        tail = new RevisionTail(TAIL_REVISIONS, TAIL_CHANGES, loaded.replica().head());
        live = new LiveReplica(loaded, tail);
        writer = new EtcdWriter(connection, live, new EtcdCommitter(connection, keys, log), log, clock);
        follower = new EtcdFollower(connection, keys, log, live);
        keeper = new EtcdKeeper(connection, keys, live, historyRevisions);
        writer.start();
        follower.start();
        keeper.start();
    }

    public static EtcdStore open(EtcdSettings settings) {
        return open(settings, HISTORY_REVISIONS_DEFAULT, Clock.systemUTC());
    }

    /**
     * Opens the store, makes it if there is none under the prefix.
     *
     * @param historyRevisions revisions that the log keeps
     * @throws StoreException if the cluster cannot be reached, refuses, or holds a newer schema
     */
    public static EtcdStore open(EtcdSettings settings, long historyRevisions, Clock clock) {
        EtcdConnection connection = new EtcdConnection(settings);
        try {
            EtcdRoot root = root(connection, Deadline.in(settings.patience()));
            return new EtcdStore(connection, root, historyRevisions, clock);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Opens a generation of keys that the root need not name yet. */
    static EtcdStore open(EtcdSettings settings, EtcdRoot root, long historyRevisions, Clock clock) {
        EtcdConnection connection = new EtcdConnection(settings);
        try {
            return new EtcdStore(connection, root, historyRevisions, clock);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The root; of several managers that find none, one makes it. */
    private static EtcdRoot root(EtcdConnection connection, Deadline deadline) {
        String prefix = connection.settings().prefix();
        ByteSequence key = EtcdKeys.root(prefix);
        while (true) {
            List<KeyValue> found = connection
                    .call(
                            "open the store",
                            deadline,
                            client -> client.getKVClient().get(key))
                    .getKvs();
            if (!found.isEmpty()) {
                return EtcdRoot.decode(found.getFirst().getValue());
            }
            EtcdRoot made = new EtcdRoot(EtcdRoot.SCHEMA, UUID.randomUUID(), 1, "");
            EtcdKeys keys = new EtcdKeys(prefix, made.generation());
            connection.call(
                    "make the store",
                    deadline,
                    client -> client.getKVClient()
                            .txn()
                            .If(new Cmp(key, Cmp.Op.EQUAL, CmpTarget.version(0)))
                            .Then(
                                    Op.put(key, made.encode(), PutOption.DEFAULT),
                                    Op.put(keys.head(), EtcdHead.at(0).encode(), PutOption.DEFAULT),
                                    Op.put(keys.applied(), EtcdKeys.bytes("0"), PutOption.DEFAULT),
                                    Op.put(keys.deletionsKept(), EtcdKeys.bytes("0"), PutOption.DEFAULT),
                                    Op.put(keys.compacted(), EtcdKeys.bytes("0"), PutOption.DEFAULT))
                            .commit());
        }
    }

    @Override
    public UUID fabricId() {
        return fabricId;
    }

    @Override
    public String lineage() {
        return lineage;
    }

    /** The last revision that this manager has seen; another one may have committed a later one. */
    @Override
    public long head() {
        return live.head();
    }

    @Override
    public boolean isCommitted(long revision) {
        if (revision <= head()) {
            return true;
        }
        try {
            return !changes(revision - 1, 1).isEmpty();
        } catch (CompactedException e) {
            return true;
        }
    }

    /** As far as this manager knows; another one may have compacted some seconds ago. */
    @Override
    public long compacted() {
        return live.compacted();
    }

    @Override
    public StoreSnapshot snapshot() {
        return live.snapshot();
    }

    @Override
    public Outcome apply(Transaction transaction) {
        if (connection.silent()) {
            throw new StoreUnavailableException(
                    "no etcd member answers with a quorum behind it: nothing was changed, try again later", null);
        }
        try {
            return writer.submit(transaction).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while the transaction was in work", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException known) {
                throw known;
            }
            throw new StoreException("cannot commit", e.getCause());
        }
    }

    @Override
    public List<RevisionChanges> changes(long after, int limit) {
        if (after < 0 || limit < 1) {
            throw new IllegalArgumentException("after " + after + ", limit " + limit);
        }
        long compacted = compacted();
        if (after < compacted) {
            throw new CompactedException(after, compacted);
        }
        return after < head() ? tail.read(after, limit).orElseGet(() -> logged(after, limit)) : logged(after, limit);
    }

    /** While no member answers, one is asked, once. */
    private Deadline readBy() {
        return Deadline.in(connection.silent() ? Duration.ZERO : READ_MAX);
    }

    /** From etcd: what is older than the tail, or newer than what this manager has seen. */
    private List<RevisionChanges> logged(long after, int limit) {
        Deadline deadline = readBy();
        List<RevisionChanges> changes = new ArrayList<>();
        int objects = 0;
        boolean more = true;
        while (more && changes.size() < limit && objects < READ_CHANGES_MAX) {
            long from = after + changes.size();
            EtcdLog.Read read = log.read(from, deadline);
            if (from < read.compacted()) {
                throw new CompactedException(from, read.compacted());
            }
            for (EtcdLog.Committed committed : read.batches()) {
                for (LoggedRevision revision : committed.batch().revisions()) {
                    if (revision.revision() > after + changes.size()
                            && changes.size() < limit
                            && objects < READ_CHANGES_MAX) {
                        changes.add(revision.changes());
                        objects += revision.changes().changes().size();
                    }
                }
            }
            more = read.more();
        }
        return changes;
    }

    /** From memory, or one key: the log need not be read. */
    @Override
    public Optional<Long> deletion(UUID id) {
        return live.deletion(id).or(() -> deletions.find(id, readBy())).filter(revision -> revision > compacted());
    }

    @Override
    public Subscription watch(long after, Listener listener) {
        if (after < 0 || after > head()) {
            throw new IllegalArgumentException("no revision " + after + " yet, head is " + head());
        }
        if (watches.size() >= WATCHES_MAX) {
            throw new StoreException("more than " + WATCHES_MAX + " watches", null);
        }
        long compacted = compacted();
        if (after < compacted) {
            throw new CompactedException(after, compacted);
        }
        LogWatch[] self = new LogWatch[1];
        LogWatch watch = new LogWatch(after, tail, new Reader(), listener, () -> watches.remove(self[0]));
        self[0] = watch;
        watches.add(watch);
        watch.start();
        return watch;
    }

    private final class Reader implements LogWatch.LogReader {
        @Override
        public List<RevisionChanges> changes(long after, int limit) {
            return EtcdStore.this.changes(after, limit);
        }

        @Override
        public void close() {
            // Nothing of its own.
        }
    }

    @Override
    public Optional<ManagerBoard> board() {
        return Optional.of(board);
    }

    @Override
    public void compact(long revision) {
        keeper.compact(revision);
    }

    /** What waits to be committed is refused; later calls fail. */
    @Override
    public void close() {
        connection.close();
        writer.close();
        follower.close();
        keeper.close();
        tail.close();
        watches.forEach(LogWatch::close);
    }
}
