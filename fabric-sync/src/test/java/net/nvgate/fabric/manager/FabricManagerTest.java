package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.poolSpec;
import static net.nvgate.fabric.manager.TestFabric.vmSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.SqliteStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class FabricManagerTest extends SqliteFabric {

    private FabricManager manager;

    @BeforeEach
    void make() {
        manager = fabric.manager;
    }

    @Test
    void theManagerAllocatesWhatIsAbsent() {
        Host host = fabric.host("h1");
        Gateway gateway = fabric.gateway("g1", 50);
        VmNetwork blue = fabric.vmNetwork("blue");
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        VmNetworkGateway attached = fabric.attach("blue-gw", blue, gateway);
        Vm vm = fabric.vm("vm1", host, web);
        NatConnection nat = fabric.nat("blue-nat", attached);

        assertThat(host.providerAddress()).isEqualTo(ip("10.10.0.1"));
        assertThat(gateway.providerAddress()).isEqualTo(ip("10.10.0.2"));
        assertThat(gateway.externalAddress()).isEqualTo(ip("203.0.113.2"));
        assertThat(nat.externalAddress()).isEqualTo(ip("203.0.113.3"));
        assertThat(blue.rdid().version()).isEqualTo(4);
        assertThat(web.defaultGateway()).isEqualTo(ip("192.168.1.1"));
        assertThat(vm.nics().getFirst().address()).isEqualTo(ip("192.168.1.2"));
        assertThat(attached.routerAddress()).isEqualTo(ip("10.254.254.1"));
        assertThat(attached.address()).isEqualTo(ip("10.254.254.2"));
        assertThat(attached.vsid()).isNotEqualTo(web.vsid());
        assertThat(Set.of(
                        web.defaultGatewayMac(),
                        attached.mac(),
                        attached.routerMac(),
                        vm.nics().getFirst().mac()))
                .hasSize(4);
        IpPool pool = manager.get(IpPool.class, web.ipPoolId());
        assertThat(pool.rangeStart()).isEqualTo(ip("192.168.1.2"));
        assertThat(pool.rangeEnd()).isEqualTo(ip("192.168.1.254"));
        assertThat(manager.get(Kind.VM, vm.id())).isEqualTo(vm);
        assertThat(vm.createdRevision()).isEqualTo(store.head() - 1);
    }

    @Test
    void tenantsMayUseTheSameAddresses() {
        Host host = fabric.host("h1");
        for (String tenant : List.of("blue", "red")) {
            VmSubnet subnet = fabric.vmSubnet("web", fabric.vmNetwork(tenant), "192.168.1.0/24");
            Vm vm = fabric.vm(tenant + "-vm", host, subnet);
            assertThat(vm.nics().getFirst().address()).isEqualTo(ip("192.168.1.2"));
        }
        assertThat(manager.list(Kind.VM_SUBNET, "web")).hasSize(2);
        assertThat(manager.list(Kind.VM)).extracting(FabricObject::name).containsExactly("blue-vm", "red-vm");
    }

    @Test
    void whatMustBeUniqueIs() {
        Host host = fabric.host("h1");
        VmNetwork blue = fabric.vmNetwork("blue");
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        Vm vm = fabric.vm("vm1", host, web);
        refused(Code.CONFLICT, "name", () -> fabric.host("h1"));
        refused(Code.CONFLICT, "name", () -> fabric.vmSubnet("web", blue, "192.168.2.0/24"));
        refused(Code.CONFLICT, "prefix", () -> fabric.vmSubnet("db", blue, "192.168.0.0/16"));
        refused(Code.CONFLICT, "nics.address", () -> manager.create(vmSpec("vm2", host, web, "192.168.1.2")));
        refused(Code.CONFLICT, "nics.address", () -> manager.create(vmSpec("vm2", host, web, "192.168.1.1")));
        FabricSpec.NicSpec sameMac = new FabricSpec.NicSpec(
                Optional.empty(),
                web.id(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(vm.nics().getFirst().mac()));
        refused(
                Code.CONFLICT,
                "nics.mac",
                () -> manager.create(new FabricSpec.VmSpec(new SpecMeta("vm2", ""), host.id(), List.of(sameMac))));
        refused(Code.CONFLICT, "vsid", () -> fabric.vmSubnet("db", blue, "10.0.0.0/24", ",\"vsid\":" + web.vsid()));
        Gateway gateway = fabric.gateway("g1", 50);
        VmNetworkGateway attached = fabric.attach("blue-gw", blue, gateway);
        refused(Code.CONFLICT, "routingSubnet", () -> fabric.attach("again", blue, gateway));
        NatConnection nat = fabric.nat("nat", attached);
        fabric.rule("web", nat, 80, "192.168.1.2");
        refused(Code.CONFLICT, "externalPort", () -> fabric.rule("web2", nat, 80, "192.168.1.2"));
        refused(Code.INVALID, "internalAddress", () -> fabric.rule("far", nat, 81, "192.168.9.2"));
        refused(Code.INVALID, "internalAddress", () -> fabric.rule("router", nat, 81, "192.168.1.1"));
    }

    /** A pool elsewhere has addresses whose packets never come to the gateway's external port. */
    @Test
    void natAddressesAreOnTheSegmentOfTheGatewaysExternalPort() {
        VmNetworkGateway attached = fabric.attach("blue-gw", fabric.vmNetwork("blue"), fabric.gateway("g1", 50));
        LogicalNetwork external = manager.get(
                LogicalNetwork.class,
                manager.get(
                                NetworkSite.class,
                                fabric.externalPool.networkSiteId().orElseThrow())
                        .logicalNetworkId());
        IpPool sameSegment = fabric.pool("more", external, "198.51.100.0/24", "");
        NetworkSite tagged = (NetworkSite) fabric.make(
                Kind.NETWORK_SITE,
                TestFabric.named("tagged")
                        + TestFabric.field("logicalNetworkId", external.id())
                        + ",\"subnets\":[{\"prefix\":\"192.0.2.0/24\",\"vlanId\":7}]");
        IpPool otherVlan = manager.create(poolSpec("vlan-7", tagged.id(), "192.0.2.0/24", "", "", List.of(), ""));
        IpPool otherNetwork = fabric.pool("far", fabric.network("dmz", false), "203.1.0.0/24", "");

        for (IpPool pool : List.of(otherVlan, otherNetwork)) {
            FabricException e = refused(Code.INVALID, "externalPoolId", () -> nat("nat", attached, pool));
            assertThat(e).hasMessageContaining("external port of gateway 'g1' is on: VLAN 0 of logical-network");
        }
        assertThat(nat("nat", attached, sameSegment).externalAddress()).isEqualTo(ip("198.51.100.1"));
    }

    private NatConnection nat(String name, VmNetworkGateway gateway, IpPool pool) {
        return fabric.nat(name, gateway, TestFabric.field("externalPoolId", pool.id()));
    }

    @Test
    void poolsAndSitesAreDisjoint() {
        refused(Code.CONFLICT, "subnets.prefix", () -> fabric.site("s", fabric.paNetwork, "10.10.0.128/25"));
        NetworkSite site = fabric.site("s", fabric.paNetwork, "10.20.0.0/24");
        manager.create(poolSpec("p1", site.id(), "10.20.0.0/24", "10.20.0.10", "10.20.0.20", List.of(), ""));
        refused(
                Code.CONFLICT,
                "rangeStart",
                () -> manager.create(
                        poolSpec("p2", site.id(), "10.20.0.0/24", "10.20.0.20", "10.20.0.30", List.of(), "")));
        manager.create(poolSpec("p2", site.id(), "10.20.0.0/24", "10.20.0.21", "10.20.0.30", List.of(), ""));
        refused(
                Code.INVALID,
                "prefix",
                () -> manager.create(poolSpec("p3", site.id(), "10.20.0.0/25", "", "", List.of(), "")));
        refused(
                Code.INVALID,
                "rangeEnd",
                () -> manager.create(poolSpec("p3", site.id(), "10.20.0.0/24", "", "10.20.0.255", List.of(), "")));
        refused(
                Code.INVALID,
                "reserved",
                () -> manager.create(poolSpec(
                        "p3", site.id(), "10.20.0.0/24", "10.20.0.40", "10.20.0.50", List.of(ip("10.20.0.9")), "")));
    }

    @Test
    void aPoolHandsOutTheLowestFreeAddressUntilItIsEmpty() {
        NetworkSite site = fabric.site("s", fabric.paNetwork, "10.20.0.0/29");
        IpPool pool = manager.create(
                poolSpec("small", site.id(), "10.20.0.0/29", "", "", List.of(ip("10.20.0.2")), "10.20.0.1"));
        List<Host> hosts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            hosts.add(smallHost("h" + i, pool, Optional.empty()));
        }
        assertThat(hosts)
                .extracting(Host::providerAddress)
                .containsExactly(ip("10.20.0.3"), ip("10.20.0.4"), ip("10.20.0.5"), ip("10.20.0.6"));
        FabricException e = refused(Code.EXHAUSTED, "providerAddress", () -> smallHost("h5", pool, Optional.empty()));
        assertThat(e.getMessage()).contains("ip-pool 'small'");
        assertThat(smallHost("h5", pool, Optional.of(ip("10.20.0.2"))).providerAddress())
                .isEqualTo(ip("10.20.0.2"));
        refused(Code.INVALID, "providerAddress", () -> smallHost("h6", pool, Optional.of(ip("10.20.0.1"))));
        manager.delete(Kind.HOST, hosts.get(1).id());
        assertThat(smallHost("h7", pool, Optional.empty()).providerAddress()).isEqualTo(ip("10.20.0.4"));
    }

    private Host smallHost(String name, IpPool pool, Optional<IpAddress> address) {
        String wanted = address.map(a -> TestFabric.field("providerAddress", a)).orElse("");
        return (Host) fabric.make(
                Kind.HOST,
                TestFabric.named(name)
                        + TestFabric.field("hostType", "HYPER_V")
                        + TestFabric.field("paPoolId", pool.id())
                        + wanted);
    }

    @Test
    void networksMustBeOfTheRightKind() {
        refused(Code.INVALID, "paPoolId", () -> smallHost("h", fabric.externalPool, Optional.empty()));
        refused(
                Code.REFERENCE_NOT_FOUND,
                "paPoolId",
                () -> fabric.make(
                        Kind.HOST,
                        TestFabric.named("h")
                                + TestFabric.field("hostType", "LINUX_OVS")
                                + TestFabric.field("paPoolId", UUID.randomUUID())));
        VmSubnet subnet = fabric.vmSubnet("s", fabric.vmNetwork("blue"), "10.0.0.0/24");
        var elsewhere = fabric.network("elsewhere", true);
        IpPool pool = fabric.pool("far", elsewhere, "10.30.0.0/24", "10.30.0.1");
        Host far = smallHost("far", pool, Optional.empty());
        refused(Code.INVALID, "hostId", () -> fabric.vm("vm", far, subnet));
        Vm vm = fabric.vm("vm", fabric.host("near"), subnet);
        refused(Code.INVALID, "hostId", () -> manager.moveVm(vm.id(), far.id()));
        String empty = TestFabric.named("s") + TestFabric.field("logicalNetworkId", elsewhere.id());
        refused(Code.INVALID, "subnets", () -> fabric.make(Kind.NETWORK_SITE, empty));
    }

    @Test
    void whatIsInUseStaysAndItsUsersAreNamed() {
        Host host = fabric.host("h1");
        VmNetwork blue = fabric.vmNetwork("blue");
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        VmNetworkGateway attached = fabric.attach("gw", blue, fabric.gateway("g1", 50));
        NatConnection nat = fabric.nat("nat", attached);
        var rule = fabric.rule("rule", nat, 80, "192.168.1.2");
        assertThat(refused(Code.IN_USE, "", () -> manager.delete(Kind.VM_SUBNET, web.id()))
                        .users())
                .containsExactly(new ObjectUser("nat-rules", rule.id(), "rule"));
        manager.delete(Kind.NAT_RULE, rule.id());
        Vm vm = fabric.vm("vm1", host, web);
        assertThat(refused(Code.IN_USE, "", () -> manager.delete(Kind.HOST, host.id()))
                        .users())
                .containsExactly(new ObjectUser("vms", vm.id(), "vm1"));
        refused(Code.IN_USE, "", () -> manager.delete(Kind.VM_SUBNET, web.id()));
        refused(Code.IN_USE, "", () -> manager.delete(Kind.VM_NETWORK, blue.id()));
        refused(Code.IN_USE, "", () -> manager.delete(Kind.IP_POOL, web.ipPoolId()));
        refused(Code.IN_USE, "", () -> manager.delete(Kind.VM_NETWORK_GATEWAY, attached.id()));
        manager.delete(Kind.NAT_CONNECTION, nat.id());
        manager.delete(Kind.VM_NETWORK_GATEWAY, attached.id());
        manager.delete(Kind.VM, vm.id());
        manager.delete(Kind.VM_SUBNET, web.id());
        manager.delete(Kind.VM_NETWORK, blue.id());
        refused(Code.NOT_FOUND, "id", () -> manager.get(Kind.VM_SUBNET, web.id()));
        refused(Code.NOT_FOUND, "id", () -> manager.get(Kind.IP_POOL, web.ipPoolId()));
        refused(Code.NOT_FOUND, "id", () -> manager.delete(Kind.VM, vm.id()));
    }

    @Test
    void aGatewayServesNoMoreNetworksThanItsLimit() {
        Gateway gateway = fabric.gateway("g1", 1);
        fabric.attach("one", fabric.vmNetwork("blue"), gateway);
        VmNetwork red = fabric.vmNetwork("red");
        refused(Code.QUOTA, "gatewayId", () -> fabric.attach("two", red, gateway));
    }

    @Test
    void nameAndDescriptionChangeAndNothingElse() {
        Host host = fabric.host("h1");
        FabricObject patched =
                manager.patch(Kind.HOST, host.id(), Patch.read("{\"name\":\"h2\",\"description\":\"rack 4\"}"));
        assertThat(patched)
                .isEqualTo(host.withMeta(host.meta()
                        .renamed("h2", "rack 4")
                        .stamped(host.meta(), host.changedRevision() + 1, "system")));
        assertThat(manager.list(Kind.HOST, "h2")).containsExactly(patched);
        assertThat(manager.list(Kind.HOST, "h1")).isEmpty();
        long head = store.head();
        assertThat(manager.patch(Kind.HOST, host.id(), Patch.read("{}"))).isEqualTo(patched);
        assertThat(store.head()).isEqualTo(head);
        refused(Code.INVALID, "name", () -> manager.patch(Kind.HOST, host.id(), Patch.read("{\"name\":\" \"}")));
    }

    @Test
    void movingAVmChangesItsHostOnly() {
        Vm vm = fabric.vm("vm", fabric.host("h1"), fabric.vmSubnet("s", fabric.vmNetwork("blue"), "10.0.0.0/24"));
        Host other = fabric.host("h2");
        Vm moved = manager.moveVm(vm.id(), other.id());
        assertThat(moved.hostId()).isEqualTo(other.id());
        assertThat(moved.nics()).isEqualTo(vm.nics());
        long head = store.head();
        manager.moveVm(vm.id(), other.id());
        assertThat(store.head()).isEqualTo(head);
    }

    @Test
    void aReopenedManagerKnowsWhatIsTaken() {
        Host host = fabric.host("h1");
        VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        fabric.vm("vm1", host, web);
        fabric.close();
        store.close();
        store = SqliteStore.open(directory);
        try (FabricManager again = new FabricManager(store, new Random(1), new SimpleMeterRegistry())) {
            Vm vm = again.create(vmSpec("vm2", host, web, ""));
            assertThat(vm.nics().getFirst().address()).isEqualTo(ip("192.168.1.3"));
            refused(Code.CONFLICT, "name", () -> again.create(vmSpec("vm1", host, web, "")));
        }
    }

    /** Two managers on one store stand for two processes on a cluster: only the store can keep them apart. */
    @Test
    void concurrentCallersOfTwoManagersGetDifferentAddresses() throws InterruptedException, ExecutionException {
        Host host = fabric.host("h1");
        VmNetwork blue = fabric.vmNetwork("blue");
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        try (FabricManager second = new FabricManager(store, new Random(2), new SimpleMeterRegistry());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Vm>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                FabricManager one = i % 2 == 0 ? manager : second;
                String name = "vm" + i;
                calls.add(() -> one.create(vmSpec(name, host, web, "")));
            }
            Set<IpAddress> addresses = new HashSet<>();
            for (Future<Vm> vm : threads.invokeAll(calls)) {
                addresses.add(vm.get().nics().getFirst().address());
            }
            assertThat(addresses).hasSize(100);
            TestFabric.awaitRevision(second, store.head());
            assertThat(second.revision()).isGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void ofConcurrentOverlappingSubnetsOneIsMade() throws InterruptedException {
        VmNetwork blue = fabric.vmNetwork("blue");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<VmSubnet>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String name = "s" + i;
                String prefix = "10.0.0.0/" + (10 + i);
                calls.add(() -> fabric.vmSubnet(name, blue, prefix));
            }
            long made = 0;
            for (Future<VmSubnet> subnet : threads.invokeAll(calls)) {
                made += subnet.state() == Future.State.SUCCESS ? 1 : 0;
            }
            assertThat(made).isEqualTo(1);
        }
    }
}
