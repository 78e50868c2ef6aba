package net.nvgate.fabric.store.etcd;

import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An etcd of one member that goes away and comes back; clusters are tested end to end. */
@Timeout(300)
class EtcdOutageTest {

    @TempDir
    private Path directory;

    private static EtcdSettings settings(EtcdServer server) {
        return new EtcdSettings(
                List.of(server.endpoint()), "/f/", Optional.empty(), Optional.empty(), Duration.ofSeconds(5));
    }

    @Test
    void withoutEtcdChangesFailInTimeAndWithItTheyGoOn() throws IOException, InterruptedException {
        try (EtcdServer server = EtcdServer.start(directory);
                EtcdStore store = EtcdStore.open(settings(server))) {
            store.apply(puts(network("before")));
            server.kill();
            assertThatThrownBy(() -> store.apply(puts(network("meanwhile"))))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("try again later");
            // Reading goes on from memory.
            assertThat(store.snapshot().objects()).hasSize(1);
            server.startAgain();
            assertThat(committed(store, network("after"))).isTrue();
        }
    }

    /** Each change would wait for a minute; a refusal that is known beforehand does not. */
    @Test
    void onceNoMemberAnswersChangesAreRefusedAtOnceAndTheLastRevisionsAreReadFromMemory()
            throws IOException, InterruptedException {
        try (EtcdServer server = EtcdServer.start(directory)) {
            EtcdSettings patient = new EtcdSettings(
                    List.of(server.endpoint()), "/f/", Optional.empty(), Optional.empty(), Duration.ofMinutes(1));
            try (EtcdStore store = EtcdStore.open(patient)) {
                LogicalNetwork network = network("before");
                store.apply(puts(network));
                server.kill();
                assertThatThrownBy(() -> store.deletion(UUID.randomUUID()))
                        .isInstanceOf(StoreUnavailableException.class);
                for (int i = 0; i < 100; i++) {
                    assertThatThrownBy(() -> store.apply(puts(network("meanwhile"))))
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasMessageContaining("nothing was changed");
                    assertThat(store.compacted()).isZero();
                    assertThat(store.changes(0, 10)).hasSize(1);
                    assertThat(store.change(1, network.id())).isPresent();
                }
                server.startAgain();
                assertThat(committed(store, network("after"))).isTrue();
            }
        }
    }

    private static boolean committed(EtcdStore store, LogicalNetwork network) {
        while (true) {
            try {
                return store.apply(puts(network)) instanceof Outcome.Committed;
            } catch (StoreUnavailableException e) {
                assertThat(e).hasMessageContaining("try again later");
            }
        }
    }

    /** kill -9 again and again while four write: what was acknowledged is there, what was refused is not. */
    @Test
    void whatWasAcknowledgedSurvivesKillOfEtcdInMidWrite() throws IOException, InterruptedException {
        Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
        Set<UUID> refused = ConcurrentHashMap.newKeySet();
        AtomicBoolean stop = new AtomicBoolean();
        try (EtcdServer server = EtcdServer.start(directory)) {
            try (EtcdStore store = EtcdStore.open(settings(server), 10_000, Clock.systemUTC())) {
                List<Thread> writers = List.of(
                        writer(store, stop, acknowledged, refused), writer(store, stop, acknowledged, refused),
                        writer(store, stop, acknowledged, refused), writer(store, stop, acknowledged, refused));
                for (int round = 1; round <= 3; round++) {
                    awaitCount(acknowledged, 200 * round);
                    server.kill();
                    server.startAgain();
                }
                awaitCount(acknowledged, 800);
                stop.set(true);
                for (Thread thread : writers) {
                    thread.join();
                }
            }
            try (EtcdStore store = EtcdStore.open(settings(server))) {
                assertThat(store.snapshot().objects())
                        .extracting(object -> object.id())
                        .containsAll(acknowledged)
                        .doesNotHaveDuplicates()
                        .noneMatch(refused::contains)
                        .hasSize((int) store.head());
                assertThat(store.changes(0, Integer.MAX_VALUE)).hasSize((int) store.head());
            }
        }
    }

    private static Thread writer(EtcdStore store, AtomicBoolean stop, Set<UUID> acknowledged, Set<UUID> refused) {
        return Thread.startVirtualThread(() -> {
            while (!stop.get()) {
                LogicalNetwork network = network(UUID.randomUUID().toString());
                try {
                    store.apply(puts(network));
                    acknowledged.add(network.id());
                } catch (StoreException e) {
                    if (String.valueOf(e.getMessage()).contains("nothing was changed")) {
                        refused.add(network.id());
                    }
                }
            }
        });
    }

    private static void awaitCount(Set<UUID> set, int count) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (set.size() < count) {
            assertThat(System.nanoTime())
                    .as("%s of %s in time", set.size(), count)
                    .isLessThan(end);
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
    }
}
