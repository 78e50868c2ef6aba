package net.nvgate.fabric.store;

import static net.nvgate.fabric.store.TestObjects.at;
import static net.nvgate.fabric.store.TestObjects.delete;
import static net.nvgate.fabric.store.TestObjects.name;
import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.put;
import static net.nvgate.fabric.store.TestObjects.puts;
import static net.nvgate.fabric.store.TestObjects.renamed;
import static net.nvgate.fabric.store.TestObjects.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NetworkSite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store must do. Each implementation extends this. */
@Timeout(300)
public abstract class FabricStoreContract {

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

    private long commit(Transaction transaction) {
        Outcome outcome = store.apply(transaction);
        assertThat(outcome).isInstanceOf(Outcome.Committed.class);
        return ((Outcome.Committed) outcome).revision();
    }

    private Conflict conflict(Transaction transaction) {
        long head = store.head();
        Outcome outcome = store.apply(transaction);
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        assertThat(store.head()).isEqualTo(head);
        assertThat(((Outcome.Rejected) outcome).head()).isEqualTo(head);
        return ((Outcome.Rejected) outcome).conflict();
    }

    private static Map<UUID, FabricObject> byId(StoreSnapshot snapshot) {
        Map<UUID, FabricObject> objects = new HashMap<>();
        snapshot.objects().forEach(object -> objects.put(object.id(), object));
        return objects;
    }

    /** Replays the log on nothing. */
    private static Map<UUID, FabricObject> replay(List<RevisionChanges> log) {
        Map<UUID, FabricObject> objects = new HashMap<>();
        for (RevisionChanges changes : log) {
            for (ObjectChange change : changes.changes()) {
                FabricObject before = change.after().isPresent()
                        ? objects.put(change.id(), change.after().get())
                        : objects.remove(change.id());
                assertThat(change.before()).isEqualTo(Optional.ofNullable(before));
            }
        }
        return objects;
    }

    @Test
    void aNewStoreIsEmptyAtRevisionZero() {
        assertThat(store.head()).isZero();
        assertThat(store.compacted()).isZero();
        assertThat(store.snapshot()).isEqualTo(new StoreSnapshot(0, List.of()));
    }

    @Test
    void eachTransactionIsOneRevisionThatStampsItsObjects() {
        LogicalNetwork first = network("first");
        NetworkSite site = site("site", first.id(), "10.0.0.0/24");
        assertThat(commit(puts(first, site))).isEqualTo(1);
        assertThat(commit(puts(network("second")))).isEqualTo(2);
        LogicalNetwork renamed = renamed(at(first, 1, 1), "again", "now described");
        assertThat(commit(puts(renamed))).isEqualTo(3);
        assertThat(byId(store.snapshot()))
                .containsEntry(first.id(), at(renamed, 1, 3))
                .containsEntry(site.id(), at(site, 1, 1));
    }

    @Test
    void theLogHasBeforeAndAfter() {
        LogicalNetwork made = network("net");
        commit(puts(made));
        LogicalNetwork renamed = renamed(at(made, 1, 1), "other", "");
        commit(puts(renamed));
        commit(delete(at(renamed, 1, 2)));
        List<RevisionChanges> log = store.changes(0, 10);
        assertThat(log).extracting(RevisionChanges::revision).containsExactly(1L, 2L, 3L);
        assertThat(log.get(1).changes())
                .containsExactly(new ObjectChange(Optional.of(at(made, 1, 1)), Optional.of(at(renamed, 1, 2))));
        assertThat(replay(log)).isEmpty();
        assertThat(store.changes(1, 1)).containsExactly(log.get(1));
        assertThat(store.changes(3, 10)).isEmpty();
    }

    @Test
    void aUniqueKeyHasOneOwner() {
        LogicalNetwork first = network("same");
        commit(puts(first));
        assertThat(conflict(puts(network("same")))).isEqualTo(new Conflict.UniqueKeyTaken(name("same"), first.id()));
    }

