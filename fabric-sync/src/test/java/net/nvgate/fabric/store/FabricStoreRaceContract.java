package net.nvgate.fabric.store;

import static net.nvgate.fabric.store.TestObjects.at;
import static net.nvgate.fabric.store.TestObjects.name;
import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.put;
import static net.nvgate.fabric.store.TestObjects.puts;
import static net.nvgate.fabric.store.TestObjects.renamed;
import static net.nvgate.fabric.store.TestObjects.site;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.store.Transaction.Change;
import net.nvgate.fabric.store.Transaction.Delete;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store must do when much happens at once, or much in one transaction. Each implementation extends this. */
@Timeout(300)
public abstract class FabricStoreRaceContract {

    private FabricStore store;

    /** Opens the store of this test; a second call after closing it finds the same data. */
    protected abstract FabricStore open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private Optional<Long> committed(Transaction transaction) {
        return store.apply(transaction) instanceof Outcome.Committed committed
                ? Optional.of(committed.revision())
                : Optional.empty();
    }

    private static void together(int threads, Runnable work) throws InterruptedException {
        List<Thread> all = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.ofVirtual()
                    .uncaughtExceptionHandler((_, e) -> failure.set(e))
                    .start(work));
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void aUniqueKeyGoesToOneOfManyWhoWantIt() throws InterruptedException {
        AtomicInteger won = new AtomicInteger();
        together(8, () -> {
            for (int i = 0; i < 20; i++) {
                committed(puts(network("wanted-" + i))).ifPresent(_ -> won.incrementAndGet());
            }
        });
        assertThat(won.get()).isEqualTo(20);
        assertThat(store.head()).isEqualTo(20);
        assertThat(store.snapshot().objects())
                .extracting(FabricObject::name)
                .doesNotHaveDuplicates()
                .hasSize(20);
    }

    /** Each reads the head, then adds to the set; had two of them the same base, one of them would not be there. */
    @Test
    void whoPassesAGuardHasSeenAllWhoPassedItBefore() throws InterruptedException {
        Set<Long> bases = ConcurrentHashMap.newKeySet();
        together(6, () -> {
            for (int done = 0; done < 10; ) {
                long base = store.head();
                LogicalNetwork mine = network(UUID.randomUUID().toString());
                if (committed(new Transaction(base, List.of(put(mine)), Set.of("set")))
                        .isPresent()) {
                    assertThat(bases.add(base))
                            .as("base %s was used once", base)
                            .isTrue();
                    done++;
                }
            }
        });
        assertThat(store.head()).isEqualTo(60);
    }

    @Test
    void aGuardHoldsAfterReopeningAndCompaction() {
        committed(new Transaction(0, List.of(put(network("a"))), Set.of("set")));
        committed(puts(network("b")));
        store.compact(2);
        store.close();
        store = open();
        assertThat(store.apply(new Transaction(0, List.of(put(network("c"))), Set.of("set"))))
                .as("who passed it when is forgotten with the log, so that it may have been at its end")
                .isEqualTo(new Outcome.Rejected(new Conflict.GuardPassed("set", 2), 2));
        assertThat(committed(new Transaction(2, List.of(put(network("c"))), Set.of("set"))))
                .contains(3L);
    }

    @Test
    void anObjectIsChangedByOneOfManyWhoHaveReadTheSame() throws InterruptedException {
        LogicalNetwork made = network("made");
        committed(puts(made));
        AtomicInteger won = new AtomicInteger();
        together(
                8,
                () -> committed(puts(renamed(at(made, 1, 1), UUID.randomUUID().toString(), "")))
                        .ifPresent(_ -> won.incrementAndGet()));
        assertThat(won.get()).isEqualTo(1);
    }

    @Test
    void twoObjectsSwapTheirUniqueKeysInOneTransaction() {
        LogicalNetwork first = network("first");
        LogicalNetwork second = network("second");
        committed(puts(first, second));
        assertThat(committed(puts(renamed(at(first, 1, 1), "second", ""), renamed(at(second, 1, 1), "first", ""))))
                .contains(2L);
        assertThat(store.apply(puts(network("first"))))
                .isEqualTo(new Outcome.Rejected(new Conflict.UniqueKeyTaken(name("first"), second.id()), 2));
    }

