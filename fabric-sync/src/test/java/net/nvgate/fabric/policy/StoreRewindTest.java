package net.nvgate.fabric.policy;

import static net.nvgate.fabric.store.TestObjects.at;
import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.puts;
import static net.nvgate.fabric.store.TestObjects.renamed;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.FaultyStore;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manager that starts goes through the log without having more than a piece of it in memory. */
class StoreRewindTest {

    private static final int NETWORKS = 1_000;
    private static final int REVISIONS = 30;

    @TempDir
    private Path directory;

    private FaultyStore store;

    /** Revision 1 makes networks, each later one describes all of them. */
    @BeforeEach
    void fill() {
        try (FabricStore filled = SqliteStore.open(directory)) {
            List<LogicalNetwork> networks = new ArrayList<>();
            for (int i = 0; i < NETWORKS; i++) {
                networks.add(network("n" + i));
            }
            filled.apply(puts(networks.toArray(FabricObject[]::new)));
            for (int revision = 2; revision <= REVISIONS; revision++) {
                long before = revision - 1L;
                networks.replaceAll(network -> renamed(at(network, 1, before), network.name(), "as of " + before));
                filled.apply(puts(networks.toArray(FabricObject[]::new)));
            }
        }
        // Its tail in memory is empty, as after a restart.
        store = new FaultyStore(SqliteStore.open(directory));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<Long> replayed(StoreRewind rewind) {
        List<Long> revisions = new ArrayList<>();
        rewind.replay(store, changes -> revisions.add(changes.revision()));
        return revisions;
    }

    @Test
    void itGoesBackToTheBeginningPieceByPiece() {
        StoreRewind rewind = StoreRewind.of(store, 10_000);
        assertThat(rewind.base()).isZero();
        assertThat(rewind.objects()).isEmpty();
        assertThat(replayed(rewind)).hasSize(REVISIONS).startsWith(1L, 2L).endsWith((long) REVISIONS);
        assertThat(store.largestAnswer()).isLessThan(FabricStore.READ_CHANGES_MAX + NETWORKS);
    }

    /** While later revisions are taken back nobody gets policy, so there may not be too much of them. */
    @Test
    void aDifferenceIsToldAsLongAsLittleCameAfterIt() {
        try (PolicyProjection policy = new PolicyProjection(store, 10, new SimpleMeterRegistry())) {
            int later = PolicyProjection.REWIND_CHANGES_MAX / NETWORKS;
            assertThat(policy.difference(REVISIONS)).isPresent();
            assertThat(policy.difference(REVISIONS - later)).isPresent();
            assertThat(policy.difference(REVISIONS - later - 1)).isEmpty();
        }
    }

    @Test
    void itGoesBackNoFurtherThanIsWorthIt() {
        StoreRewind rewind = StoreRewind.of(store, 10_000, 7 * NETWORKS + 1);
        assertThat(rewind.base()).isEqualTo(REVISIONS - 7);
        assertThat(rewind.objects())
                .hasSize(NETWORKS)
                .allMatch(object -> object.changedRevision() == rewind.base()
                        && object.description().equals("as of " + (rewind.base() - 1)));
        assertThat(replayed(rewind)).hasSize(7);
        assertThat(StoreRewind.of(store, 3).base()).isEqualTo(REVISIONS - 3);
    }
}