    @Test
    void aUniqueKeyIsFreeOnceItsOwnerLetsGo() {
        LogicalNetwork first = network("same");
        commit(puts(first));
        commit(puts(renamed(at(first, 1, 1), "other", "")));
        LogicalNetwork second = network("same");
        commit(puts(second));
        LogicalNetwork third = network("same");
        commit(new Transaction(0, List.of(new Transaction.Delete(at(second, 3, 3)), put(third)), Set.of()));
        assertThat(byId(store.snapshot())).containsOnlyKeys(first.id(), third.id());
    }

    @Test
    void aChangeOfAnObjectThatIsNotAsItWasReadIsRefused() {
        LogicalNetwork made = network("net");
        commit(puts(made));
        assertThat(conflict(puts(made))).isEqualTo(new Conflict.ObjectChanged(made.id(), 0, 1));
        commit(puts(renamed(at(made, 1, 1), "renamed", "")));
        assertThat(conflict(delete(at(made, 1, 1)))).isEqualTo(new Conflict.ObjectChanged(made.id(), 1, 2));
        assertThat(conflict(delete(network("never")))).isInstanceOf(Conflict.ObjectChanged.class);
    }

    @Test
    void aReferenceMustExistInTheTransactionOrBefore() {
        NetworkSite orphan = site("site", UUID.randomUUID(), "10.0.0.0/24");
        assertThat(conflict(puts(orphan)))
                .isEqualTo(new Conflict.ReferenceMissing(orphan.id(), orphan.logicalNetworkId()));
        LogicalNetwork network = network("net");
        commit(puts(site("with", network.id(), "10.0.1.0/24"), network));
    }

    @Test
    void whatIsReferencedCannotGoUnlessItsUsersGoToo() {
        LogicalNetwork network = network("net");
        NetworkSite site = site("site", network.id(), "10.0.0.0/24");
        commit(puts(network, site));
        assertThat(conflict(delete(at(network, 1, 1))))
                .isEqualTo(new Conflict.StillReferenced(network.id(), List.of(site.id())));
        commit(new Transaction(
                0,
                List.of(new Transaction.Delete(at(network, 1, 1)), new Transaction.Delete(at(site, 1, 1))),
                Set.of()));
        assertThat(store.snapshot().objects()).isEmpty();
    }

    @Test
    void ofTwoTransactionsThatReadTheSameSetOneIsCommitted() {
        commit(new Transaction(0, List.of(put(network("a"))), Set.of("set")));
        assertThat(conflict(new Transaction(0, List.of(put(network("b"))), Set.of("set"))))
                .isEqualTo(new Conflict.GuardPassed("set", 1));
        commit(new Transaction(0, List.of(put(network("c"))), Set.of("other")));
        commit(new Transaction(1, List.of(put(network("d"))), Set.of("set")));
    }

    @Test
    void aGuardThatIsSharedIsInTheWayOnlyOfWhoPassesItAlone() {
        String shared = Transaction.shared("set");
        commit(new Transaction(0, List.of(put(network("a"))), Set.of(shared)));
        commit(new Transaction(0, List.of(put(network("b"))), Set.of(shared)));
        assertThat(conflict(new Transaction(1, List.of(put(network("c"))), Set.of("set"))))
                .isEqualTo(new Conflict.GuardPassed(shared, 2));
        commit(new Transaction(2, List.of(put(network("d"))), Set.of("set")));
        assertThat(conflict(new Transaction(2, List.of(put(network("e"))), Set.of(shared))))
                .isEqualTo(new Conflict.GuardPassed("set", 3));
        commit(new Transaction(3, List.of(put(network("f"))), Set.of(shared)));
    }

    @Test
    void aRefusedTransactionLeavesNothingBehind() {
        commit(puts(network("taken")));
        LogicalNetwork good = network("good");
        Transaction bad = new Transaction(1, List.of(put(good), put(network("taken"))), Set.of("guard"));
        conflict(bad);
        assertThat(store.snapshot().objects()).hasSize(1);
        commit(puts(good));
        commit(new Transaction(0, List.of(put(network("guarded"))), Set.of("guard")));
    }

