package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.Test;

class ScopesTest extends SqliteFabric {

    private HostGroup group(String name, String more) {
        return (HostGroup) fabric.make(Kind.HOST_GROUP, named(name) + more);
    }

    private static String groups(HostGroup group) {
        return ",\"hostGroupIds\":[\"" + group.id() + "\"]";
    }

    private NetworkSite rows(LogicalNetwork network, String rows) {
        return (NetworkSite)
                fabric.make(Kind.NETWORK_SITE, "\"logicalNetworkId\":\"" + network.id() + "\",\"subnets\":" + rows);
    }

    @Test
    void sitesOverlapOnlyWhereNoHostCanHaveBoth() {
        HostGroup europe = group("europe", "");
        HostGroup paris = group("paris", field("parentId", europe.id()));
        HostGroup asia = group("asia", "");
        LogicalNetwork network = fabric.network("n", true);
        fabric.site("paris", network, "10.50.0.0/24", groups(paris));
        refused(Code.CONFLICT, "subnets.prefix", () -> fabric.site("x", network, "10.50.0.0/16", groups(paris)));
        refused(Code.CONFLICT, "subnets.prefix", () -> fabric.site("x", network, "10.50.0.0/25", groups(europe)));
        refused(Code.CONFLICT, "subnets.prefix", () -> fabric.site("x", network, "10.50.0.0/24"));
        fabric.site("asia", network, "10.50.0.0/16", groups(asia));
        refused(Code.CONFLICT, "subnets.prefix", () -> fabric.patch(paris, "\"parentId\":\"" + asia.id() + "\""));
    }

    @Test
    void sitesAreNamedAfterTheirNetwork() {
        LogicalNetwork network = fabric.network("corp", false);
        assertThat(rows(network, "[{\"vlanId\":7}]").name()).isEqualTo("corp_0");
        NetworkSite second = rows(network, "[]");
        assertThat(second.name()).isEqualTo("corp_1");
        LogicalNetwork longest = fabric.network("x".repeat(64), false);
        assertThat(rows(longest, "[]").name()).isEqualTo("x".repeat(62) + "_0");
    }

    @Test
    void rowsOfSites() {
        LogicalNetwork plain = fabric.network("plain", false);
        assertThat(rows(plain, "[{\"vlanId\":7},{\"vlanId\":8,\"prefix\":\"10.60.0.0/24\"}]")
                        .prefixes())
                .hasSize(1);
        refused(Code.INVALID, "subnets.prefix", () -> rows(plain, "[{}]"));
        refused(Code.INVALID, "subnets[1].prefix", () -> rows(plain, "[{\"vlanId\":7},{\"vlanId\":7}]"));
        refused(Code.INVALID, "subnets.secondaryVlanId", () -> rows(plain, "[{\"vlanId\":7,\"secondaryVlanId\":8}]"));
        LogicalNetwork isolated =
                (LogicalNetwork) fabric.make(Kind.LOGICAL_NETWORK, named("pvlan") + field("mode", "PVLAN"));
        rows(isolated, "[{\"vlanId\":7,\"secondaryVlanId\":8}]");
        refused(Code.INVALID, "subnets.secondaryVlanId", () -> rows(isolated, "[{\"vlanId\":9}]"));
        refused(
                Code.INVALID,
                "subnets.secondaryVlanId",
                () -> rows(isolated, "[{\"vlanId\":9,\"secondaryVlanId\":9}]"));
        refused(Code.INVALID, "subnets", () -> rows(fabric.paNetwork, "[{\"vlanId\":7}]"));
    }

    @Test
    void hostsAreInTheGroupsOfTheirSite() {
        HostGroup europe = group("europe", "");
        HostGroup paris = group("paris", field("parentId", europe.id()));
        LogicalNetwork network = fabric.network("n", true);
        NetworkSite site = fabric.site("s", network, "10.50.0.0/24", groups(europe));
        IpPool pool = (IpPool) fabric.make(
                Kind.IP_POOL, named("p") + field("networkSiteId", site.id()) + field("prefix", "10.50.0.0/24"));
        String members = field("hostType", "HYPER_V") + field("paPoolId", pool.id());
        refused(Code.INVALID, "hostGroupId", () -> fabric.make(Kind.HOST, named("h1") + members));
        Host host = (Host) fabric.make(Kind.HOST, named("h1") + members + field("hostGroupId", paris.id()));
        refused(Code.INVALID, "hostGroupId", () -> fabric.patch(host, "\"hostGroupId\":null"));
        refused(Code.INVALID, "hostGroupId", () -> fabric.patch(paris, "\"parentId\":null"));
        fabric.patch(host, "\"hostGroupId\":\"" + europe.id() + "\"");
        fabric.patch(paris, "\"parentId\":null");
    }

    @Test
    void gatewayServesTheHostsOfItsGroups() {
        HostGroup europe = group("europe", "");
        Gateway gateway = fabric.gateway("g1", groups(europe));
        assertThat(gateway.manufacturer()).isEqualTo("nvgate");
        Host inside = fabric.host("inside", field("hostGroupId", europe.id()));
        Host outside = fabric.host("outside");
        VmNetwork blue = fabric.vmNetwork("blue");
        VmSubnet web = fabric.vmSubnet("web", blue, "192.168.1.0/24");
        Vm vm = fabric.vm("vm1", outside, web);
        refused(Code.INVALID, "gatewayId", () -> fabric.attach("gw", blue, gateway));
        fabric.manager.moveVm(vm.id(), inside.id());
        fabric.attach("gw", blue, gateway);
        refused(Code.INVALID, "hostId", () -> fabric.vm("vm2", outside, web));
        refused(Code.INVALID, "hostId", () -> fabric.manager.moveVm(vm.id(), outside.id()));
        refused(Code.INVALID, "hostGroupId", () -> fabric.patch(inside, "\"hostGroupId\":null"));
    }

    @Test
    void forwardingGatewayServesOneNetworkAndTranslatesNothing() {
        refused(
                Code.INVALID,
                "maxVmNetworks",
                () -> fabric.gateway("g1", ",\"directRouting\":true,\"maxVmNetworks\":2"));
        Gateway gateway = fabric.gateway("g1", ",\"directRouting\":true");
        assertThat(gateway.maxVmNetworks()).isEqualTo(1);
        VmNetworkGateway attached = fabric.attach("blue-gw", fabric.vmNetwork("blue"), gateway);
        refused(Code.QUOTA, "gatewayId", () -> fabric.attach("red-gw", fabric.vmNetwork("red"), gateway));
        refused(Code.INVALID, "vmNetworkGatewayId", () -> fabric.nat("nat", attached));
        refused(
                Code.INVALID,
                "vmNetworkGatewayId",
                () -> fabric.make(
                        Kind.NAT_ONE_TO_ONE,
                        named("one")
                                + field("vmNetworkGatewayId", attached.id())
                                + field("internalAddress", "192.168.1.2")));
        refused(Code.INVALID, "nat64Prefix", () -> fabric.patch(attached, "\"nat64Prefix\":\"64:ff9b::/96\""));
    }
}
