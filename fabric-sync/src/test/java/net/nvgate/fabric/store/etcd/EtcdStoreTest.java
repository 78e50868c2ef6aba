package net.nvgate.fabric.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.store.DumpHeader;
import net.nvgate.fabric.store.DumpSink;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.FabricStoreContract;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreUnavailableException;
import net.nvgate.fabric.store.StoredObject;
import net.nvgate.fabric.store.TestObjects;
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
        EtcdRoot newer = new EtcdRoot(EtcdRoot.SCHEMA + 1, UUID.randomUUID(), 1, "");
        try (Client client = EtcdClients.connect(other, other.endpoints().getFirst())) {
            client.getKVClient()
                    .put(EtcdKeys.root(other.prefix()), newer.encode())
                    .get();
        }
        assertThatThrownBy(() -> EtcdStore.open(other))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("schema version 2");
    }

    /** What an older version wrote has no keys of deletions; they are made from its log. */
    @Test
    void deletionsInAStoreOfAnOlderVersionAreFound() throws ExecutionException, InterruptedException {
        EtcdSettings other = ETCD.settings();
        LogicalNetwork network = TestObjects.network("net");
        long generation;
        try (FabricStore store = EtcdStore.open(other)) {
            store.apply(TestObjects.puts(network));
            store.apply(TestObjects.delete(TestObjects.at(network, 1, 1)));
            store.apply(TestObjects.puts(TestObjects.network("x")));
            store.compact(0);
        }
        try (Client client = EtcdClients.connect(other, other.endpoints().getFirst())) {
            generation = EtcdRoot.decode(client.getKVClient()
                            .get(EtcdKeys.root(other.prefix()))
                            .get()
                            .getKvs()
                            .getFirst()
                            .getValue())
                    .generation();
            EtcdKeys keys = new EtcdKeys(other.prefix(), generation);
            client.getKVClient().put(keys.applied(), EtcdKeys.bytes("3")).get();
            client.getKVClient().delete(keys.object(network.id())).get();
            client.getKVClient().delete(keys.deletion(network.id())).get();
            client.getKVClient().delete(keys.deletionsKept()).get();
        }
        try (FabricStore store = EtcdStore.open(other)) {
            assertThat(deletion(store, network)).hasValue(2L);
            assertThat(store.deletion(UUID.randomUUID())).isEmpty();
        }
    }

    private static Optional<Long> deletion(FabricStore store, LogicalNetwork network) {
        while (true) {
            try {
                return store.deletion(network.id());
            } catch (StoreUnavailableException e) {
                assertThat(e).hasMessageContaining("try again later");
            }
        }
    }

    /** A copy may take longer than etcd keeps old values. */
    @Test
    void whileTheStoreIsCopiedEtcdsHistoryIsHeld() {
        EtcdSettings other = ETCD.settings();
        EtcdStore.open(other).close();
        try (EtcdSource source = EtcdSource.open(other);
                EtcdConnection connection = new EtcdConnection(other)) {
            EtcdKeys keys = source.keys();
            List<Boolean> held = new ArrayList<>();
            source.copyTo(new DumpSink() {
                @Override
                public void begin(DumpHeader header) {
                    held.add(EtcdHold.any(connection, keys));
                }

                @Override
                public void object(StoredObject object) {
                    throw new IllegalStateException("it is empty");
                }

                @Override
                public void guard(String name, long revision) {
                    throw new IllegalStateException("it is empty");
                }

                @Override
                public void revision(RevisionChanges changes) {
                    throw new IllegalStateException("it is empty");
                }

                @Override
                public void end() {
                    held.add(EtcdHold.any(connection, keys));
                }
            });
            assertThat(held).containsExactly(true, true);
            assertThat(EtcdHold.any(connection, keys)).isFalse();
        }
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
