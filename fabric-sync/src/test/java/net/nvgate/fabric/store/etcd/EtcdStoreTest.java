package net.nvgate.fabric.store.etcd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.Client;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.FabricStoreContract;
import net.nvgate.fabric.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EtcdStoreTest extends FabricStoreContract {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    private final EtcdSettings settings = ETCD.settings();

    @Override
    protected FabricStore open() {
        return EtcdStore.open(settings);
    }

    @Test
    void aStoreOfANewerVersionIsRefused() throws ExecutionException, InterruptedException {
        EtcdSettings other = ETCD.settings();
        EtcdRoot newer = new EtcdRoot(EtcdRoot.SCHEMA + 1, UUID.randomUUID(), 1);
        try (Client client = EtcdClients.connect(other, other.endpoints().getFirst())) {
            client.getKVClient()
                    .put(EtcdKeys.root(other.prefix()), newer.encode())
                    .get();
        }
        assertThatThrownBy(() -> EtcdStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("schema version 2");
    }

    @Test
    void anythingElseUnderThePrefixIsRefused() throws ExecutionException, InterruptedException {
        EtcdSettings other = ETCD.settings();
        try (Client client = EtcdClients.connect(other, other.endpoints().getFirst())) {
            client.getKVClient()
                    .put(EtcdKeys.root(other.prefix()), EtcdKeys.bytes("hello"))
                    .get();
        }
        assertThatThrownBy(() -> EtcdStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("this is no fabric: hello");
    }
}
