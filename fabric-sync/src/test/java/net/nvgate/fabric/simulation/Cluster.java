package net.nvgate.fabric.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.store.Transaction;

/** The real store, the revisions it has told its one real watch, and transactions that are still on their way to it. */
final class Cluster implements AutoCloseable {

    private static final long ANSWER_SECONDS_MAX = 120;

    private final FabricStore store;
    private final StoreSnapshot first;
    private final List<RevisionChanges> log = new ArrayList<>();
    private final Deque<Transaction> late = new ArrayDeque<>();
    private final BlockingQueue<RevisionChanges> told = new LinkedBlockingQueue<>();
    private final FabricStore.Subscription watch;
    private final Consumer<RevisionChanges> onRevision;
    private StoreSnapshot snapshot;

    /**
     * @param first the store's content
     * @param onRevision is told of each revision as soon as it is durable
     */
    Cluster(FabricStore store, StoreSnapshot first, Consumer<RevisionChanges> onRevision) {
        this.store = store;
        this.first = first;
        this.onRevision = onRevision;
        snapshot = first;
        watch = store.watch(first.revision(), new FabricStore.Listener() {
            @Override
            public void onRevision(RevisionChanges changes) {
                told.add(changes);
            }

            @Override
            public void onLost(StoreException reason) {
                throw reason;
            }
        });
    }

    FabricStore store() {
        return store;
    }

    /** The store's content, read once per revision. */
    StoreSnapshot snapshot() {
        if (snapshot.revision() != head()) {
            snapshot = store.snapshot();
        }
        return snapshot;
    }

    /** The content before the history. */
    StoreSnapshot first() {
        return first;
    }

    long head() {
        return first.revision() + log.size();
    }

    /** Revisions of the history after {@code after}. */
    List<RevisionChanges> after(long after) {
        return log.subList((int) (after - first.revision()), log.size());
    }

    List<RevisionChanges> log() {
        return log;
    }

    Outcome commit(Transaction transaction) {
        Outcome outcome = store.apply(transaction);
        if (outcome instanceof Outcome.Committed committed) {
            RevisionChanges changes = next();
            if (committed.revision() != head() + 1 || changes.revision() != committed.revision()) {
                throw new AssertionError("after revision " + head() + " the store commits " + committed.revision()
                        + " and tells " + changes.revision());
            }
            log.add(changes);
            onRevision.accept(changes);
        }
        return outcome;
    }

    private RevisionChanges next() {
        try {
            RevisionChanges changes = told.poll(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            if (changes == null) {
                throw new AssertionError("the store's watch does not tell revision " + (head() + 1));
            }
            return changes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A transaction whose author has given up arrives later. */
    void delay(Transaction transaction) {
        late.add(transaction);
    }

    /** One transaction on its way arrives; nobody hears of the outcome. */
    void arrive() {
        Transaction transaction = late.poll();
        if (transaction != null) {
            commit(transaction);
        }
    }

    boolean hasLate() {
        return !late.isEmpty();
    }

    @Override
    public void close() {
        watch.close();
        store.close();
    }
}
