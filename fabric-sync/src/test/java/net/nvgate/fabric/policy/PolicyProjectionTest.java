package net.nvgate.fabric.policy;

import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.policy.PolicyObject.LookupRecord.DISTRIBUTED_ROUTER_PA;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.manager.Patch;
import net.nvgate.fabric.manager.TestFabric;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.PolicyObject.CustomerRoute;
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.ExternalRoute;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.policy.PolicyObject.ProviderRoute;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.fabric.store.FaultyStore;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.store.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The forms of records and routes, and who gets them, on one small tenant. */
@Timeout(60)
class PolicyProjectionTest {

    private static final IpPrefix ANY = IpPrefix.parse("0.0.0.0/0");
    private static final IpAddress ON_LINK = ip("0.0.0.0");

    /** A revision and the nodes it touched. */
    private record Event(long revision, Set<NodeId> touched) {}

    @TempDir
    private Path directory;

    private FaultyStore store;
    private TestFabric fabric;
    private PolicyProjection projection;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    private Gateway gateway;
    private Host host1;
    private Host host2;
    private VmNetwork blue;
    private VmSubnet web;
    private VmNetworkGateway attached;
    private Vm vm;

    @BeforeEach
    void buildTenant() throws InterruptedException {
        store = new FaultyStore(SqliteStore.open(directory));
        projection = new PolicyProjection(store, 1000, new SimpleMeterRegistry());
        projection.subscribe((revision, touched) -> events.add(new Event(revision, touched)));
        fabric = new TestFabric(store, 1);
        gateway = fabric.gateway("gw", 50);
        host1 = fabric.host("h1");
        host2 = fabric.host("h2");
        blue = fabric.vmNetwork("blue");
        web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        attached = fabric.attach("blue-gw", blue, gateway);
        vm = fabric.vm("vm1", host1, web);
        settle();
    }

    @AfterEach
    void close() {
        projection.close();
        fabric.close();
        store.close();
    }

    @Test
    void lostPolicyIsComputedAgainUntilThatSucceeds() throws InterruptedException {
        fabric.close();
        store.loseWatch(3);
        store.apply(new Transaction(
                store.head(),
                List.of(new Transaction.Put(
                        new LogicalNetwork(UUID.randomUUID(), "new", "", false, 0, 0), Set.of(), Set.of())),
                Set.of()));
        Event again = settle();
        assertThat(again.touched()).contains(host("h1"), host("h2"), gw());

        store.apply(new Transaction(
                store.head(),
                List.of(new Transaction.Put(
                        new LogicalNetwork(UUID.randomUUID(), "newer", "", false, 0, 0), Set.of(), Set.of())),
                Set.of()));
        settle();
        assertThat(projection.trouble()).isEmpty();
        assertThat(projection.revision()).isEqualTo(store.head());
    }

