package net.nvgate.fabric.store.backup;

import java.nio.file.Path;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.RestoreTarget;
import net.nvgate.fabric.store.SqliteRestore;
import net.nvgate.fabric.store.SqliteSource;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.store.StoreSource;
import net.nvgate.fabric.store.etcd.EtcdRestore;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import net.nvgate.fabric.store.etcd.EtcdSource;
import net.nvgate.fabric.store.etcd.EtcdStore;

/** Places of both kinds. */
final class Places {

    private Places() {}

    static BackupContract.Place sqlite(Path directory) {
        return new BackupContract.Place() {
            @Override
            public FabricStore open() {
                return SqliteStore.open(directory);
            }

            @Override
            public StoreSource shared() {
                return SqliteSource.shared(directory);
            }

            @Override
            public StoreSource exclusive() {
                return SqliteSource.exclusive(directory);
            }

            @Override
            public RestoreTarget target(boolean replace) {
                return SqliteRestore.into(directory, replace);
            }
        };
    }

    static BackupContract.Place etcd(EtcdSettings settings) {
        return new BackupContract.Place() {
            @Override
            public FabricStore open() {
                return EtcdStore.open(settings);
            }

            @Override
            public StoreSource shared() {
                return EtcdSource.open(settings);
            }

            @Override
            public StoreSource exclusive() {
                return EtcdSource.open(settings);
            }

            @Override
            public RestoreTarget target(boolean replace) {
                return EtcdRestore.into(settings, replace);
            }
        };
    }
}
