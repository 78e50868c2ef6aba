package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import net.nvgate.fabric.store.LoggedRevision;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoredJson;
import net.nvgate.fabric.store.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole store as of one etcd revision, page by page: objects and guards, which have everything up to
 * {@code applied} and may have some of what follows, and the log after it.
 */
final class EtcdLoader {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdLoader.class);
    private static final int PAGE_KEYS = 2_000;
    private static final int DIGITS_MAX = 4;
    private static final int LOG_REVISIONS = 256;
    private static final int LOG_BATCHES = 16;
    private static final int ATTEMPTS_MAX = 3;

    private final EtcdConnection connection;
    private final EtcdKeys keys;
    private final EtcdLog log;

    EtcdLoader(EtcdConnection connection, EtcdKeys keys) {
        this.connection = connection;
        this.keys = keys;
        log = new EtcdLog(connection, keys);
    }

    /**
     * @param since the log after {@code applied}; the replica has it
     * @param etcdRevision as of which it was read
     */
    record Loaded(
            Replica replica,
            List<LoggedRevision> since,
            long headModified,
            String fenced,
            long compacted,
            long etcdRevision) {}

    /** The etcd revision at which all is read, and where the store is then. */
    record Pin(EtcdHead head, long headModified, long applied, long compacted, long etcdRevision) {}

    Pin pin(Deadline deadline) {
        TxnResponse response = connection.call(
                "read the head",
                deadline,
                client -> client.getKVClient()
                        .txn()
                        .Then(
                                Op.get(keys.head(), GetOption.DEFAULT),
                                Op.get(keys.applied(), GetOption.DEFAULT),
                                Op.get(keys.compacted(), GetOption.DEFAULT))
                        .commit());
        List<GetResponse> gets = response.getGetResponses();
        List<KeyValue> head = gets.get(0).getKvs();
        return new Pin(
                EtcdLog.Read.head(head),
                head.getFirst().getModRevision(),
                EtcdLog.number(gets.get(1).getKvs()),
                EtcdLog.number(gets.get(2).getKvs()),
                response.getHeader().getRevision());
    }

    /** Starts over if etcd forgets the pinned revision meanwhile. */
    Loaded load(Deadline deadline) {
        for (int attempt = 1; ; attempt++) {
            try {
                return loadAt(pin(deadline), deadline);
            } catch (StoreException e) {
                if (attempt == ATTEMPTS_MAX || e.getCause() == null || !EtcdErrors.historyCompacted(e.getCause())) {
                    throw e;
                }
                LOG.warn("etcd was compacted while the store was read, reading it again");
            }
        }
    }

    private Loaded loadAt(Pin pin, Deadline deadline) {
        long start = System.nanoTime();
        Current current = current(pin, deadline);
        Replica replica = new Replica(pin.head().revision(), current.objects().values(), current.guards());
        LOG.info(
                "read {} objects at revision {} in {} ms",
                current.objects().size(),
                replica.head(),
                (System.nanoTime() - start) / 1_000_000);
        return new Loaded(
                replica, current.since(), pin.headModified(), pin.head().fenced(), pin.compacted(), pin.etcdRevision());
    }

    /** Objects and guards as of the pin, and the log that had not been applied to their keys. */
    record Current(Map<UUID, StoredObject> objects, Map<String, Long> guards, List<LoggedRevision> since) {}

    Current current(Pin pin, Deadline deadline) {
        Map<UUID, StoredObject> objects = new HashMap<>();
        objects(pin, deadline, entry -> {
            StoredObject stored = decode(entry.getValue());
            objects.put(stored.object().id(), stored);
        });
        Map<String, Long> guards = new HashMap<>();
        page(
                keys.guards(),
                pin,
                deadline,
                entry -> guards.put(keys.guardName(entry.getKey()), Long.parseLong(EtcdKeys.text(entry.getValue()))));
        List<LoggedRevision> since = new ArrayList<>();
        log(pin.applied(), pin, deadline, since::add);
        for (LoggedRevision revision : since) {
            fold(objects, guards, revision);
        }
        return new Current(objects, guards, since);
    }

    /** Idempotent: keys may already have some of it. */
    private static void fold(Map<UUID, StoredObject> objects, Map<String, Long> guards, LoggedRevision revision) {
        List<ObjectChange> changes = revision.changes().changes();
        for (int i = 0; i < changes.size(); i++) {
            ObjectChange change = changes.get(i);
            if (change.after().isPresent()) {
                objects.put(
                        change.id(),
                        new StoredObject(change.after().get(), revision.links().get(i)));
            } else {
                objects.remove(change.id());
            }
        }
        revision.guards().forEach(guard -> guards.put(guard, revision.revision()));
    }

    /**
     * Objects as of the pin, ascending. etcd visits every key of the range that it is asked for, whatever the limit: the
     * range is cut by the first digits of the ids, or reading would take the square of the number of objects.
     */
    void objects(Pin pin, Deadline deadline, Consumer<KeyValue> to) {
        ByteSequence all = keys.objects();
        GetOption count = GetOption.builder()
                .withRange(EtcdKeys.endOf(all))
                .withRevision(pin.etcdRevision())
                .withCountOnly(true)
                .build();
        long objects = connection
                .call("count objects", deadline, client -> client.getKVClient().get(all, count))
                .getCount();
        int digits = 0;
        while (digits < DIGITS_MAX && objects >> (4 * digits) > PAGE_KEYS) {
            digits++;
        }
        for (int part = 0; part < 1 << (4 * digits); part++) {
            String first = digits == 0 ? "" : String.format("%0" + digits + "x", part);
            page(all.concat(EtcdKeys.bytes(first)), pin, deadline, to);
        }
    }

    /** The log as of the pin, after a revision, a few batches in memory at a time; cut for the same reason. */
    void log(long after, Pin pin, Deadline deadline, Consumer<LoggedRevision> to) {
        for (long from = after + 1; from <= pin.head().revision(); from += LOG_REVISIONS) {
            pages(keys.log(from), keys.log(from + LOG_REVISIONS), LOG_BATCHES, pin, deadline, entry -> {
                for (LoggedRevision revision :
                        log.batch(entry, deadline).batch().revisions()) {
                    if (revision.revision() > after) {
                        to.accept(revision);
                    }
                }
            });
        }
    }

    void page(ByteSequence prefix, Pin pin, Deadline deadline, Consumer<KeyValue> to) {
        pages(prefix, EtcdKeys.endOf(prefix), PAGE_KEYS, pin, deadline, to);
    }

    private void pages(
            ByteSequence from, ByteSequence end, int keysMax, Pin pin, Deadline deadline, Consumer<KeyValue> to) {
        ByteSequence next = from;
        while (true) {
            ByteSequence start = next;
            GetOption option = GetOption.builder()
                    .withRange(end)
                    .withRevision(pin.etcdRevision())
                    .withLimit(keysMax)
                    .build();
            GetResponse page = connection.call(
                    "read the store", deadline, client -> client.getKVClient().get(start, option));
            page.getKvs().forEach(to);
            if (!page.isMore()) {
                return;
            }
            next = page.getKvs().getLast().getKey().concat(ByteSequence.from(new byte[1]));
        }
    }

    static StoredObject decode(ByteSequence value) {
        try {
            return StoredJson.readObject(value.getBytes());
        } catch (RuntimeException e) {
            throw new StoreException("a stored object cannot be read: " + e.getMessage(), e);
        }
    }
}
