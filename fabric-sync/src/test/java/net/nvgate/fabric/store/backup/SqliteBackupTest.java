package net.nvgate.fabric.store.backup;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteBackupTest extends BackupContract {

    @TempDir
    private Path one;

    @TempDir
    private Path two;

    @Override
    Place first() {
        return Places.sqlite(one);
    }

    @Override
    Place second() {
        return Places.sqlite(two);
    }

    @Test
    void aStoreThatAManagerHasOpenIsNeitherMovedNorReplaced() {
        try (FabricStore _ = first().open()) {
            assertThatThrownBy(() -> first().exclusive())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("open in another process");
            assertThatThrownBy(() -> first().target(true))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("open in another process");
        }
    }
}
