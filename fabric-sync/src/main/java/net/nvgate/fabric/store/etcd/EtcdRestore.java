package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.store.DumpHeader;
import net.nvgate.fabric.store.DumpSource;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Fence;
import net.nvgate.fabric.store.LoggedRevision;
import net.nvgate.fabric.store.RestoreTarget;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoredObject;

/**
 * Writes a store into a new generation of keys. One etcd transaction then makes that the present one and fences the
 * one before, for managers that have it open.
 */
public final class EtcdRestore implements RestoreTarget {

    /** Below etcd's --max-txn-ops, 128. */
    private static final int PUTS_MAX = 120;

    private static final int PUT_BYTES_MAX = 1 << 20;
    private static final int BATCH_REVISIONS_MAX = 256;
    private static final int BATCH_CHANGES_MAX = 2_000;
    private static final int GENERATIONS = 1_000_000;
    private static final Duration STEP_MAX = Duration.ofSeconds(30);

    private final EtcdConnection connection;
    /** The root that there was, and what set it; 0 = there is none. */
    private final Optional<EtcdRoot> present;

    private final long presentModified;
    private final long generation;
    private final EtcdKeys keys;
    private final EtcdLog log;
    private final List<Op> puts = new ArrayList<>();
    private final List<RevisionChanges> revisions = new ArrayList<>();
    private Optional<DumpHeader> header = Optional.empty();
    private int putBytes;
    private int revisionChanges;
    private final Map<UUID, Long> deletions = new HashMap<>();

    private EtcdRestore(EtcdConnection connection, Optional<EtcdRoot> present, long presentModified) {
        this.connection = connection;
        this.present = present;
        this.presentModified = presentModified;
        // Of its own, so that two restores at once do not write into each other; the root decides which of them counts.
        generation = present.map(EtcdRoot::generation).orElse(0L) + 1 + new SecureRandom().nextInt(GENERATIONS);
        keys = new EtcdKeys(connection.settings().prefix(), generation);
        log = new EtcdLog(connection, keys);
    }