    @Test
    void reopeningFindsEverything() {
        LogicalNetwork network = network("net");
        commit(puts(network));
        commit(puts(network("other")));
        UUID fabricId = store.fabricId();
        StoreSnapshot before = store.snapshot();
        List<RevisionChanges> log = store.changes(0, 10);
        store.close();
        store = open();
        assertThat(store.fabricId()).isEqualTo(fabricId);
        assertThat(store.head()).isEqualTo(2);
        assertThat(byId(store.snapshot())).isEqualTo(byId(before));
        assertThat(store.changes(0, 10)).isEqualTo(log);
        assertThat(conflict(puts(network("net")))).isInstanceOf(Conflict.UniqueKeyTaken.class);
    }

    @Test
    void theLogBeforeACompactedRevisionIsGone() {
        commit(puts(network("a")));
        commit(puts(network("b")));
        commit(puts(network("c")));
        store.compact(2);
        assertThat(store.compacted()).isEqualTo(2);
        assertThat(store.snapshot().objects()).hasSize(3);
        assertThat(store.changes(2, 10)).hasSize(1);
        assertThatThrownBy(() -> store.changes(1, 10))
                .isInstanceOfSatisfying(
                        CompactedException.class, e -> assertThat(e.compacted()).isEqualTo(2));
        assertThatThrownBy(() -> store.watch(0, new Collector(0))).isInstanceOf(CompactedException.class);
    }

