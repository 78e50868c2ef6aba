package net.nvgate.fabric.store.backup;

import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.puts;
import static net.nvgate.fabric.store.TestObjects.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.store.Conflict;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreFencedException;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.fabric.store.etcd.EtcdExtension;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that moves under those who use it. */
@Timeout(300)
class StoreMoveTest {

    private static final long HISTORY = 100_000;

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    @TempDir
    private Path directory;

    private final EtcdSettings settings = ETCD.settings();

    private MovePlaces places() {
        return new MovePlaces(directory, settings.endpoints().getFirst().toString(), settings.prefix());
    }

    private MovableStore open(String name) {
        return new MovableStore(places().place(name).open(HISTORY, Clock.systemUTC()));
    }

    private StoreMove move(MovableStore store, String to) {
        MovePlaces places = places();
        return new StoreMove(
                store,
                places.named(places.other(to)),
                places.named(to),
                places.journal(),
                HISTORY,
                Clock.systemUTC(),
                _ -> {});
    }

    /** Notes what a watch tells. */
    private static final class Follower implements FabricStore.Listener {

        private final List<Long> seen = new ArrayList<>();
        private final CountDownLatch end = new CountDownLatch(1);
        private volatile long last = Long.MAX_VALUE;

        @Override
        public synchronized void onRevision(RevisionChanges changes) {
            seen.add(changes.revision());
            check();
        }

        @Override
        public void onLost(StoreException reason) {
            throw reason;
        }

        private void check() {
            if (!seen.isEmpty() && seen.getLast() >= last) {
                end.countDown();
            }
        }

        synchronized void endsAt(long revision) {
            last = revision;
            check();
        }
    }

