package net.nvgate.fabric.store.backup;

import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.puts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import net.nvgate.fabric.store.DumpHeader;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Links;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.RestoreTarget;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreFencedException;
import net.nvgate.fabric.store.StoreSource;
import net.nvgate.fabric.store.StoredObject;
import net.nvgate.fabric.store.etcd.EtcdExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EtcdBackupTest extends BackupContract {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    private final Place one = Places.etcd(ETCD.settings());
    private final Place two = Places.etcd(ETCD.settings());

    @TempDir
    private Path directory;

    @Override
    Place first() {
        return one;
    }

    @Override
    Place second() {
        return two;
    }

    @Test
    void aStoreMovesFromSqliteToEtcd() {
        Place embedded = Places.sqlite(directory);
        move(embedded, first());
        assertThatThrownBy(embedded::open)
                .isInstanceOf(StoreFencedException.class)
                .hasMessageContaining("was moved to etcd at http://127.0.0.1:");
    }

    @Test
    void aStoreMovesFromEtcdToSqliteUnderARunningManager() {
        Place embedded = Places.sqlite(directory);
        try (FabricStore running = first().open()) {
            running.apply(puts(network("before")));
            try (StoreSource source = first().exclusive();
                    RestoreTarget target = embedded.target(false)) {
                StoreTransfer.move(source, target, Instant.EPOCH);
            }
            assertThatThrownBy(() -> running.apply(puts(network("too late"))))
                    .isInstanceOf(StoreFencedException.class)
                    .hasMessageContaining("was moved to SQLite in " + directory);
        }
        try (FabricStore moved = embedded.open()) {
            assertThat(moved.snapshot().objects()).hasSize(1);
            assertThat(moved.apply(puts(network("after")))).isEqualTo(new Outcome.Committed(2));
        }
    }

    @Test
    void aMoveThatFailsLetsTheManagerGoOn(@TempDir Path elsewhere) {
        Place embedded = Places.sqlite(elsewhere);
        try (FabricStore running = first().open()) {
            running.apply(puts(network("before")));
            try (StoreSource source = first().exclusive();
                    RestoreTarget target = embedded.target(false)) {
                // So that there is no place for the object.
                target.begin(new DumpHeader(running.fabricId(), 1, 0, ""));
                target.object(new StoredObject(running.snapshot().objects().getFirst(), Links.NONE));
                target.end();
                assertThatThrownBy(() -> StoreTransfer.move(source, target, Instant.EPOCH))
                        .isInstanceOf(StoreException.class);
            }
            assertThat(running.apply(puts(network("after")))).isEqualTo(new Outcome.Committed(2));
        }
        try (FabricStore unused = embedded.open()) {
            assertThat(unused.head()).isZero();
        }
    }

    @Test
    void aRunningManagerDoesNotWriteToAStoreThatWasReplaced() {
        try (FabricStore running = first().open()) {
            running.apply(puts(network("before")));
            try (StoreSource source = first().shared();
                    RestoreTarget target = first().target(true)) {
                StoreTransfer.restore(source, target);
            }
            assertThatThrownBy(() -> running.apply(puts(network("lost otherwise"))))
                    .isInstanceOf(StoreFencedException.class)
                    .hasMessageContaining("start the manager again");
        }
        try (FabricStore replaced = first().open()) {
            assertThat(replaced.apply(puts(network("after")))).isEqualTo(new Outcome.Committed(2));
        }
    }
}
