package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import org.junit.jupiter.api.Test;

/** A rule is asked of what changes: an object can be described, whatever has changed around it. */
class ChangedRulesTest extends SqliteFabric {

    private static String ids(String name, FabricObject object) {
        return ",\"" + name + "\":[\"" + object.id() + "\"]";
    }

    @Test
    void vmOutsideItsNarrowedCloudCanBeChanged() {
        Host host = fabric.host("h1");
        FabricObject cloud = fabric.make(Kind.CLOUD, named("cloud"));
        FabricObject plan = fabric.make(Kind.PLAN, named("plan") + field("cloudId", cloud.id()));
        FabricObject tenant = fabric.make(
                Kind.SUBSCRIPTION, named("t") + field("planId", plan.id()) + field("owner", "a@example.org"));
        VmNetwork network = (VmNetwork) fabric.make(
                Kind.VM_NETWORK,
                named("blue")
                        + field("logicalNetworkId", fabric.paNetwork.id())
                        + field("subscriptionId", tenant.id()));
        VmSubnet web = fabric.vmSubnet("web", network, "192.168.1.0/24");
        Vm vm = (Vm) fabric.make(
                Kind.VM,
                named("vm") + field("hostId", host.id()) + field("subscriptionId", tenant.id())
                        + ",\"nics\":[{\"vmSubnetId\":\"" + web.id() + "\"}]");
        fabric.patch(cloud, ids("hostIds", fabric.host("h2")).substring(1));
        assertThat(fabric.patch(vm, "\"description\":\"stays\",\"vcpus\":2").vcpus())
                .isEqualTo(2);
        Vm own = fabric.patch(vm, "\"subscriptionId\":null");
        refused(Code.INVALID, "hostId", () -> fabric.patch(own, "\"subscriptionId\":\"" + tenant.id() + "\""));
    }

    @Test
    void hostGroupStaysWhereUplinkPortProfilesNeedIt() {
        FabricObject top = fabric.make(Kind.HOST_GROUP, named("top"));
        FabricObject below = fabric.make(Kind.HOST_GROUP, named("below") + field("parentId", top.id()));
        NetworkSite one = fabric.site("one", fabric.paNetwork, "10.1.0.0/24", ids("hostGroupIds", top));
        NetworkSite two = fabric.site("two", fabric.paNetwork, "10.2.0.0/24", ids("hostGroupIds", below));
        FabricObject profile = fabric.make(
                Kind.UPLINK_PORT_PROFILE,
                named("uplink") + ",\"networkSiteIds\":[\"" + one.id() + "\",\"" + two.id() + "\"]");
        refused(Code.INVALID, "networkSiteIds", () -> fabric.patch(below, "\"parentId\":null"));
        fabric.manager.delete(Kind.UPLINK_PORT_PROFILE, profile.id());
        fabric.patch(below, "\"parentId\":null");
    }

    @Test
    void vmSubnetHoldsNoDestinationOfARoute() {
        VmNetwork blue = fabric.vmNetwork("blue");
        fabric.vmSubnet("web", blue, "192.168.1.0/24");
        VmNetworkGateway attached = fabric.attach("blue", blue, fabric.gateway("g", 50));
        String route = "{\"destinationPrefix\":\"172.16.1.0/24\",\"nextHops\":[\"192.168.1.9\"]}";
        fabric.patch(attached, "\"routes\":[" + route + "]");
        assertThat(refused(Code.CONFLICT, "prefix", () -> fabric.vmSubnet("app", blue, "172.16.0.0/16")))
                .hasMessageContaining("172.16.1.0/24, to which vm-network-gateway 'blue' has a route");
        fabric.vmSubnet("inside", blue, "172.16.1.0/28");
        String own = "{\"destinationPrefix\":\"10.254.254.4/30\",\"nextHops\":[\"192.168.1.9\"]}";
        refused(
                Code.INVALID,
                "routes.destinationPrefix",
                () -> fabric.patch(attached, "\"routes\":[" + route + "," + own + "]"));
    }
}
