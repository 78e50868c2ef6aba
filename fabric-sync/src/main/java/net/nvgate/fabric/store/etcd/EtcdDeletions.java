package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreUnavailableException;

/**
 * Which revision deleted an object that is gone: a key for each deletion that the log still has, so that nobody reads the
 * log to find it. {@link EtcdKeeper} writes them with the keys of objects.
 */
final class EtcdDeletions {

    private final EtcdConnection connection;
    private final EtcdKeys keys;

    EtcdDeletions(EtcdConnection connection, EtcdKeys keys) {
        this.connection = connection;
        this.keys = keys;
    }

    /** @throws StoreUnavailableException also while the keys of a store of an older version are made */
    Optional<Long> find(UUID id, Deadline deadline) {
        List<GetResponse> found = connection
                .call(
                        "look for a deletion",
                        deadline,
                        client -> client.getKVClient()
                                .txn()
                                .Then(
                                        Op.get(keys.deletion(id), GetOption.DEFAULT),
                                        Op.get(keys.deletionsKept(), GetOption.DEFAULT))
                                .commit())
                .getGetResponses();
        List<KeyValue> deletion = found.get(0).getKvs();
        if (deletion.isEmpty() && found.get(1).getKvs().isEmpty()) {
            throw new StoreUnavailableException(
                    "the store was made by an older version, its log is being searched: try again later", null);
        }
        return deletion.isEmpty() ? Optional.empty() : Optional.of(EtcdLog.number(deletion));
    }

    boolean kept(Deadline deadline) {
        ByteSequence key = keys.deletionsKept();
        return !connection
                .call("read the store", deadline, client -> client.getKVClient().get(key))
                .getKvs()
                .isEmpty();
    }

    /** The deletions in the log that {@code applied} covers; read once, in a store of an older version. */
    Map<UUID, Long> search(Deadline deadline) {
        EtcdLoader loader = new EtcdLoader(connection, keys);
        EtcdLoader.Pin pin = loader.pin(deadline);
        Map<UUID, Long> deletions = new HashMap<>();
        loader.log(pin.compacted(), pin, deadline, revision -> note(deletions, revision.changes()));
        return deletions;
    }

    /** Objects that a revision deletes; those that it brings back are no longer deleted. */
    static void note(Map<UUID, Long> deletions, RevisionChanges revision) {
        for (ObjectChange change : revision.changes()) {
            if (change.after().isEmpty()) {
                deletions.put(change.id(), revision.revision());
            } else {
                deletions.remove(change.id());
            }
        }
    }
}
