package net.nvgate.fabric.manager;

import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.etcd.EtcdExtension;
import net.nvgate.fabric.store.etcd.EtcdStore;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Batches on a fabric that is kept in etcd. */
class EtcdBatchTest extends BatchTest {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    @Override
    FabricStore newStore() {
        return EtcdStore.open(ETCD.settings());
    }
}
