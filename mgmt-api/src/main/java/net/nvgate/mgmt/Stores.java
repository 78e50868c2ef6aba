package net.nvgate.mgmt;

import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.store.SqlitePlace;
import net.nvgate.fabric.store.StorePlace;
import net.nvgate.fabric.store.etcd.EtcdPlace;
import net.nvgate.mgmt.api.StoreAdmin;
import net.nvgate.mgmt.config.EtcdConfig;
import net.nvgate.mgmt.config.ManagerConfig;

/** The places for a store that a configuration names. */
final class Stores {

    private Stores() {}

    /** Of the store in use. */
    static StorePlace place(ManagerConfig config) {
        return place(config, StoreAdmin.Type.valueOf(config.store().type().name()));
    }

    /** @throws ConfigException if the configuration does not say where etcd is */
    static StorePlace place(ManagerConfig config, StoreAdmin.Type type) {
        return switch (type) {
            case SQLITE -> new SqlitePlace(config.stateDirectory());
            case ETCD ->
                new EtcdPlace(config.store()
                        .etcd()
                        .map(EtcdConfig::settings)
                        .orElseThrow(() -> new ConfigException("store.etcd", "store.etcd is required")));
        };
    }
}
