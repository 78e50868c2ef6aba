package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.RestoreTarget;
import net.nvgate.fabric.store.StorePlace;
import net.nvgate.fabric.store.StoreSource;

/** A prefix of keys in a cluster. */
public record EtcdPlace(EtcdSettings settings) implements StorePlace {

    private static final Duration SETTLE_MAX = Duration.ofSeconds(10);

    @Override
    public String describe() {
        return EtcdRestore.describe(settings);
    }

    @Override
    public FabricStore open(long historyRevisions, Clock clock) {
        return EtcdStore.open(settings, historyRevisions, clock);
    }

    @Override
    public StoreSource shared() {
        return EtcdSource.open(settings);
    }

    @Override
    public StoreSource exclusive() {
        return EtcdSource.open(settings);
    }

    @Override
    public StoreSource running() {
        return EtcdSource.open(settings);
    }

    @Override
    public RestoreTarget target(boolean replace) {
        return EtcdRestore.into(settings, replace);
    }

    @Override
    public boolean settle(String token) {
        long generation = Long.parseLong(token);
        ByteSequence root = EtcdKeys.root(settings.prefix());
        ByteSequence unused = new EtcdKeys(settings.prefix(), generation).all();
        DeleteOption all = DeleteOption.builder().isPrefix(true).build();
        Deadline deadline = Deadline.in(SETTLE_MAX);
        try (EtcdConnection connection = new EtcdConnection(settings)) {
            while (true) {
                List<KeyValue> found = connection
                        .call(
                                "look at the store",
                                deadline,
                                client -> client.getKVClient().get(root))
                        .getKvs();
                if (!found.isEmpty()
                        && EtcdRoot.decode(found.getFirst().getValue()).generation() == generation) {
                    return true;
                }
                long modified = found.isEmpty() ? 0 : found.getFirst().getModRevision();
                Cmp unchanged = new Cmp(root, Cmp.Op.EQUAL, CmpTarget.modRevision(modified));
                boolean gone = connection
                        .call(
                                "give up the unfinished store",
                                deadline,
                                client -> client.getKVClient()
                                        .txn()
                                        .If(unchanged)
                                        .Then(Op.delete(unused, all))
                                        .commit())
                        .isSucceeded();
                if (gone) {
                    return false;
                }
            }
        }
    }
}
