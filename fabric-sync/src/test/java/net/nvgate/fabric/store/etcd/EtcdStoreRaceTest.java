package net.nvgate.fabric.store.etcd;

import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.FabricStoreRaceContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class EtcdStoreRaceTest extends FabricStoreRaceContract {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    private final EtcdSettings settings = ETCD.settings();

    @Override
    protected FabricStore open() {
        return EtcdStore.open(settings);
    }
}
