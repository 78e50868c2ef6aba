package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.Refusals.refused;
import static net.nvgate.fabric.manager.TestFabric.field;
import static net.nvgate.fabric.manager.TestFabric.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.manager.FabricException.Code;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.VirtualSubnet;
import net.nvgate.fabric.policy.PolicyProjection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that is taken out of use, and VM networks that move to another. */
class GatewayDrainTest extends SqliteFabric {

    private Gateway old;

    @BeforeEach
    void gateway() {
        old = fabric.gateway("gw-1", "");
    }

    private VmNetworkGateway attached(String name) {
        VmNetwork network = fabric.vmNetwork(name);
        fabric.vmSubnet("web", network, "192.168.1.0/24");
        return fabric.attach(name, network, old);
    }

    private FabricChange drain() {
        return drain(true);
    }

    private FabricChange drain(boolean moveNetworks) {
        return fabric.manager.run(ChangeRequest.of(new Operation.Drain(old.id(), moveNetworks, Optional.empty())));
    }

    private UUID gatewayOf(VmNetworkGateway attachment) {
        return fabric.manager.get(VmNetworkGateway.class, attachment.id()).gatewayId();
    }

    /** Why networks cannot leave the gateway, by name. */
    private Map<String, String> reasons() {
        return fabric.manager.networks(old.id(), 10).networks().stream()
                .collect(Collectors.toMap(
                        served -> served.network().name(),
                        served -> served.stays().orElse("can move")));
    }

    @Test
    void noVmNetworkComesToIt() {
        VmNetworkGateway blue = attached("blue");
        Gateway other = fabric.gateway("gw-2", "");
        assertThat(drain(false).results()).containsExactly(fabric.manager.get(Gateway.class, old.id()));
        assertThat(fabric.manager.get(Gateway.class, old.id()).draining()).isTrue();
        assertThat(gatewayOf(blue)).as("it was not asked to leave").isEqualTo(old.id());
        refused(Code.CONFLICT, "gatewayId", () -> fabric.attach("red", fabric.vmNetwork("red"), old));
        VmNetworkGateway green = fabric.attach("green", fabric.vmNetwork("green"), other);
        refused(
                Code.CONFLICT,
                "gatewayId",
                () -> fabric.patch(green, field("gatewayId", old.id()).substring(1)));
        fabric.patch(old, "\"draining\":false");
        assertThat(fabric.patch(green, field("gatewayId", old.id()).substring(1))
                        .gatewayId())
                .isEqualTo(old.id());
    }

    @Test
    void networksGoToTheOtherGatewayWithAllTheyHave() {
        VmNetworkGateway blue = attached("blue");
        Gateway other = fabric.gateway("gw-2", "");
        Host host = fabric.host("h1");
        VmSubnet web = (VmSubnet) fabric.manager.list(Kind.VM_SUBNET, "web").getFirst();
        fabric.vm("vm1", host, web);
        NatConnection nat = fabric.nat("blue-nat", blue);
        TenantInterface office = vlan("office", blue, 100);
        NodeId host1 = new NodeId(NodeId.Kind.HOST, "h1");
        try (PolicyProjection policy = new PolicyProjection(store, 100, new SimpleMeterRegistry())) {
            FabricChange change = drain();
            policy.preview(change.revision(), List.of()); // waits for it
            assertThat(gatewayOf(blue)).isEqualTo(other.id());
            assertThat(fabric.manager.get(NatConnection.class, nat.id())).isEqualTo(nat);
            assertThat(policy.snapshot(new NodeId(NodeId.Kind.GATEWAY, "gw-1")).objects())
                    .noneMatch(VirtualSubnet.class::isInstance);
            assertThat(policy.snapshot(new NodeId(NodeId.Kind.GATEWAY, "gw-2")).objects())
                    .anyMatch(VirtualSubnet.class::isInstance);
            assertThat(policy.snapshot(host1).objects())
                    .filteredOn(object -> object instanceof LookupRecord record
                            && record.customerAddress().equals(blue.address()))
                    .extracting(object -> ((LookupRecord) object).providerAddress())
                    .containsExactly(other.providerAddress());
        }
        refused(Code.CONFLICT, "vlanId", () -> vlan("taken", attachedTo("red", other), 100));
        assertThat(vlan("again", attachedTo("green", fabric.patch(old, "\"draining\":false")), 100)
                        .vlanId())
                .as("the VLAN is free on the gateway that it left")
                .isEqualTo(office.vlanId());
    }

    private VmNetworkGateway attachedTo(String name, Gateway gateway) {
        return fabric.attach(name, fabric.vmNetwork(name), gateway);
    }

    private TenantInterface vlan(String name, VmNetworkGateway attachment, int vlan) {
        return (TenantInterface) fabric.make(
                Kind.TENANT_INTERFACE,
                named(name) + field("vmNetworkGatewayId", attachment.id()) + field("side", "FRONT_END") + ",\"vlanId\":"
                        + vlan + ",\"addresses\":[{\"address\":\"172.16.0.1\",\"prefixLength\":29}]");
    }