    /** Waits for the projection to reach the store's head; returns the last revision's event. */
    private Event settle() throws InterruptedException {
        Event event = new Event(-1, Set.of());
        while (event.revision() < store.head()) {
            Event next = events.poll(20, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            assertThat(event.revision() < 0 || next.revision() == event.revision() + 1)
                    .isTrue();
            event = next;
        }
        return event;
    }

    private static NodeId host(String name) {
        return new NodeId(NodeId.Kind.HOST, name);
    }

    private static NodeId gw() {
        return new NodeId(NodeId.Kind.GATEWAY, "gw");
    }

    private LookupRecord record(Vsid vsid, IpAddress ca, MacAddress mac, IpAddress pa, String name) {
        return new LookupRecord(blue.rdid(), vsid, ca, mac, pa, LookupRecord.Type.STATIC, name);
    }

    private List<PolicyObject> shared(Vm machine, Host on) {
        UUID rdid = blue.rdid();
        Vm.Nic nic = machine.nics().getFirst();
        return List.of(
                new RoutingDomain(rdid, "blue"),
                new VirtualSubnet(rdid, web.vsid(), web.prefix(), false, "web"),
                new VirtualSubnet(rdid, attached.vsid(), attached.routingSubnet(), true, "blue-gw"),
                record(web.vsid(), nic.address(), nic.mac(), on.providerAddress(), machine.name()),
                record(web.vsid(), web.defaultGateway(), web.defaultGatewayMac(), DISTRIBUTED_ROUTER_PA, ""),
                record(attached.vsid(), attached.address(), attached.mac(), gateway.providerAddress(), "blue-gw"),
                record(attached.vsid(), attached.routerAddress(), attached.routerMac(), DISTRIBUTED_ROUTER_PA, ""),
                new CustomerRoute(rdid, web.vsid(), web.prefix(), ON_LINK, 255),
                new CustomerRoute(rdid, attached.vsid(), attached.routingSubnet(), ON_LINK, 255),
                new CustomerRoute(rdid, attached.vsid(), ANY, attached.address(), 255));
    }

    private static List<PolicyObject> with(List<PolicyObject> some, PolicyObject... more) {
        List<PolicyObject> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    private VirtualPort port(Vm machine) {
        Vm.Nic nic = machine.nics().getFirst();
        return new VirtualPort(
                nic.id(), machine.name(), blue.rdid(), web.vsid(), nic.mac(), List.of(nic.address()), 1458);
    }

    private PolicyObject[] backEnd(IpAddress pa) {
        return new PolicyObject[] {new ProviderAddress(pa, 24, 0), new ProviderRoute(ANY, ip("10.10.0.254"), 255)};
    }

    @Test
    void aGatewayGetsItsTenantsWithTheWildcardAndNat() throws InterruptedException {
        NatConnection nat = fabric.nat("nat", attached);
        NatRule rule = fabric.rule("rule", nat, 8080, "192.168.1.2");
        assertThat(settle().touched()).containsExactly(gw());
        List<PolicyObject> expected = with(shared(vm, host1), backEnd(gateway.providerAddress()));
        expected = with(
                expected,
                new LookupRecord(
                        blue.rdid(),
                        attached.vsid(),
                        ip("0.0.0.0"),
                        attached.mac(),
                        gateway.providerAddress(),
                        LookupRecord.Type.GATEWAY_WILDCARD,
                        "blue-gw"),
                new ExternalAddress(gateway.externalAddress(), 24, 0),
                new ExternalRoute(ANY, ip("203.0.113.1"), 255),
                new PolicyObject.NatConnection(nat.id(), blue.rdid(), nat.externalAddress(), 1024, 65535),
                new PolicyObject.NatRule(
                        rule.id(), nat.id(), PolicyObject.NatRule.Protocol.TCP, 8080, ip("192.168.1.2"), 8080));
        assertThat(projection.snapshot(gw()).objects()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aHostKnowsATenantAsLongAsItHasAPortOfIt() throws InterruptedException {
        assertThat(projection.snapshot(host("h1")).objects())
                .containsExactlyInAnyOrderElementsOf(
                        with(with(shared(vm, host1), backEnd(host1.providerAddress())), port(vm)));
        assertThat(projection.snapshot(host("h2")).objects())
                .containsExactlyInAnyOrder(backEnd(host2.providerAddress()));
        long before = projection.revision();

        Vm moved = fabric.manager.moveVm(vm.id(), host2.id());
        Event event = settle();
        assertThat(event.revision()).isEqualTo(before + 1);
        assertThat(event.touched()).containsExactlyInAnyOrder(gw(), host("h1"), host("h2"));
        assertThat(projection.snapshot(host("h1")).objects())
                .containsExactlyInAnyOrder(backEnd(host1.providerAddress()));
        assertThat(projection.snapshot(host("h2")).objects())
                .containsExactlyInAnyOrderElementsOf(
                        with(with(shared(moved, host2), backEnd(host2.providerAddress())), port(moved)));
        Vm.Nic nic = moved.nics().getFirst();
        assertThat(projection.since(gw(), before).orElseThrow().changes())
                .containsExactly(new PolicyChange.Put(
                        record(web.vsid(), nic.address(), nic.mac(), host2.providerAddress(), "vm1")));
    }

    @Test
    void oneVmTouchesOnlyTheNodesOfItsDomain() throws InterruptedException {
        VmNetwork red = fabric.vmNetwork("red");
        VmSubnet subnet = fabric.vmSubnet("red", red, "192.168.1.0/24");
        fabric.vm("red-vm", host2, subnet);
        assertThat(settle().touched()).containsExactly(host("h2"));
        fabric.vm("vm2", host1, web);
        assertThat(settle().touched()).containsExactlyInAnyOrder(host("h1"), gw());
        fabric.manager.patch(Kind.VM, vm.id(), Patch.read("{\"description\":\"no policy in this\"}"));
        assertThat(settle().touched()).isEmpty();
    }

    @Test
    void aRenamedNodeStartsFromASnapshot() throws InterruptedException {
        long before = projection.revision();
        fabric.manager.patch(Kind.HOST, host1.id(), Patch.read("{\"name\":\"h9\"}"));
        assertThat(settle().touched()).contains(host("h1"), host("h9"));
        assertThat(projection.knows(host("h1"))).isFalse();
        assertThat(projection.since(host("h1"), before)).isEmpty();
        assertThat(projection.since(host("h9"), before)).isEmpty();
        assertThat(projection.since(host("h9"), before + 1)).isPresent();
        assertThat(projection.snapshot(host("h9")).objects()).contains(port(vm));
    }

    @Test
    void nobodyCatchesUpFromTheFutureOrFromBeyondHistory() {
        assertThat(projection.since(gw(), projection.revision() + 1)).isEmpty();
        try (PolicyProjection shortMemory = new PolicyProjection(store, 2, new SimpleMeterRegistry())) {
            long head = shortMemory.revision();
            assertThat(shortMemory.since(gw(), head)).contains(new PolicySource.Catchup(head, List.of()));
            assertThat(shortMemory.since(gw(), head - 2)).isPresent();
            assertThat(shortMemory.since(gw(), head - 3)).isEmpty();
        }
    }

    @Test
    void aCompactedStoreGivesThePolicyButNoHistory() {
        store.compact(store.head());
        try (PolicyProjection later = new PolicyProjection(store, 1000, new SimpleMeterRegistry())) {
            assertThat(later.snapshot(gw()).objects())
                    .containsExactlyInAnyOrderElementsOf(
                            projection.snapshot(gw()).objects());
            assertThat(later.since(gw(), later.revision() - 1)).isEmpty();
        }
    }
}
