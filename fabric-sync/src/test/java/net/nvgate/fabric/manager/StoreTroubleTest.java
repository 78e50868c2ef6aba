package net.nvgate.fabric.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import net.nvgate.fabric.store.FaultyStore;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreFencedException;
import net.nvgate.fabric.store.StoreUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is refused by the store is told whether it helps to try again. */
class StoreTroubleTest {

    @TempDir
    private Path directory;

    private void refused(FabricException.Code code, StoreException trouble) {
        FaultyStore store = new FaultyStore(SqliteStore.open(directory));
        try (store;
                TestFabric fabric = new TestFabric(store, 7)) {
            store.beforeNextCommit(() -> {
                throw trouble;
            });
            assertThatThrownBy(() -> fabric.vmNetwork("blue")).isInstanceOfSatisfying(FabricException.class, e -> {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e).hasMessageContaining(trouble.getMessage());
            });
        }
    }

    @Test
    void aStoreThatDoesNotAnswerMayAnswerLater() {
        refused(FabricException.Code.STORE_UNAVAILABLE, new StoreUnavailableException("no quorum", null));
    }

    @Test
    void aFencedStoreStaysFenced() {
        refused(FabricException.Code.STORE_FENCED, new StoreFencedException("moved to etcd"));
    }
}