    /** Whoever reads the log holds a few thousand changes at once, not a few thousand revisions of any size. */
    @Test
    void anAnswerIsBoundedByItsChanges() {
        int each = FabricStore.READ_CHANGES_MAX * 2 / 3;
        for (int revision = 0; revision < 3; revision++) {
            List<LogicalNetwork> networks = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                networks.add(network(revision + "-" + i));
            }
            commit(puts(networks.toArray(FabricObject[]::new)));
        }
        commit(puts(network("small")));
        assertThat(store.changes(0, 10)).extracting(RevisionChanges::revision).containsExactly(1L, 2L);
        assertThat(store.changes(2, 10)).extracting(RevisionChanges::revision).containsExactly(3L, 4L);
        store.close();
        store = open();
        assertThat(store.changes(0, 10)).extracting(RevisionChanges::revision).containsExactly(1L, 2L);
        assertThat(store.changes(1, 1)).extracting(RevisionChanges::revision).containsExactly(2L);
        LogBackwards log = new LogBackwards(store, 0, 4);
        List<Long> backwards = new ArrayList<>();
        for (List<RevisionChanges> piece = log.next(); !piece.isEmpty(); piece = log.next()) {
            assertThat(piece.stream()
                            .mapToInt(changes -> changes.changes().size())
                            .sum())
                    .isLessThan(2 * FabricStore.READ_CHANGES_MAX);
            piece.reversed().forEach(changes -> backwards.add(changes.revision()));
        }
        assertThat(backwards).containsExactly(4L, 3L, 2L, 1L);
    }

    @Test
    void aDeletionIsFoundAsLongAsTheLogHasIt() {
        LogicalNetwork network = network("net");
        commit(puts(network, network("other")));
        assertThat(store.deletion(network.id())).isEmpty();
        commit(delete(at(network, 1, 1)));
        assertThat(store.deletion(network.id())).hasValue(2L);
        assertThat(store.change(2, network.id()).orElseThrow().changes())
                .containsExactly(new ObjectChange(Optional.of(at(network, 1, 1)), Optional.empty()));
        assertThat(store.change(1, network.id()).orElseThrow().changes()).hasSize(1);
        assertThat(store.change(2, UUID.randomUUID())).isEmpty();
        commit(puts(network));
        commit(delete(at(network, 3, 3)));
        commit(puts(network("x")));
        assertThat(store.deletion(network.id())).hasValue(4L);
        assertThat(store.deletion(UUID.randomUUID())).isEmpty();
        store.compact(3);
        assertThat(store.deletion(network.id())).hasValue(4L);
        store.close();
        store = open();
        assertThat(store.deletion(network.id())).hasValue(4L);
        store.compact(4);
        assertThat(store.deletion(network.id())).isEmpty();
        assertThatThrownBy(() -> store.change(4, network.id())).isInstanceOf(CompactedException.class);
    }

    /** A guard that is forgotten may have been passed by anybody whom its author has not seen. */
    @Test
    void guardsAreForgottenWithTheLogAndHoldAllTheSame() {
        commit(new Transaction(0, List.of(put(network("a"))), Set.of("old")));
        commit(new Transaction(0, List.of(put(network("b"))), Set.of("new")));
        commit(puts(network("c")));
        store.compact(1);
        for (int round = 0; round < 2; round++) {
            assertThat(conflict(new Transaction(0, List.of(put(network("d"))), Set.of("old"))))
                    .isEqualTo(new Conflict.GuardPassed("old", 1));
            assertThat(conflict(new Transaction(1, List.of(put(network("d"))), Set.of("new"))))
                    .isEqualTo(new Conflict.GuardPassed("new", 2));
            store.close();
            store = open();
        }
        commit(new Transaction(1, List.of(put(network("d"))), Set.of("old")));
        commit(new Transaction(3, List.of(put(network("e"))), Set.of("new")));
    }

    @Test
    void compactingEverythingKeepsTheRevision() {
        commit(puts(network("a")));
        store.compact(1);
        store.close();
        store = open();
        assertThat(store.head()).isEqualTo(1);
        assertThat(commit(puts(network("b")))).isEqualTo(2);
    }

    /** Collects revisions until there are as many as expected. */
    private static final class Collector implements FabricStore.Listener {

        private final List<RevisionChanges> seen = new ArrayList<>();
        private final CountDownLatch all;

        Collector(int expected) {
            all = new CountDownLatch(expected);
        }

        @Override
        public void onRevision(RevisionChanges changes) {
            seen.add(changes);
            all.countDown();
        }

        @Override
        public void onLost(StoreException reason) {
            throw reason;
        }

        List<RevisionChanges> await() throws InterruptedException {
            assertThat(all.await(100, TimeUnit.SECONDS)).isTrue();
            return seen;
        }
    }

    @Test
    void watchesMissNothingWhileManyWrite() throws InterruptedException {
        int writers = 4;
        int each = 50;
        Collector fromStart = new Collector(writers * each);
        store.watch(0, fromStart);
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            String prefix = "writer" + w + "-";
            threads.add(Thread.startVirtualThread(() -> {
                for (int i = 0; i < each; i++) {
                    commit(puts(network(prefix + i)));
                }
            }));
        }
        // One that begins in the middle and reads the first part from the log.
        while (store.head() < each) {
            Thread.onSpinWait();
        }
        Collector fromMiddle = new Collector(writers * each - 10);
        store.watch(10, fromMiddle);
        for (Thread thread : threads) {
            thread.join();
        }
        List<RevisionChanges> log = store.changes(0, 1000);
        assertThat(fromStart.await()).isEqualTo(log);
        assertThat(fromMiddle.await()).isEqualTo(log.subList(10, log.size()));
        assertThat(replay(log)).isEqualTo(byId(store.snapshot()));
    }

    @Test
    void aWatchResumesAfterReopening() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            commit(puts(network("n" + i)));
        }
        store.close();
        store = open();
        Collector rest = new Collector(4);
        store.watch(2, rest);
        commit(puts(network("new")));
        assertThat(rest.await()).extracting(RevisionChanges::revision).containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void aClosedWatchIsNotCalledAgain() throws InterruptedException {
        BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
        FabricStore.Subscription watch = store.watch(0, new FabricStore.Listener() {
            @Override
            public void onRevision(RevisionChanges changes) {
                seen.add(changes.revision());
            }

            @Override
            public void onLost(StoreException reason) {
                throw reason;
            }
        });
        commit(puts(network("a")));
        assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(1);
        watch.close();
        commit(puts(network("b")));
        Collector other = new Collector(2);
        store.watch(0, other);
        other.await();
        assertThat(seen).isEmpty();
    }

    @Test
    void aSnapshotIsOfOneRevision() throws InterruptedException {
        Thread writer = Thread.startVirtualThread(() -> {
            for (int i = 0; i < 60; i++) {
                LogicalNetwork network = network("n" + i);
                commit(puts(network, site("s" + i, network.id(), "10.0.0.0/24")));
            }
        });
        while (store.head() < 60) {
            StoreSnapshot snapshot = store.snapshot();
            assertThat(snapshot.objects()).hasSize((int) snapshot.revision() * 2);
        }
        writer.join();
    }
}