    @Test
    void withOneGatewayAllStays() {
        VmNetworkGateway blue = attached("blue");
        assertThat(drain().changes()).extracting(change -> change.any().name()).containsExactly("gw-1");
        assertThat(gatewayOf(blue)).isEqualTo(old.id());
        assertThat(reasons())
                .containsExactly(Map.entry(
                        "blue", "there is no other gateway that takes VM networks on logical-network 'pa-network'"));
    }

    @Test
    void onlyTheFirstAreLookedAt() {
        VmNetworkGateway blue = attached("blue");
        VmNetworkGateway green = attachedTo("green", old);
        VmNetworkGateway red = attachedTo("red", old);
        fabric.gateway("gw-2", ",\"maxVmNetworks\":1");
        GatewayNetworks two = fabric.manager.networks(old.id(), 2);
        assertThat(two.count()).isEqualTo(3);
        assertThat(two.revision()).isEqualTo(fabric.manager.revision());
        assertThat(two.networks())
                .extracting(
                        GatewayNetworks.Served::attachment,
                        served -> served.stays().isPresent())
                .containsExactly(tuple(blue, false), tuple(green, true));
        assertThat(fabric.manager.networks(old.id(), 3).networks())
                .extracting(GatewayNetworks.Served::attachment)
                .containsExactly(blue, green, red);
    }

    @Test
    void whatCannotMoveStaysAndSaysWhy() {
        VmNetworkGateway free = attached("free");
        VmNetworkGateway clash = attached("clash");
        vlan("clash", clash, 100);
        VmNetworkGateway routed = attached("routed");
        fabric.make(
                Kind.NAT_EXEMPTION,
                named("direct")
                        + field("vmNetworkGatewayId", routed.id())
                        + field("sourcePrefix", "192.168.1.0/24")
                        + field("destinationPrefix", "10.50.0.0/16"));
        Gateway other = fabric.gateway("gw-2", ",\"maxVmNetworks\":2");
        vlan("there", attachedTo("there", other), 100);
        drain();
        assertThat(gatewayOf(free)).isEqualTo(other.id());
        assertThat(gatewayOf(clash)).isEqualTo(old.id());
        assertThat(gatewayOf(routed)).isEqualTo(old.id());
        assertThat(reasons()).hasSize(2);
        assertThat(reasons().get("clash")).contains("gateway 'gw-2'", "maxVmNetworks = 2");
        assertThat(reasons().get("routed")).contains("192.168.1.0/24", "nat-exemption 'direct'");
        Gateway third = fabric.gateway("gw-3", "");
        vlan("also", attachedTo("also", third), 100);
        assertThat(reasons().get("clash")).contains("gateway 'gw-3'", "tenant-interface 'clash'");
        assertThat(fabric.patch(routed, field("gatewayId", third.id()).substring(1))
                        .gatewayId())
                .as("who has changed the route outside says so")
                .isEqualTo(third.id());
    }

    @Test
    void whatMustBeOnOneGatewayGoesTogether() {
        VmNetworkGateway red = attached("red");
        VmNetworkGateway green = attachedTo("green", old);
        VmSubnet far =
                fabric.vmSubnet("far", fabric.manager.get(VmNetwork.class, green.vmNetworkId()), "192.168.2.0/24");
        VmNetworkGateway sharer = attached("sharer");
        NatConnection nat = fabric.nat("red-nat", red, ",\"portMin\":1024,\"portMax\":20000");
        fabric.nat(
                "sharer-nat",
                sharer,
                field("externalAddress", nat.externalAddress()) + ",\"portMin\":20001,\"portMax\":30000");
        fabric.make(
                Kind.VM_NETWORK_PEERING,
                named("peering")
                        + field("vmNetworkId", red.vmNetworkId())
                        + field("peerVmNetworkId", far.vmNetworkId()));
        Gateway small = fabric.gateway("gw-2", ",\"maxVmNetworks\":2");
        drain();
        assertThat(List.of(gatewayOf(red), gatewayOf(green), gatewayOf(sharer))).containsOnly(old.id());
        assertThat(reasons().get("green")).contains("with 2 more that it is bound to", "maxVmNetworks = 2");
        refused(
                Code.QUOTA,
                "gatewayId",
                () -> fabric.patch(red, field("gatewayId", small.id()).substring(1)));
        Gateway large = fabric.gateway("gw-3", "");
        FabricChange change = drain();
        assertThat(List.of(gatewayOf(red), gatewayOf(green), gatewayOf(sharer))).containsOnly(large.id());
        assertThat(change.changes()).hasSize(3);
    }

    @Test
    void aGatewayOnAnotherNetworkOutsideTakesNoNat() {
        VmNetworkGateway blue = attached("blue");
        fabric.nat("blue-nat", blue);
        var elsewhere = fabric.pool("elsewhere", fabric.network("elsewhere", false), "198.51.100.0/24", "198.51.100.1");
        fabric.make(
                Kind.GATEWAY,
                named("gw-2") + field("paPoolId", fabric.paPool.id()) + field("externalPoolId", elsewhere.id()));
        drain();
        assertThat(reasons().get("blue")).contains("nat-connection 'blue-nat'", "external port of gateway 'gw-2'");
    }
}
