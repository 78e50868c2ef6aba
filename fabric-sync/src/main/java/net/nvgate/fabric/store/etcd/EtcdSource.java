package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.nvgate.fabric.store.CompactedException;
import net.nvgate.fabric.store.DumpHeader;
import net.nvgate.fabric.store.DumpSink;
import net.nvgate.fabric.store.Fence;
import net.nvgate.fabric.store.LoggedRevision;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreSource;
import net.nvgate.fabric.store.StoredObject;

/** Hands out a store in etcd as of one etcd revision, while managers go on; objects pass one page at a time. */
public final class EtcdSource implements StoreSource {

    private static final Duration COPY_MAX = Duration.ofMinutes(30);
    private static final Duration STEP_MAX = Duration.ofSeconds(10);

    private final EtcdConnection connection;
    private final EtcdKeys keys;
    private final EtcdRoot root;
    private final boolean closeConnection;

    private EtcdSource(EtcdConnection connection, EtcdRoot root, boolean closeConnection) {
        this.connection = connection;
        this.closeConnection = closeConnection;
        this.root = root;
        keys = new EtcdKeys(connection.settings().prefix(), root.generation());
    }

    /** @throws StoreException if there is no store under the prefix, or the cluster cannot be reached */
    public static EtcdSource open(EtcdSettings settings) {
        EtcdConnection connection = new EtcdConnection(settings);
        try {
            List<KeyValue> found = connection
                    .call(
                            "open the store",
                            Deadline.in(STEP_MAX),
                            client -> client.getKVClient().get(EtcdKeys.root(settings.prefix())))
                    .getKvs();
            if (found.isEmpty()) {
                throw new StoreException("there is no store in etcd under " + settings.prefix(), null);
            }
            return new EtcdSource(connection, EtcdRoot.decode(found.getFirst().getValue()), true);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** A generation that is being restored; the connection stays open when this is closed. */
    static EtcdSource of(EtcdConnection connection, EtcdRoot root) {
        return new EtcdSource(connection, root, false);
    }

    /** Where the store is. */
    EtcdKeys keys() {
        return keys;
    }

    @Override
    public void copyTo(DumpSink sink) {
        try (EtcdHold hold = new EtcdHold(connection, keys)) {
            copyTo(sink, hold);
        }
    }

    private void copyTo(DumpSink sink, EtcdHold hold) {
        Deadline deadline = Deadline.in(COPY_MAX);
        EtcdLoader loader = new EtcdLoader(connection, keys);
        EtcdLoader.Pin pin = loader.pin(deadline);
        sink.begin(new DumpHeader(root.fabricId(), pin.head().revision(), pin.compacted(), root.lineage()));
        Overlay overlay = new Overlay();
        loader.log(pin.applied(), pin, deadline, overlay::add);
        loader.objects(pin, deadline, entry -> {
            hold.renew();
            overlay.object(entry.getValue(), sink);
        });
        overlay.rest(sink);
        Map<String, Long> guards = new TreeMap<>();
        loader.page(
                keys.guards(),
                pin,
                deadline,
                entry -> guards.put(keys.guardName(entry.getKey()), Long.parseLong(EtcdKeys.text(entry.getValue()))));
        guards.putAll(overlay.guards);
        guards.forEach(sink::guard);
        loader.log(pin.compacted(), pin, deadline, revision -> {
            hold.renew();
            sink.revision(revision.changes());
        });
        sink.end();
    }

    /** The log of etcd has it as it is. */
    @Override
    public List<LoggedRevision> since(long revision) {
        Deadline deadline = Deadline.in(COPY_MAX);
        EtcdLoader loader = new EtcdLoader(connection, keys);
        EtcdLoader.Pin pin = loader.pin(deadline);
        if (revision < pin.compacted()) {
            throw new CompactedException(revision, pin.compacted());
        }
        List<LoggedRevision> since = new ArrayList<>();
        loader.log(revision, pin, deadline, since::add);
        return since;
    }

    /** What the log has after {@code applied}, laid over the keys of objects, which pass in ascending order. */
    private static final class Overlay {

        /** By the text of the id; empty = deleted. */
        private final TreeMap<String, Optional<StoredObject>> objects = new TreeMap<>();

        private final Map<String, Long> guards = new TreeMap<>();

        void add(LoggedRevision revision) {
            List<ObjectChange> changes = revision.changes().changes();
            for (int i = 0; i < changes.size(); i++) {
                ObjectChange change = changes.get(i);
                int at = i;
                objects.put(
                        change.id().toString(),
                        change.after()
                                .map(after ->
                                        new StoredObject(after, revision.links().get(at))));
            }
            revision.guards().forEach(guard -> guards.put(guard, revision.revision()));
        }

        void object(ByteSequence value, DumpSink sink) {
            StoredObject stored = EtcdLoader.decode(value);
            String id = stored.object().id().toString();
            pass(objects.headMap(id, false), sink);
            Optional<StoredObject> newer = objects.remove(id);
            if (newer == null) {
                sink.object(stored);
            } else {
                newer.ifPresent(sink::object);
            }
        }

        void rest(DumpSink sink) {
            pass(objects, sink);
        }

        private static void pass(Map<String, Optional<StoredObject>> before, DumpSink sink) {
            before.values().forEach(stored -> stored.ifPresent(sink::object));
            before.clear();
        }
    }

    @Override
    public void fence(String why) {
        Deadline deadline = Deadline.in(STEP_MAX);
        while (true) {
            EtcdLoader.Pin pin = new EtcdLoader(connection, keys).pin(deadline);
            if (why.isEmpty() && Fence.isMoved(pin.head().fenced())) {
                return;
            }
            ByteSequence head = new EtcdHead(pin.head().revision(), why).encode();
            Cmp unchanged = new Cmp(keys.head(), Cmp.Op.EQUAL, CmpTarget.modRevision(pin.headModified()));
            boolean done = connection
                    .call(
                            "fence the store",
                            deadline,
                            client -> client.getKVClient()
                                    .txn()
                                    .If(unchanged)
                                    .Then(Op.put(keys.head(), head, PutOption.DEFAULT))
                                    .commit())
                    .isSucceeded();
            if (done) {
                return;
            }
            if (deadline.over()) {
                throw new StoreException("managers are too busy to fence the store; try again", null);
            }
        }
    }

    @Override
    public String describe() {
        return EtcdRestore.describe(connection.settings());
    }

    @Override
    public void close() {
        if (closeConnection) {
            connection.close();
        }
    }
}
