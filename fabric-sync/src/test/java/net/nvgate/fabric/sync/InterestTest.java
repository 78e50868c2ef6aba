package net.nvgate.fabric.sync;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyProjection;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.testing.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host is told of the VM networks of its VMs, a gateway of those it serves, and neither of others. */
@Timeout(300)
class InterestTest {

    private static final int NETWORKS = 4;

    @TempDir
    Path directory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<SyncClient> clients = new ArrayList<>();
    private final List<VmNetwork> networks = new ArrayList<>();
    private final List<VmSubnet> subnets = new ArrayList<>();
    private FabricStore store;
    private TestFabric fabric;
    private PolicyProjection policy;
    private SyncServer server;
    private Host host1;
    private Host host2;

    /** Networks 0 and 1 have VMs on both hosts and gateway gw1, 2 only on host2 and gw2, 3 nowhere. */
    @BeforeEach
    void start() throws Exception {
        store = SqliteStore.open(directory.resolve("store"));
        fabric = new TestFabric(store, 1);
        host1 = fabric.host("host1");
        host2 = fabric.host("host2");
        Gateway gw1 = fabric.gateway("gw1", 10);
        Gateway gw2 = fabric.gateway("gw2", 10);
        for (int n = 0; n < NETWORKS; n++) {
            networks.add(fabric.vmNetwork("network" + n));
            subnets.add(fabric.vmSubnet("subnet" + n, networks.get(n), "192.168." + n + ".0/24"));
            fabric.attach("attach" + n, networks.get(n), n < 2 ? gw1 : gw2);
        }
        for (int n = 0; n < 2; n++) {
            fabric.vm("a" + n, host1, subnets.get(n));
            fabric.vm("b" + n, host2, subnets.get(n));
        }
        for (int n = 0; n < 20; n++) {
            fabric.vm("c" + n, host2, subnets.get(2));
        }
        policy = new PolicyProjection(store, 1000, meters);
        server = new SyncServer(
                new SyncServerConfig("127.0.0.1", 0, SyncFixture.quickLimits()),
                policy,
                store.fabricId().toString(),
                meters);
        server.start();
    }

    @AfterEach
    void stop() {
        clients.forEach(SyncClient::close);
        server.close();
        policy.close();
        fabric.close();
        store.close();
    }

    private RecordingTarget follow(NodeId node) throws Exception {
        RecordingTarget target = new RecordingTarget();
        SyncClientConfig config = SyncClientConfig.of(
                        "127.0.0.1", server.address().getPort(), node, directory.resolve(node.name()), "test")
                .withLimits(SyncFixture.quickClientLimits());
        SyncClient client = new SyncClient(config, target, new SyncFixture.FixedState(), new SimpleMeterRegistry());
        client.start();
        clients.add(client);
        awaitLevel(node, target);
        return target;
    }

    private void awaitLevel(NodeId node, RecordingTarget target) {
        long head = store.head();
        Await.until(
                () -> node + " at " + head,
                () -> server.find(node)
                        .map(follower -> follower.connected() && follower.appliedRevision() >= head)
                        .orElse(false));
        assertThat(target.policy())
                .containsExactlyInAnyOrderElementsOf(policy.snapshot(node).objects());
    }

    private static NodeId host(String name) {
        return new NodeId(NodeId.Kind.HOST, name);
    }

    /** Routing domains that a policy says anything of. */
    private static Set<UUID> domains(RecordingTarget target) {
        Set<UUID> rdids = new TreeSet<>();
        for (PolicyObject object : target.policy()) {
            switch (object) {
                case PolicyObject.LookupRecord record -> rdids.add(record.rdid());
                case PolicyObject.CustomerRoute route -> rdids.add(route.rdid());
                case PolicyObject.RoutingDomain domain -> rdids.add(domain.rdid());
                case PolicyObject.VirtualSubnet subnet -> rdids.add(subnet.rdid());
                case PolicyObject.VirtualPort port -> rdids.add(port.rdid());
                case PolicyObject.TenantSettings settings -> rdids.add(settings.rdid());
                default -> {}
            }
        }
        return rdids;
    }

    private Set<UUID> domains(int... numbers) {
        Set<UUID> rdids = new TreeSet<>();
        for (int n : numbers) {
            rdids.add(networks.get(n).rdid());
        }
        return rdids;
    }

    private static long records(RecordingTarget target, VmNetwork network) {
        return target.policy().stream()
                .filter(object -> object instanceof PolicyObject.LookupRecord record
                        && record.rdid().equals(network.rdid()))
                .count();
    }

    @Test
    void everyNodeGetsItsOwnNetworksAndNoOthers() throws Exception {
        assertThat(domains(follow(host("host1")))).isEqualTo(domains(0, 1));
        assertThat(domains(follow(host("host2")))).isEqualTo(domains(0, 1, 2));
        assertThat(domains(follow(new NodeId(NodeId.Kind.GATEWAY, "gw1")))).isEqualTo(domains(0, 1));
        assertThat(domains(follow(new NodeId(NodeId.Kind.GATEWAY, "gw2")))).isEqualTo(domains(2, 3));
    }

    @Test
    void firstVmOfANetworkBringsItsRecordsInOneDeltaAndTheLastTakesThem() throws Exception {
        RecordingTarget target = follow(host("host1"));
        int before = target.deltas;
        assertThat(records(target, networks.get(2))).isZero();

        Vm vm = fabric.vm("late", host1, subnets.get(2));
        awaitLevel(host("host1"), target);
        assertThat(target.deltas).isEqualTo(before + 1);
        assertThat(domains(target)).isEqualTo(domains(0, 1, 2));
        // 21 VMs, the default gateway, the gateway and its own router.
        assertThat(records(target, networks.get(2))).isGreaterThanOrEqualTo(22);

        fabric.manager.run(new Operation.Move(vm.id(), host2.id()));
        awaitLevel(host("host1"), target);
        assertThat(target.deltas).isEqualTo(before + 2);
        assertThat(domains(target)).isEqualTo(domains(0, 1));
        assertThat(target.snapshots).isEqualTo(1);
    }

    @Test
    void whatConcernsOthersCostsANodeNothing() throws Exception {
        RecordingTarget target = follow(host("host1"));
        int before = target.deltas;
        double bytes = meters.get("nvgate.sync.deltas").counter().count();
        for (int n = 0; n < 10; n++) {
            Vm vm = fabric.vm("other" + n, host2, subnets.get(2));
            fabric.manager.run(new Operation.Delete(Kind.VM, vm.id()));
        }
        fabric.make(Kind.HOST, named("host3") + field("hostType", "LINUX_OVS") + field("paPoolId", fabric.paPool.id()));
        awaitLevel(host("host1"), target);
        assertThat(target.deltas).isEqualTo(before);
        assertThat(meters.get("nvgate.sync.deltas").counter().count()).isEqualTo(bytes);
    }
}
