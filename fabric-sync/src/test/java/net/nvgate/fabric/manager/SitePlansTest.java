package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Vm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of logical networks and network sites. */
class SitePlansTest extends SqliteFabric {

    private NetworkSite site;

    @BeforeEach
    void make() {
        site = fabric.manager.get(
                NetworkSite.class, fabric.paPool.networkSiteId().orElseThrow());
    }

    private void inUse(String user, String members) {
        assertThat(refused(Code.IN_USE, "", () -> fabric.patch(site, members)).users())
                .extracting(ObjectUser::name)
                .containsExactly(user);
    }

    @Test
    void subnetsComeAndGoButNotThoseWithPools() {
        String own = "{\"prefix\":\"10.10.0.0/24\"}";
        String more = "{\"prefix\":\"10.11.0.0/24\",\"vlanId\":11}";
        assertThat(fabric.patch(site, "\"subnets\":[" + own + "," + more + "]").subnets())
                .hasSize(2);
        FabricObject pool = fabric.make(
                Kind.IP_POOL, named("more") + field("networkSiteId", site.id()) + field("prefix", "10.11.0.0/24"));
        inUse("more", "\"subnets\":[" + own + "]");
        inUse("more", "\"subnets\":[" + own + ",{\"prefix\":\"10.11.0.0/24\",\"vlanId\":12}]");
        fabric.manager.delete(Kind.IP_POOL, pool.id());
        fabric.patch(site, "\"subnets\":[" + own + "]");
        NetworkSite other = fabric.site("other", fabric.network("other", true), "10.12.0.0/24");
        refused(
                Code.CONFLICT,
                "subnets.prefix",
                () -> fabric.patch(
                        other, "\"subnets\":[{\"prefix\":\"10.12.0.0/24\"},{\"prefix\":\"10.10.0.128/25\"}]"));
        refused(Code.INVALID, "subnets", () -> fabric.patch(other, "\"subnets\":[{\"vlanId\":12}]"));
    }

    @Test
    void mtuIsThatOfTheVmsThere() {
        Host host = fabric.host("h1");
        assertThat(fabric.patch(site, "\"mtu\":9000").mtu()).isEqualTo(9000);
        Vm vm = fabric.vm("vm", host, fabric.vmSubnet("web", fabric.vmNetwork("blue"), "192.168.1.0/24"));
        inUse("vm", "\"mtu\":1500");
        fabric.manager.delete(Kind.VM, vm.id());
        fabric.patch(site, "\"mtu\":1322");
    }

    @Test
    void mtuLeavesRoomBetweenIpv6ProviderAddresses() {
        NetworkSite six = fabric.site("six", fabric.paNetwork, "fd10::/64");
        IpPool pool = (IpPool) fabric.make(
                Kind.IP_POOL, named("six") + field("networkSiteId", six.id()) + field("prefix", "fd10::/64"));
        fabric.make(Kind.HOST, named("h6") + field("hostType", "HYPER_V") + field("paPoolId", pool.id()));
        refused(Code.INVALID, "mtu", () -> fabric.patch(six, "\"mtu\":1341"));
        fabric.patch(six, "\"mtu\":1342");
    }

    @Test
    void hostsStayServed() {
        FabricObject east = fabric.make(Kind.HOST_GROUP, named("east"));
        FabricObject west = fabric.make(Kind.HOST_GROUP, named("west"));
        fabric.host("h1", field("hostGroupId", east.id()));
        inUse("h1", "\"hostGroupIds\":[\"" + west.id() + "\"]");
        fabric.patch(site, "\"hostGroupIds\":[\"" + west.id() + "\",\"" + east.id() + "\"]");
        NetworkSite other =
                fabric.site("other", fabric.paNetwork, "10.1.0.0/24", ",\"hostGroupIds\":[\"" + west.id() + "\"]");
        fabric.make(
                Kind.UPLINK_PORT_PROFILE,
                named("up") + ",\"networkSiteIds\":[\"" + site.id() + "\",\"" + other.id() + "\"]");
        refused(Code.INVALID, "networkSiteIds", () -> fabric.patch(site, "\"hostGroupIds\":[\"" + east.id() + "\"]"));
        refused(
                Code.REFERENCE_NOT_FOUND,
                "hostGroupIds",
                () -> fabric.patch(site, "\"hostGroupIds\":[\"" + UUID.randomUUID() + "\"]"));
    }

    @Test
    void logicalNetworkIsChangedUntilThereIsSomethingOfIt() {
        LogicalNetwork network = fabric.network("new", false);
        fabric.patch(network, "\"mode\":\"PVLAN\"");
        fabric.make(Kind.CLOUD, named("cloud") + ",\"logicalNetworkIds\":[\"" + network.id() + "\"]");
        LogicalNetwork virtual = fabric.patch(
                network,
                "\"mode\":\"ONE_CONNECTED\",\"networkVirtualization\":true,\"providerAddressing\":\"PER_HOST_AND_VSID\"");
        assertThat(virtual.providerAddressing()).isEqualTo(LogicalNetwork.ProviderAddressing.PER_HOST_AND_VSID);
        fabric.site("new-site", virtual, "10.1.0.0/24");
        assertThat(refused(Code.IN_USE, "", () -> fabric.patch(virtual, "\"providerAddressing\":\"PER_HOST\""))
                        .users())
                .extracting(ObjectUser::name)
                .containsExactly("new-site");
        fabric.patch(virtual, "\"name\":\"renamed\"");
        refused(Code.INVALID, "sameNameVmNetwork", () -> fabric.patch(virtual, "\"sameNameVmNetwork\":true"));
    }
}
