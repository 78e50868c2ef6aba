package net.nvgate.fabric.policy;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.named;
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
import net.nvgate.fabric.model.AclAction;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.InterfaceAddress;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.model.Urpf;
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
@Timeout(300)
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
                        new LogicalNetwork(Meta.of(UUID.randomUUID(), "new", ""), false), Set.of(), Set.of())),
                Set.of()));
        Event again = settle();
        assertThat(again.touched()).contains(host("h1"), host("h2"), gw());

        store.apply(new Transaction(
                store.head(),
                List.of(new Transaction.Put(
                        new LogicalNetwork(Meta.of(UUID.randomUUID(), "newer", ""), false), Set.of(), Set.of())),
                Set.of()));
        settle();
        assertThat(projection.trouble()).isEmpty();
        assertThat(projection.revision()).isEqualTo(store.head());
    }

    /** Waits for the projection to reach the store's head; returns the last revision's event. */
    private Event settle() throws InterruptedException {
        Event event = new Event(-1, Set.of());
        while (event.revision() < store.head()) {
            Event next = events.poll(60, TimeUnit.SECONDS);
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
    void routesOfPoolsHaveTheirMetrics() throws InterruptedException {
        NetworkSite site = fabric.site("metrics-site", fabric.paNetwork, "10.11.0.0/24");
        IpPool pool = (IpPool) fabric.make(
                Kind.IP_POOL,
                named("metrics") + field("networkSiteId", site.id()) + field("prefix", "10.11.0.0/24")
                        + ",\"defaultGateways\":[\"10.11.0.253\",\"10.11.0.254\"],"
                        + "\"gatewayMetrics\":[{\"address\":\"10.11.0.253\",\"metric\":10}],"
                        + "\"routes\":[{\"destinationPrefix\":\"10.0.0.0/8\",\"nextHop\":\"10.11.0.9\"}]");
        fabric.make(Kind.HOST, named("h3") + field("hostType", "HYPER_V") + field("paPoolId", pool.id()));
        settle();
        assertThat(projection.snapshot(host("h3")).objects())
                .containsExactlyInAnyOrder(
                        new ProviderAddress(ip("10.11.0.1"), 24, 0),
                        new ProviderRoute(ANY, ip("10.11.0.253"), 10),
                        new ProviderRoute(ANY, ip("10.11.0.254"), 255),
                        new ProviderRoute(IpPrefix.parse("10.0.0.0/8"), ip("10.11.0.9"), 256));
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
    void ipv6OfATenantHasItsRecordsAndRoutes() throws InterruptedException {
        VmSubnet both = fabric.vmSubnet("both", blue, "192.168.2.0/24", field("prefix6", "fd00:2::/64"));
        Vm six = fabric.vm("vm6", host1, both);
        assertThat(settle().touched()).containsExactlyInAnyOrder(host("h1"), gw());
        VmNetworkGateway way = fabric.manager.get(VmNetworkGateway.class, attached.id());
        IpAddress address = way.address6().orElseThrow();
        Vm.Nic nic = six.nics().getFirst();
        UUID rdid = blue.rdid();
        List<PolicyObject> everywhere = List.of(
                new VirtualSubnet(rdid, both.vsid(), IpPrefix.parse("fd00:2::/64"), false, "both"),
                new VirtualSubnet(rdid, way.vsid(), way.routingSubnet6().orElseThrow(), true, "blue-gw"),
                record(both.vsid(), ip("fd00:2::1"), both.defaultGatewayMac(), DISTRIBUTED_ROUTER_PA, ""),
                record(both.vsid(), nic.address6().orElseThrow(), nic.mac(), host1.providerAddress(), "vm6"),
                record(way.vsid(), address, way.mac(), gateway.providerAddress(), "blue-gw"),
                record(way.vsid(), way.routerAddress6().orElseThrow(), way.routerMac(), DISTRIBUTED_ROUTER_PA, ""),
                new CustomerRoute(rdid, both.vsid(), IpPrefix.parse("fd00:2::/64"), ip("::"), 255),
                new CustomerRoute(rdid, way.vsid(), way.routingSubnet6().orElseThrow(), ip("::"), 255),
                new CustomerRoute(rdid, way.vsid(), IpPrefix.parse("::/0"), address, 255));
        LookupRecord wildcard = new LookupRecord(
                rdid,
                way.vsid(),
                ip("::"),
                way.mac(),
                gateway.providerAddress(),
                LookupRecord.Type.GATEWAY_WILDCARD,
                "blue-gw");
        assertThat(projection.snapshot(gw()).objects()).containsAll(everywhere).contains(wildcard);
        assertThat(projection.snapshot(host("h1")).objects())
                .containsAll(everywhere)
                .doesNotContain(wildcard)
                .contains(new VirtualPort(
                        nic.id(), "vm6", rdid, both.vsid(), nic.mac(), List.of(nic.address(), ip("fd00:2::2")), 1458));
    }

    @Test
    void aChangeOfSettingsCostsWhatItTouches() throws InterruptedException {
        NatConnection nat = fabric.nat("nat", attached);
        settle();
        NatConnection changed = fabric.patch(nat, "\"filtering\":\"ADDRESS_DEPENDENT\"");
        assertThat(missed(changed))
                .containsExactly(new PolicyChange.Put(new PolicyObject.NatConnection(
                        nat.id(), blue.rdid(), nat.externalAddress(), 1024, 65535, List.of(), changed.settings())));

        VmNetworkGateway way = fabric.patch(attached, "\"quota\":{\"ports\":9},\"nat64Prefix\":\"64:ff9b::/96\"");
        PolicyObject settings = new PolicyObject.TenantSettings(
                blue.rdid(), new NatQuota(9, 0, 0, 0, 0, 0), DscpMode.UNIFORM, 0, false);
        PolicyObject nat64 = new PolicyObject.Nat64Prefix(blue.rdid(), IpPrefix.parse("64:ff9b::/96"));
        assertThat(missed(way)).containsExactlyInAnyOrder(new PolicyChange.Put(settings), new PolicyChange.Put(nat64));
        way = fabric.patch(way, "\"quota\":null");
        assertThat(missed(way)).containsExactly(new PolicyChange.Remove(settings.key()));

        String hop = vm.nics().getFirst().address().toString();
        way = fabric.patch(
                way,
                "\"routes\":[{\"destinationPrefix\":\"10.8.0.0/16\",\"nextHops\":[\"" + hop
                        + "\"]},{\"destinationPrefix\":\"10.0.0.0/8\",\"blackhole\":true}]");
        assertThat(missed(way))
                .containsExactlyInAnyOrder(
                        new PolicyChange.Put(new CustomerRoute(
                                blue.rdid(), web.vsid(), IpPrefix.parse("10.8.0.0/16"), ip(hop), 255)),
                        new PolicyChange.Put(
                                new PolicyObject.BlackholeRoute(blue.rdid(), IpPrefix.parse("10.0.0.0/8"))));
        assertThat(missed(fabric.patch(web, "\"dhcp\":{\"leaseSeconds\":600}")))
                .containsExactly(new PolicyChange.Put(new PolicyObject.DhcpSubnet(
                        blue.rdid(), web.vsid(), web.defaultGateway(), List.of(), "", 600, 1458)));
    }

    @Test
    void limitsOfThePlanReachTheGatewayAsTheyChange() throws InterruptedException {
        FabricObject cloud = fabric.make(Kind.CLOUD, named("cloud"));
        FabricObject plan = fabric.make(
                Kind.PLAN,
                named("plan") + field("cloudId", cloud.id()) + ",\"limits\":{\"ports\":1000,\"inboundKbps\":5000}");
        FabricObject tenant =
                fabric.make(Kind.SUBSCRIPTION, named("tenant") + field("planId", plan.id()) + field("owner", "tenant"));
        VmNetwork owned = (VmNetwork) fabric.make(
                Kind.VM_NETWORK,
                named("owned")
                        + field("logicalNetworkId", fabric.paNetwork.id())
                        + field("subscriptionId", tenant.id()));
        VmNetworkGateway way = fabric.attach("owned-gw", owned, gateway, ",\"quota\":{\"ports\":400}");
        assertThat(missed(way)).contains(new PolicyChange.Put(settings(owned, 400, 5000)));

        FabricObject less = fabric.patch(plan, "\"limits\":{\"ports\":300}");
        assertThat(missed(less)).containsExactly(new PolicyChange.Put(settings(owned, 300, 5000)));
        FabricObject none = fabric.patch(less, "\"limits\":{\"ports\":null,\"inboundKbps\":null,\"vms\":3}");
        assertThat(missed(none)).containsExactly(new PolicyChange.Put(settings(owned, 400, 0)));
        assertThat(missed(fabric.patch(none, "\"limits\":{\"vms\":4}"))).isEmpty();

        NatConnection nat = fabric.nat("owned-nat", way, ",\"maximumBandwidthOutboundKbps\":77");
        assertThat(missed(nat))
                .containsExactly(new PolicyChange.Put(new PolicyObject.NatConnection(
                        nat.id(),
                        owned.rdid(),
                        nat.externalAddress(),
                        1024,
                        65535,
                        List.of(),
                        nat.settings(),
                        new Bandwidth(0, 77))));
    }

    private static PolicyObject settings(VmNetwork network, int ports, int inboundKbps) {
        return new PolicyObject.TenantSettings(
                network.rdid(),
                new NatQuota(ports, 0, 0, 0, 0, 0),
                DscpMode.UNIFORM,
                0,
                false,
                new Bandwidth(inboundKbps, 0));
    }

    /** What the object's last change was for the gateway. */
    private List<PolicyChange> missed(FabricObject changed) throws InterruptedException {
        settle();
        return projection
                .since(gw(), changed.changedRevision() - 1)
                .orElseThrow()
                .changes();
    }

    @Test
    void portAclsNameSetsAndLabelsAndTheGatewayLooksThemUp() throws InterruptedException {
        AddressSet set = (AddressSet) fabric.make(
                Kind.ADDRESS_SET,
                named("offices") + field("vmNetworkId", blue.id()) + ",\"prefixes\":[\"198.51.100.0/24\"]");
        PortAcl acl = (PortAcl) fabric.make(
                Kind.PORT_ACL,
                named("acl") + field("vmNetworkId", blue.id()) + ",\"vmSubnetIds\":[\"" + web.id() + "\"],"
                        + """
                        "rules":[{"priority":1,"direction":"INBOUND","action":"DENY","remoteAddressSetIds":["%s"],"localLabels":["tier=web"]}]""".formatted(set.id()));
        assertThat(settle().touched()).containsExactly(gw());
        assertThat(projection.snapshot(gw()).objects())
                .contains(
                        new PolicyObject.AclAddresses(set.id(), blue.rdid(), List.of(), set.prefixes()),
                        new PolicyObject.PortAcl(
                                acl.id(),
                                blue.rdid(),
                                "acl",
                                false,
                                List.of(web.prefix()),
                                List.of(),
                                AclAction.ALLOW,
                                AclAction.ALLOW,
                                acl.rules()));

        FabricObject labelled = fabric.patch(vm, "\"labels\":{\"tier\":\"web\",\"os\":\"linux\"}");
        String key = "acl-addresses/" + blue.rdid() + "/" + vm.id();
        IpAddress ca = vm.nics().getFirst().address();
        assertThat(missed(labelled))
                .containsExactly(new PolicyChange.Put(new PolicyObject.AclAddresses(
                        vm.id(), blue.rdid(), List.of("os=linux", "tier=web"), List.of(IpPrefix.of(ca, 32)))));
        FabricObject bare = fabric.patch(vm, "\"labels\":null");
        assertThat(missed(bare)).containsExactly(new PolicyChange.Remove(key));
        FabricObject wider = fabric.patch(set, "\"prefixes\":[]");
        assertThat(missed(wider))
                .as("a change of a set is none of the lists")
                .containsExactly(new PolicyChange.Put(
                        new PolicyObject.AclAddresses(set.id(), blue.rdid(), List.of(), List.of())));
    }

    @Test
    void interfacesAndPeeringsAreTheGatewaysBusiness() throws InterruptedException {
        VmNetwork red = fabric.vmNetwork("red");
        fabric.vmSubnet("db", red, "192.168.2.0/24");
        fabric.attach("red-gw", red, gateway);
        String of = field("vmNetworkGatewayId", attached.id());
        FabricObject one =
                fabric.make(Kind.NAT_ONE_TO_ONE, named("one") + of + field("internalAddress", "192.168.1.9"));
        FabricObject exempt = fabric.make(
                Kind.NAT_EXEMPTION,
                named("no") + of + field("sourcePrefix", "192.168.1.0/24") + field("destinationPrefix", "10.0.0.0/8"));
        FabricObject office =
                fabric.make(Kind.TENANT_INTERFACE, named("office") + of + field("side", "BACK_END") + """
                        ,"vlanId":7,"addresses":[{"address":"172.16.0.1","prefixLength":30}],"urpf":"OFF",
                        "routes":[{"destinationPrefix":"10.0.0.0/8","nextHop":"172.16.0.2","metric":1}]""");
        fabric.make(
                Kind.VM_NETWORK_PEERING,
                named("peers") + field("vmNetworkId", blue.id()) + field("peerVmNetworkId", red.id()));
        assertThat(settle().touched()).containsExactly(gw());
        assertThat(projection.snapshot(gw()).objects())
                .contains(
                        new PolicyObject.NatOneToOne(
                                one.id(), blue.rdid(), ((NatOneToOne) one).externalAddress(), ip("192.168.1.9")),
                        new PolicyObject.NatExemption(
                                exempt.id(), blue.rdid(), web.prefix(), IpPrefix.parse("10.0.0.0/8")),
                        new PolicyObject.TenantInterface(
                                office.id(),
                                blue.rdid(),
                                Side.BACK_END,
                                7,
                                List.of(new InterfaceAddress(ip("172.16.0.1"), 30)),
                                Urpf.OFF),
                        new PolicyObject.TenantInterfaceRoute(
                                office.id(), IpPrefix.parse("10.0.0.0/8"), ip("172.16.0.2"), 1),
                        new PolicyObject.PeerRoute(blue.rdid(), IpPrefix.parse("192.168.2.0/24"), red.rdid()),
                        new PolicyObject.PeerRoute(red.rdid(), web.prefix(), blue.rdid()));
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
