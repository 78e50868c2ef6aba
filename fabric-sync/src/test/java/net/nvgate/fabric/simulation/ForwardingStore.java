package net.nvgate.fabric.simulation;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.store.Transaction;

/** A store that does what another does, until somebody overrides it. */
class ForwardingStore implements FabricStore {

    private final FabricStore real;

    ForwardingStore(FabricStore real) {
        this.real = real;
    }

    @Override
    public UUID fabricId() {
        return real.fabricId();
    }

    @Override
    public String lineage() {
        return real.lineage();
    }

    @Override
    public long head() {
        return real.head();
    }

    @Override
    public long compacted() {
        return real.compacted();
    }

    @Override
    public StoreSnapshot snapshot() {
        return real.snapshot();
    }

    @Override
    public Outcome apply(Transaction transaction) {
        return real.apply(transaction);
    }

    @Override
    public List<RevisionChanges> changes(long after, int limit) {
        return real.changes(after, limit);
    }

    @Override
    public Optional<Long> deletion(UUID id) {
        return real.deletion(id);
    }

    @Override
    public Subscription watch(long after, Listener listener) {
        return real.watch(after, listener);
    }

    @Override
    public void compact(long revision) {
        real.compact(revision);
    }

    @Override
    public void close() {
        real.close();
    }
}