    /** Writes until it is told to stop; what was acknowledged is noted. */
    private static List<Thread> writers(FabricStore store, Set<UUID> acknowledged, AtomicBoolean stop) {
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            String name = "w" + w + "-";
            writers.add(Thread.startVirtualThread(() -> {
                for (int i = 0; !stop.get(); i++) {
                    LogicalNetwork network = network(name + i);
                    assertThat(store.apply(puts(network, site("s-" + name + i, network.id(), "10.0.0.0/24"))))
                            .isInstanceOf(Outcome.Committed.class);
                    acknowledged.add(network.id());
                }
            }));
        }
        return writers;
    }

    @ParameterizedTest
    @ValueSource(strings = {MovePlaces.ETCD, MovePlaces.SQLITE})
    void aStoreMovesAndComesBackUnderItsWritersAndWatches(String to) throws InterruptedException {
        String from = places().other(to);
        Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicBoolean stop = new AtomicBoolean();
        Follower follower = new Follower();
        try (MovableStore store = open(from)) {
            UUID fabric = store.fabricId();
            store.watch(0, follower);
            List<Thread> writers = writers(store, acknowledged, stop);
            StoreMove.Result there = move(store, to).run(false);
            assertThatThrownBy(() -> places().place(from).open(HISTORY, Clock.systemUTC()))
                    .isInstanceOf(StoreFencedException.class)
                    .hasMessageContaining("was moved to " + places().place(to).describe());
            long before = store.head();
            Await.until("writers go on", () -> store.head() >= before + 20);
            StoreMove.Result back = move(store, from).run(false);
            stop.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(back.revision()).isGreaterThan(there.revision());
            follower.endsAt(store.head());
            follower.end.await();
            assertThat(follower.seen)
                    .isEqualTo(LongStream.rangeClosed(1, store.head()).boxed().toList());
            assertThat(store.fabricId()).isEqualTo(fabric);
            assertThat(ids(store)).containsAll(acknowledged).hasSize(2 * acknowledged.size());
        }
        // The configuration may name either; the second is right.
        try (FabricStore again = places().inCharge(to).open(HISTORY, Clock.systemUTC())) {
            assertThat(ids(again)).containsAll(acknowledged);
        }
        assertThat(places().inCharge(from)).isEqualTo(places().place(from));
        assertThat(places().journal().read()).isEmpty();
    }

    private static Set<UUID> ids(FabricStore store) {
        return store.snapshot().objects().stream().map(FabricObject::id).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(strings = {MovePlaces.ETCD, MovePlaces.SQLITE})
    void keysReferencesAndGuardsOfWhatCameLastHold(String to) {
        MovePlaces places = places();
        LogicalNetwork used = network("used");
        try (MovableStore store = open(places.other(to))) {
            store.apply(puts(network("before")));
            new StoreMove(
                            store,
                            places.named(places.other(to)),
                            places.named(to),
                            places.journal(),
                            HISTORY,
                            Clock.systemUTC(),
                            phase -> {
                                if (phase == StoreMove.Phase.FOLLOWING) {
                                    changeMuch(store, used);
                                }
                            })
                    .run(false);
            check(store, used);
        }
        try (FabricStore store = places.place(to).open(HISTORY, Clock.systemUTC())) {
            check(store, used);
        }
    }

    /** While the dump is at its place already. */
    private static void changeMuch(FabricStore store, LogicalNetwork used) {
        store.apply(new Transaction(
                1, puts(used, site("site", used.id(), "10.0.0.0/24")).changes(), Set.of("set")));
        LogicalNetwork one = network("a");
        store.apply(puts(one));
        FabricObject stored =
                store.changes(2, 1).getFirst().changes().getFirst().any();
        store.apply(puts(((LogicalNetwork) stored).withMeta(stored.meta().renamed("b", ""))));
        store.apply(puts(network("a")));
    }

    private static void check(FabricStore store, LogicalNetwork used) {
        assertThat(store.head()).isEqualTo(5);
        for (String name : List.of("before", "used", "a", "b")) {
            assertThat(store.apply(puts(network(name))))
                    .as(name)
                    .isInstanceOfSatisfying(
                            Outcome.Rejected.class,
                            rejected -> assertThat(rejected.conflict()).isInstanceOf(Conflict.UniqueKeyTaken.class));
        }
        assertThat(store.apply(new Transaction(1, puts(network("x")).changes(), Set.of("set"))))
                .isEqualTo(new Outcome.Rejected(new Conflict.GuardPassed("set", 2), 5));
        FabricObject stored = store.changes(1, 1).getFirst().changes().stream()
                .map(change -> change.any())
                .filter(object -> object.id().equals(used.id()))
                .findFirst()
                .orElseThrow();
        assertThat(store.apply(new Transaction(5, List.of(new Transaction.Delete(stored)), Set.of())))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.conflict()).isInstanceOf(Conflict.StillReferenced.class));
    }

    @Test
    void aMoveThatFailsInTheMiddleLeavesTheStoreWhereItWas() {
        MovePlaces places = places();
        try (MovableStore store = open(MovePlaces.SQLITE)) {
            store.apply(puts(network("one")));
            StoreMove failing = new StoreMove(
                    store,
                    places.named(MovePlaces.SQLITE),
                    places.named(MovePlaces.ETCD),
                    places.journal(),
                    HISTORY,
                    Clock.systemUTC(),
                    phase -> {
                        if (phase == StoreMove.Phase.FOLLOWING) {
                            // Another store takes the place meanwhile.
                            try (FabricStore other =
                                    places.place(MovePlaces.ETCD).open(HISTORY, Clock.systemUTC())) {
                                other.apply(puts(network("other")));
                            }
                        }
                    });
            assertThatThrownBy(() -> failing.run(false))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("nothing was replaced");
            assertThat(store.apply(puts(network("two")))).isEqualTo(new Outcome.Committed(2));
            assertThat(places.journal().read()).isEmpty();
        }
        try (MovableStore store = open(MovePlaces.SQLITE)) {
            assertThat(store.apply(puts(network("three")))).isEqualTo(new Outcome.Committed(3));
        }
    }
}
