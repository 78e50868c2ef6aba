package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.VmNetworkGateway;
import org.junit.jupiter.api.Test;

/** Which gateway a tenant's virtual network gets. */
class GatewayChoiceTest extends SqliteFabric {

    private static String ids(String name, FabricObject object) {
        return ",\"" + name + "\":[\"" + object.id() + "\"]";
    }

    private FabricObject tenant(String name, String cloudScope) {
        FabricObject cloud = fabric.make(Kind.CLOUD, named(name) + cloudScope);
        FabricObject plan = fabric.make(Kind.PLAN, named(name) + field("cloudId", cloud.id()));
        return fabric.make(
                Kind.SUBSCRIPTION, named(name) + field("planId", plan.id()) + field("owner", "a@example.org"));
    }

    private ChangeRequest request(FabricObject tenant, String name) {
        VirtualNetworkSpec spec = FabricJson.read(
                "{" + named(name) + field("prefix", "192.168.1.0/24") + field("logicalNetworkId", fabric.paNetwork.id())
                        + ",\"nat\":{}}",
                VirtualNetworkSpec.class);
        return fabric.manager.newVirtualNetwork(tenant.id(), spec);
    }

    private UUID gateway(ChangeRequest request) {
        return fabric.manager.run(request).results().stream()
                .filter(VmNetworkGateway.class::isInstance)
                .map(object -> ((VmNetworkGateway) object).gatewayId())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itServesTheHostsOfTheCloud() {
        FabricObject east = fabric.make(Kind.HOST_GROUP, named("east"));
        FabricObject west = fabric.make(Kind.HOST_GROUP, named("west"));
        fabric.gateway("a-west", ids("hostGroupIds", west));
        Gateway eastern = fabric.gateway("b-east", ids("hostGroupIds", east));
        FabricObject tenant = tenant("eastern", ids("hostGroupIds", east));
        assertThat(gateway(request(tenant, "before-hosts"))).isEqualTo(eastern.id());
        fabric.host("h-east", field("hostGroupId", east.id()));
        assertThat(gateway(request(tenant, "n1"))).isEqualTo(eastern.id());
        Gateway everywhere = fabric.gateway("c-all", "");
        fabric.host("h-west", field("hostGroupId", west.id()));
        assertThat(gateway(request(tenant("both", ""), "n2")))
                .as("serves most hosts")
                .isEqualTo(everywhere.id());
        fabric.host("h-west2", field("hostGroupId", west.id()));
        FabricObject nowhere = tenant("nowhere", ids("hostGroupIds", fabric.make(Kind.HOST_GROUP, named("north"))));
        fabric.host("h-north");
        assertThat(gateway(request(nowhere, "n3"))).isEqualTo(everywhere.id());
    }

    @Test
    void itHasAProviderAddressOfTheHostsFamily() {
        UUID site = fabric.site("pa6-site", fabric.paNetwork, "fd10::/64").id();
        IpPool six = (IpPool)
                fabric.make(Kind.IP_POOL, named("pa6") + field("networkSiteId", site) + field("prefix", "fd10::/64"));
        FabricObject host =
                fabric.make(Kind.HOST, named("h6") + field("hostType", "HYPER_V") + field("paPoolId", six.id()));
        fabric.gateway("a-four", "");
        ChangeRequest early = request(tenant("six", ids("hostIds", host)), "n1");
        refused(Code.EXHAUSTED, "gatewayId", () -> fabric.manager.run(early));
        Gateway both = fabric.gateway("b-both", field("paPool6Id", six.id()));
        assertThat(gateway(early)).isEqualTo(both.id());
    }

    /** The request is made while the first has room, and carried out when it has none. */
    @Test
    void itIsChosenWhenTheRequestIsCarriedOut() {
        Gateway first = fabric.gateway("a", 1);
        Gateway second = fabric.gateway("b", 1);
        FabricObject tenant = tenant("t", "");
        ChangeRequest one = request(tenant, "n1");
        ChangeRequest two = request(tenant, "n2");
        ChangeRequest three = request(tenant, "n3");
        assertThat(gateway(one)).isEqualTo(first.id());
        assertThat(gateway(two)).isEqualTo(second.id());
        refused(Code.EXHAUSTED, "gatewayId", () -> fabric.manager.run(three));
    }
}
