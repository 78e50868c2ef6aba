package net.nvgate.fabric.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreRaceTest extends FabricStoreRaceContract {

    @TempDir
    private Path directory;

    @Override
    protected FabricStore open() {
        return SqliteStore.open(directory);
    }
}
