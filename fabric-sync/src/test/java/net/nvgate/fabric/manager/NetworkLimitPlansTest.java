package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LimitMode;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NetworkLimits;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of plans that gateways enforce. */
class NetworkLimitPlansTest extends SqliteFabric {

    private Gateway gateway;
    private FabricObject cloud;
    private FabricObject bronze;
    private FabricObject tenant;
    private VmNetworkGateway attached;

    @BeforeEach
    void make() {
        gateway = fabric.gateway("gateway", 50);
        cloud = fabric.make(Kind.CLOUD, named("cloud"));
        bronze = plan("bronze", "\"ports\":1000,\"inboundKbps\":500");
        tenant = fabric.make(
                Kind.SUBSCRIPTION, named("tenant") + field("planId", bronze.id()) + field("owner", "tenant"));
        attached = attach("first", ",\"quota\":{\"ports\":400,\"sessions\":70}");
    }

    private FabricObject plan(String name, String limits) {
        return fabric.make(Kind.PLAN, named(name) + field("cloudId", cloud.id()) + ",\"limits\":{" + limits + "}");
    }

    private VmNetworkGateway attach(String name, String more) {
        VmNetwork network = (VmNetwork) fabric.make(
                Kind.VM_NETWORK,
                named(name) + field("logicalNetworkId", fabric.paNetwork.id()) + field("subscriptionId", tenant.id()));
        return fabric.attach(name, network, gateway, more);
    }

    private NetworkLimits limits(VmNetworkGateway of) {
        return fabric.manager.get(VmNetworkGateway.class, of.id()).planLimits();
    }

    @Test
    void theyArriveWithTheGatewayAndFollowThePlan() {
        assertThat(attached.planLimits()).isEqualTo(new NetworkLimits(1000, 0, 0, 500, 0, 0, 0));
        VmNetworkGateway free = fabric.attach("free", fabric.vmNetwork("free"), gateway);
        assertThat(free.planLimits()).isEqualTo(NetworkLimits.NONE);
        VmNetworkGateway second = attach("second", "");

        fabric.patch(bronze, "\"limits\":{\"ports\":300,\"sessions\":50}");
        NetworkLimits less = new NetworkLimits(300, 50, 0, 500, 0, 0, 0);
        assertThat(List.of(limits(attached), limits(second))).containsOnly(less);
        assertThat(fabric.manager.get(VmNetworkGateway.class, free.id())).isEqualTo(free);
        assertThat(less.applied(attached.quota()).ports()).isEqualTo(300);
        assertThat(less.applied(attached.quota()).sessions()).isEqualTo(50);
        assertThat(less.applied(attached.quota()).sessionsPerSecond()).isZero();
        assertThat(less.applied(attached.limits())).isEqualTo(new Bandwidth(500, 0));

        FabricObject gold = plan("gold", "\"sessionsPerSecond\":9");
        fabric.patch(tenant, "\"planId\":\"" + gold.id() + "\"");
        assertThat(List.of(limits(attached), limits(second))).containsOnly(new NetworkLimits(0, 0, 9, 0, 0, 0, 0));
    }

    @Test
    void whatDoesNotTouchThemLeavesGatewaysAlone() {
        fabric.patch(bronze, "\"limits\":{\"vms\":3},\"description\":\"new\"");
        fabric.patch(tenant, "\"owner\":\"another\"");
        assertThat(fabric.manager.get(VmNetworkGateway.class, attached.id())).isEqualTo(attached);
    }

    @Test
    void nobodyIsGivenMoreThanThePlan() {
        assertThat(refused(Code.QUOTA, "quota.ports", () -> fabric.patch(attached, "\"quota\":{\"ports\":1001}")))
                .hasMessageContaining("is limited to 1000 by plan 'bronze', not '1001'");
        NatConnection nat = fabric.nat("nat", attached, ",\"maximumBandwidthInboundKbps\":500");
        refused(
                Code.QUOTA,
                "maximumBandwidthInboundKbps",
                () -> fabric.patch(nat, "\"maximumBandwidthInboundKbps\":501"));
        fabric.patch(nat, "\"maximumBandwidthOutboundKbps\":9999999");

        fabric.patch(bronze, "\"limits\":{\"ports\":1}");
        VmNetworkGateway changed = fabric.patch(attached, "\"pcp\":true");
        assertThat(changed.quota().ports()).isEqualTo(400);
        assertThat(changed.planLimits().ports()).isEqualTo(1);
        refused(Code.QUOTA, "quota.ports", () -> fabric.patch(changed, "\"quota\":{\"ports\":399}"));
    }

    @Test
    void theyAreNotSetByHand() {
        refused(Code.INVALID, "planLimits", () -> fabric.patch(attached, "\"planLimits\":{\"ports\":7}"));
    }

    @Test
    void ofLimitsOfItsOwnAndThePlansTheLowerCounts() {
        FabricObject narrow =
                fabric.patch(attached, "\"limits\":{\"inboundKbps\":400,\"outboundKbps\":70,\"mode\":\"SHAPE\"}");
        assertThat(((VmNetworkGateway) narrow).effectiveLimits())
                .isEqualTo(new Bandwidth(400, 70, 0, 0, LimitMode.SHAPE));
        assertThatThrownBy(() -> fabric.patch(narrow, "\"limits\":{\"inboundKbps\":501}"))
                .hasMessageContaining("limits.inboundKbps")
                .hasMessageContaining("500");

        fabric.patch(bronze, "\"limits\":{\"inboundKbps\":300,\"outboundPacketsPerSecond\":9}");
        assertThat(fabric.manager.get(VmNetworkGateway.class, attached.id()).effectiveLimits())
                .isEqualTo(new Bandwidth(300, 70, 0, 9, LimitMode.SHAPE));
    }
}
