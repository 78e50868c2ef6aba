package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Random;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.AddressGrant;
import net.nvgate.fabric.model.AllocatedTo;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.Test;

class PoolPlansTest extends SqliteFabric {

    private IpPool pool(String name, String more) {
        LogicalNetwork network = fabric.network(name + "-network", true);
        NetworkSite site = fabric.site(name + "-site", network, "10.20.0.0/24");
        return (IpPool) fabric.make(
                Kind.IP_POOL, named(name) + field("networkSiteId", site.id()) + field("prefix", "10.20.0.0/24") + more);
    }

    private AddressGrant grant(String name, IpPool pool, String more) {
        return (AddressGrant) fabric.make(Kind.ADDRESS_GRANT, named(name) + field("ipPoolId", pool.id()) + more);
    }

    private Host host(String name, IpPool pool) {
        return (Host) fabric.make(Kind.HOST, named(name) + field("hostType", "HYPER_V") + field("paPoolId", pool.id()));
    }

    @Test
    void grantedAddressIsNobodyElsesUntilItIsRevoked() {
        AddressGrant first = grant("router", fabric.paPool, "");
        assertThat(first.address()).isEqualTo(ip("10.10.0.1"));
        assertThat(first.allocatedTo()).isEqualTo(AllocatedTo.NOBODY);
        assertThat(fabric.host("h1").providerAddress()).isEqualTo(ip("10.10.0.2"));
        refused(Code.CONFLICT, "address", () -> grant("again", fabric.paPool, field("address", "10.10.0.1")));
        refused(Code.CONFLICT, "address", () -> grant("of-host", fabric.paPool, field("address", "10.10.0.2")));
        refused(Code.CONFLICT, "providerAddress", () -> fabric.host("h2", field("providerAddress", "10.10.0.1")));

        AddressGrant inactive = fabric.patch(first, "\"state\":\"INACTIVE\"");
        assertThat(inactive.state()).isEqualTo(AllocatedTo.State.INACTIVE);
        assertThat(fabric.host("h2").providerAddress()).isEqualTo(ip("10.10.0.3"));
        fabric.manager.delete(Kind.ADDRESS_GRANT, first.id());
        assertThat(fabric.host("h3").providerAddress()).isEqualTo(ip("10.10.0.1"));
    }

    @Test
    void grantedExternalAddressIsNotSharedByNatConnections() {
        VmNetworkGateway attached = fabric.attach("gw", fabric.vmNetwork("blue"), fabric.gateway("g1", 50));
        AddressGrant grant = grant("web-farm", fabric.externalPool, "");
        refused(
                Code.CONFLICT,
                "externalAddress",
                () -> fabric.nat("nat", attached, field("externalAddress", grant.address())));
        assertThat(fabric.nat("nat", attached).externalAddress()).isNotEqualTo(grant.address());
        refused(Code.CONFLICT, "address", () -> grant("taken", fabric.externalPool, field("address", "203.0.113.2")));
    }

