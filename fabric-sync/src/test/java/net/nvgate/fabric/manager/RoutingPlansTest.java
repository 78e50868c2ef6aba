package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.ip;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Urpf;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of tenant interfaces, peerings, routes, IPv6 prefixes, subnets of both families and DHCP. */
class RoutingPlansTest extends SqliteFabric {

    private Gateway gateway;
    private VmNetwork blue;
    private VmNetwork red;
    private VmSubnet web;
    private VmNetworkGateway attached;

    @BeforeEach
    void make() {
        gateway = fabric.gateway("g", 50);
        blue = fabric.vmNetwork("blue");
        red = fabric.vmNetwork("red");
        web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        attached = fabric.attach("blue-gw", blue, gateway);
    }

    private static FabricException refused(Code code, String field, ThrowingCallable call) {
        FabricException[] caught = new FabricException[1];
        assertThatThrownBy(call).isInstanceOfSatisfying(FabricException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.field().orElse("")).as(e.getMessage()).isEqualTo(field);
            caught[0] = e;
        });
        return caught[0];
    }

    private TenantInterface tenantInterface(String name, VmNetworkGateway of, int vlan, String address, String more) {
        return (TenantInterface) fabric.make(
                Kind.TENANT_INTERFACE,
                named(name) + field("vmNetworkGatewayId", of.id()) + field("side", "FRONT_END") + ",\"vlanId\":" + vlan
                        + ",\"addresses\":[{\"address\":\"" + address + "\",\"prefixLength\":24}]" + more);
    }

    @Test
    void tenantInterfacesHaveAVlanAndSubnetsOfTheirOwn() {
        VmNetworkGateway other = fabric.attach("red-gw", red, gateway);
        TenantInterface office = tenantInterface(
                "office",
                attached,
                100,
                "172.16.0.1",
                ",\"routes\":[{\"destinationPrefix\":\"10.0.0.0/8\",\"nextHop\":\"172.16.0.2\"}]");
        assertThat(office.urpf()).isEqualTo(Urpf.STRICT);
        assertThat(office.routes().getFirst().metric()).isEqualTo(255);
        refused(Code.CONFLICT, "vlanId", () -> tenantInterface("again", other, 100, "172.16.1.1", ""));
        // Addresses may overlap between tenants, not within one.
        tenantInterface("red-office", other, 101, "172.16.0.1", "");
        refused(Code.CONFLICT, "addresses", () -> tenantInterface("twin", attached, 102, "172.16.0.9", ""));
        refused(Code.CONFLICT, "addresses", () -> tenantInterface("vms", attached, 102, "192.168.1.9", ""));
        refused(Code.CONFLICT, "prefix", () -> fabric.vmSubnet("late", blue, "172.16.0.128/25"));

        TenantInterface changed = fabric.patch(office, "\"urpf\":\"LOOSE\",\"routes\":[]");
        assertThat(changed.urpf()).isEqualTo(Urpf.LOOSE);
        fabric.patch(changed, "\"addresses\":[{\"address\":\"172.17.0.1\",\"prefixLength\":24}]");
        fabric.vmSubnet("late", blue, "172.16.0.128/25");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "routes.nextHop  | 'routes':[{'destinationPrefix':'10.0.0.0/8','nextHop':'172.16.1.2'}]",
                "routes.nextHop  | 'routes':[{'destinationPrefix':'10.0.0.0/8','nextHop':'172.16.0.1'}]",
                "routes.nextHop  | 'routes':[{'destinationPrefix':'fd00::/8','nextHop':'172.16.0.2'}]",
                "addresses       | 'addresses':[]",
                "address         | 'addresses':[{'address':'172.16.0.0','prefixLength':24}]",
                "prefixLength    | 'addresses':[{'address':'172.16.0.1','prefixLength':33}]",
                "vlanId          | 'vlanId':7",
            })
    void badInterfacesAreRefusedByField(String field, String members) {
        TenantInterface office = tenantInterface("office", attached, 100, "172.16.0.1", "");
        refused(Code.INVALID, field, () -> fabric.patch(office, members.replace('\'', '"')));
    }

    @Test
    void peersReachEachOthersSubnetsAndNoAddressMeansTwoThings() {
        VmSubnet db = fabric.vmSubnet("db", red, "192.168.2.0/24");
        String members = named("p") + field("vmNetworkId", blue.id()) + field("peerVmNetworkId", red.id());
        refused(Code.INVALID, "peerVmNetworkId", () -> fabric.make(Kind.VM_NETWORK_PEERING, members));
        VmNetworkGateway other = fabric.attach("red-gw", red, gateway);
        VmNetworkPeering peering = (VmNetworkPeering) fabric.make(Kind.VM_NETWORK_PEERING, members);
        assertThat(peering.prefixes()).containsExactly(web.prefix());
        assertThat(peering.peerPrefixes()).containsExactly(db.prefix());

        String back = named("q") + field("vmNetworkId", red.id()) + field("peerVmNetworkId", blue.id());
        refused(Code.CONFLICT, "peerPrefixes", () -> fabric.make(Kind.VM_NETWORK_PEERING, back));
        refused(Code.CONFLICT, "prefix", () -> fabric.vmSubnet("late", blue, "192.168.2.0/25"));
        refused(Code.CONFLICT, "peerPrefixes", () -> fabric.patch(peering, "\"peerPrefixes\":[\"192.168.1.128/25\"]"));
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.VM_NETWORK_GATEWAY, other.id()));
        assertThat(fabric.patch(peering, "\"peerPrefixes\":[\"192.168.2.0/25\"]")
                        .peerPrefixes())
                .containsExactly(IpPrefix.parse("192.168.2.0/25"));
        fabric.manager.delete(Kind.VM_NETWORK_PEERING, peering.id());
        fabric.vmSubnet("late", blue, "192.168.2.0/25");
    }

    @Test
    void peersAreOnOneGateway() {
        fabric.attach("red-gw", red, fabric.gateway("g2", 50));
        fabric.vmSubnet("db", red, "192.168.2.0/24");
        FabricException e = refused(
                Code.INVALID,
                "peerVmNetworkId",
                () -> fabric.make(
                        Kind.VM_NETWORK_PEERING,
                        named("p") + field("vmNetworkId", blue.id()) + field("peerVmNetworkId", red.id())));
        assertThat(e).hasMessageContaining("same gateway, gateway 'g'");
    }

    @Test
    void settingsOfATenantAreChangedOneByOne() {
        VmNetworkGateway changed =
                fabric.patch(attached, "\"quota\":{\"ports\":1000},\"dscpMode\":\"PIPE\",\"dscp\":10");
        changed = fabric.patch(changed, "\"quota\":{\"hostPorts\":100},\"pcp\":true");
        assertThat(changed.quota().ports()).isEqualTo(1000);
        assertThat(changed.quota().hostPorts()).isEqualTo(100);
        assertThat(changed.dscp()).isEqualTo(10);
        assertThat(changed.pcp()).isTrue();
        VmNetworkGateway last = changed;
        refused(Code.INVALID, "dscp", () -> fabric.patch(last, "\"dscp\":64"));
        refused(Code.INVALID, "quota.hostPort", () -> fabric.patch(last, "\"quota\":{\"hostPort\":1}"));
        assertThat(fabric.patch(last, "\"quota\":null").quota().ports()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CONFLICT | nat64Prefix              | 'nat64Prefix':'64:ff9b::/96'",
                "INVALID  | routes.nextHops          | 'routes':[{'destinationPrefix':'10.0.0.0/8'}]",
                "INVALID  | routes.nextHops          | 'routes':[{'destinationPrefix':'10.0.0.0/8','nextHops':['192.168.9.2']}]",
                "INVALID  | routes.nextHops          | 'routes':[{'destinationPrefix':'10.0.0.0/8','nextHops':['192.168.1.1']}]",
                "INVALID  | routes.nextHops          | 'routes':[{'destinationPrefix':'10.0.0.0/8','nextHops':['192.168.1.2'],'blackhole':true}]",
                "INVALID  | routes.destinationPrefix | 'routes':[{'destinationPrefix':'0.0.0.0/0','nextHops':['192.168.1.2']}]",
                "INVALID  | routes.destinationPrefix | 'routes':[{'destinationPrefix':'192.168.1.128/25','blackhole':true}]",
                "INVALID  | nat64Prefix              | 'nat64Prefix':'2001:db8:0:0:ff00::/96'",
                "INVALID  | nat64Prefix              | 'nat64Prefix':'2001:db8::/33'",
                "INVALID  | nptv6Prefixes.outsidePrefix | 'nptv6Prefixes':[{'insidePrefix':'fd00::/48','outsidePrefix':'2001:db8::/56'}]",
                "INVALID  | nptv6Prefixes.insidePrefix  | 'nptv6Prefixes':[{'insidePrefix':'10.0.0.0/16','outsidePrefix':'2001::/16'}]",
                "INVALID  | vsid                     | 'vsid':5000",
            })
    void badTenantSettingsAreRefusedByField(Code code, String field, String members) {
        fabric.vmSubnet("six", blue, "64:ff9b::/64");
        refused(code, field, () -> fabric.patch(attached, members.replace('\'', '"')));
    }

    @Test
    void routesHoldTheSubnetOfTheirNextHops() {
        VmSubnet db = fabric.vmSubnet("db", blue, "192.168.2.0/24");
        fabric.patch(
                attached,
                "\"routes\":[{\"destinationPrefix\":\"10.0.0.0/8\",\"nextHops\":[\"192.168.2.5\",\"192.168.2.6\"]}]");
        refused(Code.IN_USE, "", () -> fabric.manager.delete(Kind.VM_SUBNET, db.id()));
        fabric.patch(attached, "\"routes\":[]");
        fabric.manager.delete(Kind.VM_SUBNET, db.id());
    }

    @Test
    void outsidePrefixesAreOneTenantsAlone() {
        String pair = "\"nptv6Prefixes\":[{\"insidePrefix\":\"fd00:1::/48\",\"outsidePrefix\":\"2001:db8:1::/48\"}]";
        fabric.patch(attached, pair);
        VmNetworkGateway other = fabric.attach("red-gw", red, gateway);
        FabricException e = refused(Code.CONFLICT, "nptv6Prefixes.outsidePrefix", () -> fabric.patch(other, pair));
        assertThat(e).hasMessageContaining("vm-network-gateway 'blue-gw'");
        fabric.patch(attached, "\"nptv6Prefixes\":[]");
        fabric.patch(other, pair);
    }

    @Test
    void aVmInASubnetOfBothFamiliesHasBothAddresses() {
        VmSubnet both = fabric.vmSubnet("both", blue, "192.168.3.0/24", field("prefix6", "fd00:3::/64"));
        assertThat(both.defaultGateway6()).contains(ip("fd00:3::1"));
        Host host = fabric.host("h");
        Vm vm = fabric.vm("vm", host, both);
        assertThat(vm.nics().getFirst().addresses()).containsExactly(ip("192.168.3.2"), ip("fd00:3::2"));
        assertThat(fabric.vm("vm2", host, both).nics().getFirst().address6()).contains(ip("fd00:3::3"));
        refused(
                Code.CONFLICT,
                "prefix6",
                () -> fabric.vmSubnet("x", blue, "192.168.4.0/24", field("prefix6", "fd00:3::/48")));
        assertThat(fabric.manager.list(Kind.IP_POOL))
                .extracting(FabricObject::name)
                .contains("both-" + both.vsid() + "-6");
        fabric.manager.list(Kind.VM).forEach(each -> fabric.manager.delete(Kind.VM, each.id()));
        fabric.manager.delete(Kind.VM_SUBNET, both.id());
        assertThat(fabric.manager.list(Kind.IP_POOL))
                .extracting(FabricObject::name)
                .noneMatch(name -> name.startsWith("both"));
    }

    @Test
    void theGatewaySpeaksIpv6FromTheFirstIpv6Subnet() {
        assertThat(attached.routingSubnet6()).isEmpty();
        fabric.vmSubnet("six", blue, "fd00:6::/64");
        VmNetworkGateway now = fabric.manager.get(VmNetworkGateway.class, attached.id());
        assertThat(now.routingSubnet6()).contains(VmNetworkGateway.ROUTING_SUBNET6_DEFAULT);
        assertThat(now.address6()).contains(ip("fd0a:fefe::2"));
        assertThat(now.changedRevision()).isGreaterThan(attached.changedRevision());

        fabric.vmSubnet("red-six", red, "fd00:6::/64");
        assertThat(fabric.attach("red-gw", red, gateway).routerAddress6()).contains(ip("fd0a:fefe::1"));
        fabric.vmSubnet("taken", fabric.vmNetwork("green"), "fd0a:fefe::/48");
        refused(
                Code.CONFLICT,
                "routingSubnet6",
                () -> fabric.attach(
                        "green-gw",
                        (VmNetwork)
                                fabric.manager.list(Kind.VM_NETWORK, "green").getFirst(),
                        gateway));
    }

    @Test
    void dhcpHasTheMtuOfTheLogicalNetwork() {
        VmSubnet told = fabric.vmSubnet("told", blue, "192.168.5.0/24", ",\"dhcp\":{\"dnsServers\":[\"192.0.2.53\"]}");
        VmSubnet.Dhcp dhcp = told.dhcp().orElseThrow();
        assertThat(dhcp.mtu()).isEqualTo(1458);
        assertThat(dhcp.leaseSeconds()).isEqualTo(86_400);
        VmSubnet changed = fabric.patch(told, "\"dhcp\":{\"domainName\":\"blue.example\",\"mtu\":1400}");
        assertThat(changed.dhcp()).contains(new VmSubnet.Dhcp(dhcp.dnsServers(), "blue.example", 86_400, 1400));
        assertThat(fabric.patch(changed, "\"dhcp\":null").dhcp()).isEqualTo(Optional.empty());
        assertThat(fabric.patch(web, "\"dhcp\":{}").dhcp().orElseThrow().mtu()).isEqualTo(1458);
        refused(Code.INVALID, "dhcp.domainName", () -> fabric.patch(web, "\"dhcp\":{\"domainName\":\"-x\"}"));
        refused(Code.INVALID, "dhcp", () -> fabric.patch(fabric.vmSubnet("six", blue, "fd00::/64"), "\"dhcp\":{}"));
    }

    @Test
    void aGatewayMayHaveIpv6AddressesBesides() {
        IpPool pa6 = fabric.pool("pa6", fabric.paNetwork, "fd10::/64", "");
        String members =
                named("g6") + field("paPoolId", fabric.paPool.id()) + field("externalPoolId", fabric.externalPool.id());
        Gateway six = (Gateway) fabric.make(Kind.GATEWAY, members + field("paPool6Id", pa6.id()));
        assertThat(six.providerAddress6()).contains(ip("fd10::1"));
        refused(
                Code.INVALID,
                "externalPool6Id",
                () -> fabric.make(Kind.GATEWAY, members.replace("g6", "g7") + field("externalPool6Id", pa6.id())));
        refused(
                Code.INVALID,
                "paPoolId",
                () -> fabric.make(
                        Kind.HOST, named("ovs") + field("hostType", "LINUX_OVS") + field("paPoolId", pa6.id())));
        Host host = (Host)
                fabric.make(Kind.HOST, named("hyperv") + field("hostType", "HYPER_V") + field("paPoolId", pa6.id()));
        assertThat(host.providerAddress()).isEqualTo(ip("fd10::2"));
    }
}