    @Test
    void aTransactionOfTheLargestSizeIsOneRevision() {
        LogicalNetwork network = network("network");
        List<Change> changes = new ArrayList<>(List.of(put(network)));
        while (changes.size() < Transaction.CHANGES_MAX) {
            changes.add(put(site("site-" + changes.size(), network.id(), "10.0.0.0/24")));
        }
        assertThat(committed(new Transaction(0, changes, Set.of("large")))).contains(1L);
        // Refused as a whole because of one of its many changes.
        assertThat(store.apply(new Transaction(1, changes, Set.of())))
                .isEqualTo(new Outcome.Rejected(new Conflict.ObjectChanged(network.id(), 0, 1), 1));
        store.close();
        store = open();
        assertThat(store.snapshot().objects()).hasSize(Transaction.CHANGES_MAX);
        assertThat(store.changes(0, 10))
                .hasSize(1)
                .first()
                .satisfies(revision -> assertThat(revision.changes()).hasSize(Transaction.CHANGES_MAX));
        List<Change> deletions = new ArrayList<>();
        store.snapshot().objects().forEach(object -> deletions.add(new Delete(object)));
        assertThat(committed(new Transaction(1, deletions, Set.of()))).contains(2L);
        store.compact(2);
        store.close();
        store = open();
        assertThat(store.snapshot()).isEqualTo(new StoreSnapshot(2, List.of()));
    }

    /** Notes the revisions that it is told, and whether there was a gap. */
    private static final class Seen implements FabricStore.Listener {

        private final List<Long> revisions = new ArrayList<>();
        private final CountDownLatch all;
        private final CountDownLatch go = new CountDownLatch(1);
        private final AtomicReference<StoreException> reason = new AtomicReference<>();

        Seen(int expected) {
            all = new CountDownLatch(expected);
        }

        @Override
        public void onRevision(RevisionChanges changes) {
            if (revisions.isEmpty()) {
                awaitGo();
            }
            revisions.add(changes.revision());
            all.countDown();
        }

        private void awaitGo() {
            try {
                assertThat(go.await(200, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new StoreException("interrupted", e);
            }
        }

        @Override
        public void onLost(StoreException why) {
            reason.set(why);
            while (all.getCount() > 0) {
                all.countDown();
            }
        }
    }

    @Test
    void compactionUnderAWatchLeavesNoGap() throws InterruptedException {
        Seen seen = new Seen(50);
        store.watch(0, seen);
        for (int i = 0; i < 50; i++) {
            committed(puts(network("n" + i)));
        }
        store.compact(40);
        seen.go.countDown();
        assertThat(seen.all.await(200, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < seen.revisions.size(); i++) {
            assertThat(seen.revisions.get(i)).isEqualTo(i + 1);
        }
        if (seen.reason.get() == null) {
            assertThat(seen.revisions).hasSize(50);
        } else {
            assertThat(seen.reason.get()).isInstanceOf(CompactedException.class);
        }
    }

    /** Writers go on while the store is closed and opened again: what they were told is there holds. */
    @Test
    void whatWasAcknowledgedIsThereAfterClosingInTheMiddle() throws InterruptedException {
        Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
        FabricStore first = store;
        CountDownLatch enough = new CountDownLatch(100);
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            writers.add(Thread.startVirtualThread(() -> writeUntilClosed(first, acknowledged, enough)));
        }
        assertThat(enough.await(200, TimeUnit.SECONDS)).isTrue();
        first.close();
        for (Thread writer : writers) {
            writer.join();
        }
        store = open();
        Set<UUID> present = new HashSet<>();
        store.snapshot().objects().forEach(object -> present.add(object.id()));
        assertThat(present).containsAll(acknowledged).hasSize((int) store.head() * 2);
        assertThat(store.changes(0, Integer.MAX_VALUE)).hasSize((int) store.head());
    }

    private static void writeUntilClosed(FabricStore store, Set<UUID> acknowledged, CountDownLatch enough) {
        while (true) {
            LogicalNetwork network = network(UUID.randomUUID().toString());
            try {
                if (store.apply(puts(network, site("of " + network.name(), network.id(), "10.0.0.0/24")))
                        instanceof Outcome.Committed) {
                    acknowledged.add(network.id());
                    enough.countDown();
                }
            } catch (StoreException e) {
                return;
            }
        }
    }
}
