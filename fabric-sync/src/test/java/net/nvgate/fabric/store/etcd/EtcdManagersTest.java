package net.nvgate.fabric.store.etcd;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.puts;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several managers over one etcd. */
@Timeout(300)
class EtcdManagersTest {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    private final EtcdSettings settings = ETCD.settings();

    /** Notes what a watch tells, and fails on a gap. */
    private static final class Follower implements FabricStore.Listener {

        private final List<RevisionChanges> seen = new ArrayList<>();
        private final CountDownLatch end;
        private final long last;

        Follower(long last) {
            this.last = last;
            end = new CountDownLatch(1);
        }

        @Override
        public void onRevision(RevisionChanges changes) {
            assertThat(changes.revision()).isEqualTo(seen.size() + 1L);
            seen.add(changes);
            if (changes.revision() == last) {
                end.countDown();
            }
        }

        @Override
        public void onLost(StoreException reason) {
            throw reason;
        }

        List<RevisionChanges> await() throws InterruptedException {
            assertThat(end.await(120, TimeUnit.SECONDS)).isTrue();
            return seen;
        }
    }

    @Test
    void twoManagersHandOutNothingTwiceAndBothSeeEverything() throws InterruptedException {
        try (EtcdStore firstStore = EtcdStore.open(settings);
                EtcdStore secondStore = EtcdStore.open(settings);
                TestFabric fabric = new TestFabric(firstStore, 1);
                FabricManager second = new FabricManager(secondStore, new Random(2), new SimpleMeterRegistry())) {
            TestFabric.awaitRevision(second, firstStore.head());
            List<FabricManager> managers = List.of(fabric.manager, second);
            Set<Object> addresses = ConcurrentHashMap.newKeySet();
            Set<Object> vsids = ConcurrentHashMap.newKeySet();
            List<Thread> writers = new ArrayList<>();
            for (int w = 0; w < 8; w++) {
                FabricManager manager = managers.get(w % 2);
                String name = "w" + w + "-";
                writers.add(Thread.startVirtualThread(() -> {
                    for (int i = 0; i < 10; i++) {
                        Host host = (Host) make(
                                manager,
                                Kind.HOST,
                                named(name + i)
                                        + field("hostType", "LINUX_OVS")
                                        + field("paPoolId", fabric.paPool.id()));
                        assertThat(addresses.add(host.providerAddress())).isTrue();
                        FabricObject network = make(
                                manager,
                                Kind.VM_NETWORK,
                                named(name + i) + field("logicalNetworkId", fabric.paNetwork.id()));
                        VmSubnet made = (VmSubnet) make(
                                manager,
                                Kind.VM_SUBNET,
                                named(name + i)
                                        + field("vmNetworkId", network.id())
                                        + field("prefix", "192.168.1.0/24"));
                        assertThat(vsids.add(made.vsid())).isTrue();
                    }
                }));
            }
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(addresses).hasSize(80);
            assertThat(vsids).hasSize(80);
            long last = Math.max(firstStore.head(), secondStore.head());
            Follower one = new Follower(last);
            Follower two = new Follower(last);
            TestFabric.awaitRevision(fabric.manager, last);
            TestFabric.awaitRevision(second, last);
            firstStore.watch(0, one);
            secondStore.watch(0, two);
            assertThat(one.await()).isEqualTo(two.await()).hasSize((int) last);
        }
    }

    /** As the API does. */
    private static FabricObject make(FabricManager manager, Kind kind, String members) {
        FabricSpec<?> spec = FabricJson.read("{" + members + "}", FabricSpec.type(kind));
        return manager.create(spec);
    }

    @Test
    void aWatchGoesOnOverCompactionOfEtcd() throws InterruptedException, ExecutionException {
        try (EtcdStore writer = EtcdStore.open(settings);
                EtcdStore reader = EtcdStore.open(settings);
                Client client =
                        EtcdClients.connect(settings, settings.endpoints().getFirst())) {
            Follower follower = new Follower(30);
            reader.watch(0, follower);
            for (int i = 1; i <= 30; i++) {
                writer.apply(puts(network("n" + i)));
                long revision = client.getKVClient()
                        .get(EtcdKeys.root(settings.prefix()))
                        .get()
                        .getHeader()
                        .getRevision();
                client.getKVClient().compact(revision).get();
            }
            assertThat(follower.await()).hasSize(30);
        }
        // Nothing but present values is left in etcd, and they are enough.
        try (EtcdStore again = EtcdStore.open(settings)) {
            assertThat(again.snapshot().objects()).hasSize(30);
            assertThat(again.changes(0, 100)).hasSize(30);
        }
    }

    /** The second is opened between any two steps in which the first brings keys of objects up to the log. */
    @Test
    void aManagerThatStartsFindsWhatKeysDoNotHaveYetInTheLog() {
        try (EtcdStore writer = EtcdStore.open(settings)) {
            for (int i = 1; i <= 20; i++) {
                for (int j = 0; j < 20; j++) {
                    writer.apply(puts(network("n" + i + "-" + j)));
                }
                if (i % 5 == 0) {
                    writer.compact(writer.head() - 30);
                }
                try (EtcdStore other = EtcdStore.open(settings)) {
                    assertThat(other.snapshot().objects())
                            .containsExactlyInAnyOrderElementsOf(
                                    writer.snapshot().objects());
                }
            }
        }
    }
}
