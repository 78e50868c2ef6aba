package net.nvgate.fabric.manager;

import java.nio.file.Path;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of one manager have in common: a small datacenter in a SQLite store of its own. */
abstract class SqliteFabric {

    private static final int SEED = 7;

    @TempDir
    Path directory;

    FabricStore store;
    TestFabric fabric;

    @BeforeEach
    final void openFabric() {
        store = SqliteStore.open(directory);
        fabric = new TestFabric(store, SEED);
    }

    @AfterEach
    final void closeFabric() {
        fabric.close();
        store.close();
    }
}
