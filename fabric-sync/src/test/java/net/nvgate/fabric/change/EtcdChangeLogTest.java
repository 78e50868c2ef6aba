package net.nvgate.fabric.change;

import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.etcd.EtcdExtension;
import net.nvgate.fabric.store.etcd.EtcdStore;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Histories, undo and revert on a fabric that is kept in etcd. */
class EtcdChangeLogTest extends ChangeLogTest {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    @Override
    FabricStore newStore() {
        return EtcdStore.open(ETCD.settings());
    }
}