    @Test
    void addressesOfVmSubnetsCanBeGranted() {
        VmSubnet web = fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24");
        IpPool pool = fabric.manager.get(IpPool.class, web.ipPoolId());
        AddressGrant cluster = grant("cluster", pool, ",\"allocatedTo\":{\"type\":\"HOST_CLUSTER\",\"text\":\"sql\"}");
        assertThat(cluster.address()).isEqualTo(ip("192.168.1.2"));
        Vm vm = fabric.vm("vm1", fabric.host("h1"), web);
        assertThat(vm.nics().getFirst().address()).isEqualTo(ip("192.168.1.3"));
        refused(Code.CONFLICT, "address", () -> grant("vm", pool, field("address", "192.168.1.3")));
        assertThat(refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.VM_SUBNET, web.id()))
                        .users())
                .extracting(ObjectUser::name)
                .contains("cluster");
    }

    @Test
    void vipsAreForLoadBalancers() {
        IpPool pool = pool("p", field("rangeEnd", "10.20.0.3") + ",\"vips\":[\"10.20.0.1\",\"10.20.0.2\"]");
        String vip = ",\"allocatedTo\":{\"type\":\"VIP\",\"text\":\"shop\"}";
        assertThat(grant("shop", pool, vip).address()).isEqualTo(ip("10.20.0.1"));
        assertThat(host("h1", pool).providerAddress()).isEqualTo(ip("10.20.0.3"));
        refused(Code.EXHAUSTED, "providerAddress", () -> host("h2", pool));
        refused(Code.INVALID, "address", () -> grant("other", pool, field("address", "10.20.0.2")));
        refused(Code.INVALID, "address", () -> grant("no-vip", pool, field("address", "10.20.0.3") + vip));
        assertThat(grant("shop2", pool, vip).address()).isEqualTo(ip("10.20.0.2"));
        refused(Code.EXHAUSTED, "address", () -> grant("shop3", pool, vip));
    }

    @Test
    void rangeChangesUnlessItCutsOffWhatSomebodyHas() {
        IpPool pool = pool("p", field("rangeEnd", "10.20.0.2"));
        Host first = host("h1", pool);
        host("h2", pool);
        refused(Code.EXHAUSTED, "providerAddress", () -> host("h3", pool));
        fabric.patch(pool, "\"rangeEnd\":\"10.20.0.4\",\"reserved\":[\"10.20.0.3\"]");
        assertThat(host("h3", pool).providerAddress()).isEqualTo(ip("10.20.0.4"));
        assertThat(refused(Code.IN_USE, "rangeStart", () -> fabric.patch(pool, "\"rangeEnd\":\"10.20.0.3\""))
                        .getMessage())
                .contains("10.20.0.4 of host 'h3'");
        fabric.manager.delete(Kind.HOST, first.id());
        fabric.patch(pool, "\"reserved\":[]");
        assertThat(host("h4", pool).providerAddress()).isEqualTo(ip("10.20.0.1"));
        assertThat(host("h5", pool).providerAddress()).isEqualTo(ip("10.20.0.3"));
    }

    /** What the index has kept step by step is what a new manager makes of the store. */
    @Test
    void booksAreTheSameAfterARestart() {
        IpPool pool = pool("p", ",\"reserved\":[\"10.20.0.1\"]" + field("rangeEnd", "10.20.0.5"));
        fabric.make(
                Kind.HOST,
                named("reserved")
                        + field("hostType", "HYPER_V")
                        + field("paPoolId", pool.id())
                        + field("providerAddress", "10.20.0.1"));
        host("h2", pool);
        fabric.patch(pool, "\"reserved\":[]");
        assertThat(host("h3", pool).providerAddress()).isEqualTo(ip("10.20.0.3"));
        try (FabricManager again = new FabricManager(store, new Random(1), new SimpleMeterRegistry())) {
            Host next = again.create(FabricJson.read(
                    "{" + named("h4") + field("hostType", "HYPER_V") + field("paPoolId", pool.id()) + "}",
                    FabricSpec.HostSpec.class));
            assertThat(next.providerAddress()).isEqualTo(ip("10.20.0.4"));
        }
    }

    @Test
    void settingsOfMachines() {
        IpPool pool = pool(
                "p",
                ",\"defaultGateways\":[\"10.20.0.1\"],\"gatewayMetrics\":[{\"address\":\"10.20.0.1\",\"metric\":10}],"
                        + "\"routes\":[{\"destinationPrefix\":\"10.0.0.0/8\",\"nextHop\":\"10.20.0.9\"}],"
                        + "\"dnsSuffix\":\"contoso.example\",\"winsServers\":[\"10.20.0.2\"],\"netbiosOverTcpip\":true");
        assertThat(pool.metric(ip("10.20.0.1"), 255)).isEqualTo(10);
        assertThat(pool.routes().getFirst().metric()).isEqualTo(256);
        assertThat(fabric.patch(pool, "\"dnsSuffix\":null").dnsSuffix()).isEmpty();
        refused(Code.INVALID, "dnsSuffix", () -> fabric.patch(pool, "\"dnsSuffix\":\"-\""));
        refused(Code.INVALID, "routes", () -> fabric.patch(pool, "\"routes\":[]"));
        refused(
                Code.INVALID,
                "gatewayMetrics.address",
                () -> fabric.make(
                        Kind.IP_POOL,
                        named("q") + field("networkSiteId", pool.networkSiteId().orElseThrow())
                                + field("prefix", "10.20.0.0/24")
                                + ",\"gatewayMetrics\":[{\"address\":\"10.20.0.7\",\"metric\":10}]"));
    }

    @Test
    void multicastPoolsHandOutGroups() {
        NetworkSite site = fabric.manager.get(
                NetworkSite.class, fabric.paPool.networkSiteId().orElseThrow());
        String members = named("groups") + field("networkSiteId", site.id()) + field("prefix", "239.1.0.0/24");
        refused(Code.INVALID, "prefix", () -> fabric.make(Kind.IP_POOL, members));
        IpPool groups = (IpPool) fabric.make(Kind.IP_POOL, members + ",\"multicast\":true");
        assertThat(grant("flood", groups, "").address()).isEqualTo(ip("239.1.0.1"));
        refused(Code.INVALID, "paPoolId", () -> host("h1", groups));
        refused(
                Code.INVALID,
                "prefix",
                () -> fabric.make(
                        Kind.IP_POOL,
                        named("no-groups") + field("networkSiteId", site.id()) + field("prefix", "10.10.0.0/24")
                                + ",\"multicast\":true"));
    }
}
