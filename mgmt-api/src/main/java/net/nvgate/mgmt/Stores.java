package net.nvgate.mgmt;

import java.time.Clock;
import net.nvgate.fabric.config.ConfigException;
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
import net.nvgate.mgmt.config.EtcdConfig;
import net.nvgate.mgmt.config.ManagerConfig;

/** The store that a configuration names. */
final class Stores {

    private Stores() {}

    static FabricStore open(ManagerConfig config) {
        long historyRevisions = config.store().historyRevisions();
        return switch (config.store().type()) {
            case SQLITE -> SqliteStore.open(config.stateDirectory(), historyRevisions, Clock.systemUTC());
            case ETCD -> EtcdStore.open(etcd(config), historyRevisions, Clock.systemUTC());
        };
    }

    /** To read while managers go on. */
    static StoreSource shared(ManagerConfig config) {
        return switch (config.store().type()) {
            case SQLITE -> SqliteSource.shared(config.stateDirectory());
            case ETCD -> EtcdSource.open(etcd(config));
        };
    }

    /** To move away from. */
    static StoreSource exclusive(ManagerConfig config) {
        return switch (config.store().type()) {
            case SQLITE -> SqliteSource.exclusive(config.stateDirectory());
            case ETCD -> EtcdSource.open(etcd(config));
        };
    }

    static RestoreTarget target(ManagerConfig config, boolean replace) {
        return switch (config.store().type()) {
            case SQLITE -> SqliteRestore.into(config.stateDirectory(), replace);
            case ETCD -> EtcdRestore.into(etcd(config), replace);
        };
    }

    private static EtcdSettings etcd(ManagerConfig config) {
        return config.store()
                .etcd()
                .map(EtcdConfig::settings)
                .orElseThrow(() -> new ConfigException("store.etcd", "store.etcd is required"));
    }
}
