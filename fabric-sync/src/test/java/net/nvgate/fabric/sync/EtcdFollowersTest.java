package net.nvgate.fabric.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.etcd.EtcdExtension;
import net.nvgate.fabric.store.etcd.EtcdSettings;
import net.nvgate.fabric.store.etcd.EtcdStore;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two managers over one etcd: followers of the one that dies go on with the other, at the revision they hold. */
@Timeout(300)
class EtcdFollowersTest {

    @RegisterExtension
    static final EtcdExtension ETCD = new EtcdExtension();

    private static final List<NodeId> NODES = List.of(
            new NodeId(NodeId.Kind.GATEWAY, "gw1"),
            new NodeId(NodeId.Kind.HOST, "host0"),
            new NodeId(NodeId.Kind.HOST, "host1"),
            new NodeId(NodeId.Kind.HOST, "host2"));

    @TempDir
    Path directory;

    private final EtcdSettings settings = ETCD.settings();

    /** A manager without its API. */
    private static final class Manager implements AutoCloseable {
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final FabricStore store;
        final PolicyProjection policy;
        final SyncServer server;
        final LinkProxy link;

        Manager(EtcdSettings settings) throws Exception {
            store = EtcdStore.open(settings);
            policy = new PolicyProjection(store, 10_000, meters);
            server = new SyncServer(
                    new SyncServerConfig("127.0.0.1", 0, SyncFixture.quickLimits()),
                    policy,
                    store.fabricId().toString(),
                    meters);
            server.start();
            link = new LinkProxy(server.address().getPort());
        }

        Address address() {
            return new Address("127.0.0.1", link.port());
        }

        double snapshots() {
            return meters.get("nvgate.sync.snapshots").counter().count();
        }

        /** No word to anybody. */
        void die() throws IOException {
            link.close();
            server.close();
            policy.close();
            store.close();
        }

        @Override
        public void close() throws IOException {
            die();
        }
    }

    @Test
    void followersOfAManagerThatDiesEndEqualWithoutASnapshot() throws Exception {
        Manager a = new Manager(settings);
        Map<NodeId, RecordingTarget> targets = new LinkedHashMap<>();
        List<SyncClient> clients = new ArrayList<>();
        try (Manager b = new Manager(settings);
                TestFabric fabric = new TestFabric(b.store, 1)) {
            List<Host> hosts = new ArrayList<>();
            List<VmSubnet> subnets = new ArrayList<>();
            Gateway gateway = fabric.gateway("gw1", 10);
            for (int n = 0; n < 3; n++) {
                hosts.add(fabric.host("host" + n));
                VmNetwork network = fabric.vmNetwork("network" + n);
                subnets.add(fabric.vmSubnet("subnet" + n, network, "192.168." + n + ".0/24"));
                fabric.attach("attach" + n, network, gateway);
            }
            for (NodeId node : NODES) {
                RecordingTarget target = new RecordingTarget();
                SyncClientConfig config = SyncClientConfig.of(
                                List.of(a.address(), b.address()), node, directory.resolve(node.name()), "test")
                        .withLimits(SyncFixture.quickClientLimits());
                SyncClient client =
                        new SyncClient(config, target, new SyncFixture.FixedState(), new SimpleMeterRegistry());
                client.start();
                clients.add(client);
                targets.put(node, target);
            }
            Random random = new Random(2);
            makeVms(fabric, hosts, subnets, random, "before", 20);
            awaitEqual(b, targets, clients);
            assertThat(targets.values()).allMatch(target -> target.snapshots == 1);

            makeVms(fabric, hosts, subnets, random, "while", 10);
            a.die();
            makeVms(fabric, hosts, subnets, random, "after", 20);
            awaitEqual(b, targets, clients);
            assertThat(clients).allMatch(client -> client.state().connected());
            assertThat(targets.values()).allMatch(target -> target.snapshots == 1);
            assertThat(a.snapshots() + b.snapshots()).isEqualTo(NODES.size());
        } finally {
            clients.forEach(SyncClient::close);
        }
    }

    private static void makeVms(
            TestFabric fabric, List<Host> hosts, List<VmSubnet> subnets, Random random, String name, int count) {
        FabricManager manager = fabric.manager;
        for (int n = 0; n < count; n++) {
            Host host = hosts.get(random.nextInt(hosts.size()));
            VmSubnet subnet = subnets.get(random.nextInt(subnets.size()));
            manager.create(TestFabric.vmSpec(name + n, host, subnet, ""));
        }
    }

    private static void awaitEqual(Manager manager, Map<NodeId, RecordingTarget> targets, List<SyncClient> clients) {
        long head = manager.store.head();
        Await.until(
                () -> "all at " + head + ": "
                        + clients.stream().map(SyncClient::state).toList(),
                () -> clients.stream().allMatch(client -> client.state().revision() >= head));
        // They may follow the other manager.
        Await.until("policy at " + head, () -> manager.policy.revision() >= head);
        targets.forEach((node, target) -> assertThat(target.policy())
                .as("policy of " + node)
                .containsExactlyInAnyOrderElementsOf(
                        manager.policy.snapshot(node).objects()));
    }
}
