package net.nvgate.fabric.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.manager.FabricSpec.LogicalNetworkSpec;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.store.FaultyStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.fabric.store.Transaction.Put;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers are told, and what comes after, when the store fails. */
@Timeout(300)
class StoreFailureTest {

    @TempDir
    private Path directory;

    private FaultyStore store;

    @BeforeEach
    void open() {
        store = new FaultyStore(SqliteStore.open(directory));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private FabricManager manager() {
        return new FabricManager(store, new Random(1), new SimpleMeterRegistry());
    }

    private static LogicalNetworkSpec network(String name) {
        return new LogicalNetworkSpec(
                new SpecMeta(name, ""), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void theModelIsReadAgainUntilThatSucceeds() {
        try (FabricManager manager = manager()) {
            store.loseWatch(3);
            manager.create(network("first"));
            manager.create(network("second"));
            assertThat(manager.trouble()).isEmpty();
            assertThat(manager.revision()).isEqualTo(store.head());
            assertThat(manager.count(Kind.LOGICAL_NETWORK)).isEqualTo(2);
            assertThat(manager.count(Kind.VM)).isZero();
        }
    }

    @Test
    void troubleIsToldMeanwhileAndClosingDoesNotWaitForItsEnd() throws InterruptedException {
        try (FabricManager lost = manager()) {
            store.loseWatch(Integer.MAX_VALUE);
            UUID id = UUID.randomUUID();
            store.apply(new Transaction(
                    0,
                    List.of(new Put(new LogicalNetwork(Meta.of(id, "unseen", ""), false), Set.of(), Set.of())),
                    Set.of()));
            store.awaitFailures(2);
            assertThat(lost.trouble()).hasValue("the disk does not answer");
            assertThat(lost.revision()).isLessThan(store.head());
        }
    }

    @Test
    void whatIsDurableIsNeverReportedAsRefused() {
        store.fallSilent();
        try (ModelFollower model = new ModelFollower(store, Duration.ofMillis(50))) {
            Commits commits = new Commits(store, model, new PlanRandom(new Random(1)), new SimpleMeterRegistry());
            assertThatThrownBy(() -> commits.run(
                            Origin.SYSTEM, ChangeCheck.NONE, ChangeRequest.of(new Operation.Create(network("late")))))
                    .isInstanceOfSatisfying(FabricException.class, e -> {
                        assertThat(e.code()).isEqualTo(Code.NOT_VISIBLE_YET);
                        assertThat(e.object()).isEqualTo("logical-network");
                    })
                    .hasMessageStartingWith("committed as revision 1, not yet visible here");
        }
        assertThat(store.head()).isEqualTo(1);
    }

    @Test
    void aCallerInterruptedAfterItsCommitIsToldOfTheCommit() {
        store.fallSilent();
        store.interruptCommitters();
        try (FabricManager manager = manager()) {
            assertThatThrownBy(() -> manager.create(network("late")))
                    .isInstanceOfSatisfying(
                            FabricException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_VISIBLE_YET));
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(store.head()).isEqualTo(1);
    }
}
