package net.nvgate.fabric.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.store.DumpHeader;
import net.nvgate.fabric.store.DumpSink;
import net.nvgate.fabric.store.DumpSource;
import net.nvgate.fabric.store.Links;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoredObject;
import net.nvgate.fabric.store.TestObjects;
import net.nvgate.fabric.store.UniqueKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup that cannot be read again must not be taken for one. */
class BackupFileTest {

    /** Two keys that differ here, and are one in UTF-8. */
    private record Unencodable() implements DumpSource {

        @Override
        public void copyTo(DumpSink sink) {
            sink.begin(new DumpHeader(UUID.randomUUID(), 0, 0, ""));
            sink.object(object("\ud800"));
            sink.object(object("\udc00"));
            sink.end();
        }

        private static StoredObject object(String key) {
            return new StoredObject(
                    TestObjects.network("network"), new Links(Set.of(new UniqueKey("name", key)), Set.of()));
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    @Test
    void aBackupThatCannotBeReadAgainIsNotThere(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("fabric.backup");
        assertThatThrownBy(() -> BackupFile.write(new Unencodable(), file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("two objects have");
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
