package net.nvgate.fabric.change;

import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.etcd.EtcdExtension;
import net.nvgate.fabric.store.etcd.EtcdStore;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dry runs on a fabric that is kept in etcd. */
class EtcdDryRunTest extends DryRunTest {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    @Override
    int batches() {
        return 40;
    }

    @Override
    FabricStore newStore() {
        return EtcdStore.open(ETCD.settings());
    }
}