    /**
     * @param replace whether a store that has something in it may be replaced
     * @throws StoreException if it may not, or the cluster cannot be reached
     */
    public static EtcdRestore into(EtcdSettings settings, boolean replace) {
        EtcdConnection connection = new EtcdConnection(settings);
        try {
            List<KeyValue> found = connection
                    .call(
                            "open the store",
                            Deadline.in(settings.patience()),
                            client -> client.getKVClient().get(EtcdKeys.root(settings.prefix())))
                    .getKvs();
            Optional<EtcdRoot> present =
                    found.stream().map(root -> EtcdRoot.decode(root.getValue())).findFirst();
            if (!replace && present.isPresent() && !replaceable(connection, present.get())) {
                throw new StoreException(
                        "the store in " + describe(settings) + " is not empty (--replace replaces it)", null);
            }
            return new EtcdRestore(
                    connection, present, found.isEmpty() ? 0 : found.getFirst().getModRevision());
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Nothing is in it, or somebody goes on with it elsewhere. */
    private static boolean replaceable(EtcdConnection connection, EtcdRoot root) {
        EtcdKeys keys = new EtcdKeys(connection.settings().prefix(), root.generation());
        EtcdHead head =
                new EtcdLoader(connection, keys).pin(Deadline.in(STEP_MAX)).head();
        return head.revision() == 0 || Fence.isMoved(head.fenced());
    }

    /** Every other generation: the one before, and what restores that did not come to their end have left. */
    private void deleteOthers() {
        String prefix = connection.settings().prefix();
        delete(EtcdKeys.bytes(prefix + "0"), keys.all());
        delete(EtcdKeys.endOf(keys.all()), EtcdKeys.bytes(prefix + ":"));
    }

    private void delete(ByteSequence from, ByteSequence end) {
        connection.call(
                "delete old keys",
                Deadline.in(STEP_MAX),
                client -> client.getKVClient()
                        .delete(from, DeleteOption.builder().withRange(end).build()));
    }

    @Override
    public void begin(DumpHeader begun) {
        header = Optional.of(begun);
    }

    private DumpHeader header() {
        return header.orElseThrow(() -> new IllegalStateException("not begun"));
    }

    @Override
    public void object(StoredObject object) {
        put(keys.object(object.object().id()), EtcdKeeper.encode(object));
    }

    @Override
    public void guard(String name, long revision) {
        put(keys.guard(name), EtcdKeys.bytes(Long.toString(revision)));
    }

    private void put(ByteSequence key, ByteSequence value) {
        if (puts.size() == PUTS_MAX || putBytes + value.size() > PUT_BYTES_MAX) {
            flushPuts();
        }
        puts.add(Op.put(key, value, PutOption.DEFAULT));
        putBytes += value.size();
    }

    private void flushPuts() {
        Op[] ops = puts.toArray(Op[]::new);
        connection.call(
                "write the store",
                Deadline.in(STEP_MAX),
                client -> client.getKVClient().txn().Then(ops).commit());
        puts.clear();
        putBytes = 0;
    }

    @Override
    public void revision(RevisionChanges changes) {
        int size = changes.changes().size();
        if (revisions.size() == BATCH_REVISIONS_MAX
                || (!revisions.isEmpty() && revisionChanges + size > BATCH_CHANGES_MAX)) {
            flushRevisions();
        }
        revisions.add(changes);
        revisionChanges += size;
        EtcdDeletions.note(deletions, changes);
    }

    /** Objects have it all, so nobody will build anything from this log: it goes without keys and references. */
    private void flushRevisions() {
        if (revisions.isEmpty()) {
            return;
        }
        LogBatch batch = new LogBatch(
                UUID.randomUUID().toString(),
                revisions.stream().map(LoggedRevision::withoutLinks).toList());
        put(keys.log(batch.last()), log.write(batch, Deadline.in(STEP_MAX)).value());
        revisions.clear();
        revisionChanges = 0;
    }

    @Override
    public void end() {
        flushRevisions();
        deletions.forEach((id, revision) -> put(keys.deletion(id), EtcdKeys.bytes(Long.toString(revision))));
        put(keys.deletionsKept(), EtcdKeys.bytes("0"));
        put(keys.applied(), EtcdKeys.bytes(Long.toString(header().revision())));
        put(keys.compacted(), EtcdKeys.bytes(Long.toString(header().compacted())));
        put(keys.head(), EtcdHead.at(header().revision()).encode());
        flushPuts();
    }

    private EtcdRoot root() {
        return new EtcdRoot(EtcdRoot.SCHEMA, header().fabricId(), generation, header().lineage());
    }

    /** As managers write the log: the keys of objects follow, as they do there. */
    @Override
    public void follow(List<LoggedRevision> logged) {
        List<LoggedRevision> batch = new ArrayList<>();
        int changes = 0;
        for (LoggedRevision revision : logged) {
            int size = revision.changes().changes().size();
            if (batch.size() == BATCH_REVISIONS_MAX || (!batch.isEmpty() && changes + size > BATCH_CHANGES_MAX)) {
                append(batch);
                batch.clear();
                changes = 0;
            }
            batch.add(revision);
            changes += size;
        }
        if (!batch.isEmpty()) {
            append(batch);
        }
    }

    private void append(List<LoggedRevision> revisions) {
        LogBatch batch = new LogBatch(UUID.randomUUID().toString(), revisions);
        ByteSequence value = log.write(batch, Deadline.in(STEP_MAX)).value();
        connection.call(
                "write the log",
                Deadline.in(STEP_MAX),
                client -> client.getKVClient()
                        .txn()
                        .Then(
                                Op.put(keys.log(batch.last()), value, PutOption.DEFAULT),
                                Op.put(keys.head(), EtcdHead.at(batch.last()).encode(), PutOption.DEFAULT))
                        .commit());
    }

    @Override
    public String token() {
        return Long.toString(generation);
    }

    @Override
    public Optional<FabricStore> openEarly(long historyRevisions, Clock clock) {
        return Optional.of(EtcdStore.open(connection.settings(), root(), historyRevisions, clock));
    }

    @Override
    public DumpSource written() {
        return EtcdSource.of(connection, root());
    }

    @Override
    public void activate() {
        ByteSequence key = EtcdKeys.root(connection.settings().prefix());
        List<Op> ops = new ArrayList<>(List.of(Op.put(key, root().encode(), PutOption.DEFAULT)));
        present.ifPresent(root -> ops.add(fence(root)));
        Cmp unchanged = new Cmp(key, Cmp.Op.EQUAL, CmpTarget.modRevision(presentModified));
        // EtcdPlace.settle deletes it.
        Cmp there = new Cmp(keys.head(), Cmp.Op.GREATER, CmpTarget.version(0));
        TxnResponse response = connection.call(
                "put the store in place",
                Deadline.in(STEP_MAX),
                client -> client.getKVClient()
                        .txn()
                        .If(unchanged, there)
                        .Then(ops.toArray(Op[]::new))
                        .Else(Op.get(key, GetOption.DEFAULT))
                        .commit());
        boolean done = response.isSucceeded() || mine(response);
        if (!done) {
            throw new StoreException(
                    "another restore was faster, or this one was given up; nothing was replaced", null);
        }
        tidy(this::deleteOthers, this::fenceOld);
    }

    /** The new store is in force, and the old one fenced: what is left of it goes now, or with the next restore. */
    static void tidy(Runnable delete, Runnable fence) {
        EtcdErrors.afterwards("keys of the old store are left in etcd", delete);
        EtcdErrors.afterwards("managers that have the old store open may not find out why it is gone", fence);
    }

    /** Again, since its keys are gone. */
    private void fenceOld() {
        present.ifPresent(root -> connection.call(
                "fence the old store",
                Deadline.in(STEP_MAX),
                client -> client.getKVClient().txn().Then(fence(root)).commit()));
    }

    /** What managers that still have it open find. */
    private Op fence(EtcdRoot old) {
        EtcdHead fenced = new EtcdHead(0, "the store was replaced by a restored one: start the manager again");
        return Op.put(
                new EtcdKeys(connection.settings().prefix(), old.generation()).head(),
                fenced.encode(),
                PutOption.DEFAULT);
    }

    /** An answer may have been lost, and the second request have found what the first one did. */
    private boolean mine(TxnResponse response) {
        return response.getGetResponses().getFirst().getKvs().stream()
                .anyMatch(found -> found.getValue().equals(root().encode()));
    }

    static String describe(EtcdSettings settings) {
        return settings.endpoints().stream().map(String::valueOf).collect(Collectors.joining(",", "etcd at ", ""))
                + settings.prefix();
    }

    @Override
    public String describe() {
        return describe(connection.settings());
    }

    @Override
    public void close() {
        connection.close();
    }
}
