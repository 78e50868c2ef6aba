package net.nvgate.fabric.simulation;

import static net.nvgate.fabric.manager.TestFabric.field;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.VmSubnet;

/** Requests for new objects. */
final class Specs {

    /** What is made, and how often. */
    static final List<Kind> KINDS = List.of(
            Kind.HOST_GROUP,
            Kind.IP_POOL,
            Kind.ADDRESS_GRANT,
            Kind.ADDRESS_GRANT,
            Kind.MAC_POOL,
            Kind.MAC_GRANT,
            Kind.MAC_GRANT,
            Kind.HOST,
            Kind.HOST,
            Kind.GATEWAY,
            Kind.GATEWAY,
            Kind.SUBSCRIPTION,
            Kind.VM_NETWORK,
            Kind.VM_NETWORK,
            Kind.VM_SUBNET,
            Kind.VM_SUBNET,
            Kind.VM_SUBNET,
            Kind.VM_NETWORK_GATEWAY,
            Kind.VM_NETWORK_GATEWAY,
            Kind.PROVIDER_ADDRESS,
            Kind.VM,
            Kind.VM,
            Kind.VM,
            Kind.VM,
            Kind.VM,
            Kind.NAT_CONNECTION,
            Kind.NAT_CONNECTION,
            Kind.NAT_RULE,
            Kind.NAT_RULE,
            Kind.NAT_ONE_TO_ONE,
            Kind.NAT_EXEMPTION,
            Kind.TENANT_INTERFACE,
            Kind.VM_NETWORK_PEERING);

    private final Picks picks;

    Specs(Picks picks) {
        this.picks = picks;
    }

    Operation any() {
        return one(picks.of(KINDS));
    }

    Operation one(Kind kind) {
        return make(kind, picks.name() + members(kind));
    }

    static Operation make(Kind kind, String members) {
        return new Operation.Create(FabricJson.read("{" + members + "}", FabricSpec.type(kind)));
    }

    private String members(Kind kind) {
        return switch (kind) {
            case HOST_GROUP -> picks.oneIn(2) ? field("parentId", picks.any(Kind.HOST_GROUP)) : "";
            case IP_POOL -> ipPool();
            case ADDRESS_GRANT -> field("ipPoolId", picks.any(Kind.IP_POOL)) + (picks.oneIn(4) ? vip() : state());
            case MAC_POOL -> macPool();
            case MAC_GRANT -> macGrant();
            case HOST -> host();
            case GATEWAY -> gateway();
            case SUBSCRIPTION -> field("planId", picks.any(Kind.PLAN)) + field("owner", "c");
            case VM_NETWORK -> field("logicalNetworkId", picks.virtual()) + owner();
            case VM_SUBNET -> field("vmNetworkId", picks.any(Kind.VM_NETWORK)) + prefixes();
            case VM_NETWORK_GATEWAY -> attachment();
            case PROVIDER_ADDRESS ->
                field("hostId", picks.any(Kind.HOST)) + field("vmSubnetId", picks.any(Kind.VM_SUBNET));
            case VM -> vm();
            case NAT_CONNECTION -> field("vmNetworkGatewayId", picks.any(Kind.VM_NETWORK_GATEWAY)) + shared();
            case NAT_RULE -> natRule();
            case NAT_ONE_TO_ONE ->
                field("vmNetworkGatewayId", picks.any(Kind.VM_NETWORK_GATEWAY))
                        + field("internalAddress", picks.target());
            case NAT_EXEMPTION ->
                field("vmNetworkGatewayId", picks.any(Kind.VM_NETWORK_GATEWAY))
                        + field("sourcePrefix", picks.prefix())
                        + field("destinationPrefix", "198.18." + picks.number(2) + ".0/24");
            case TENANT_INTERFACE -> tenantInterface();
            case VM_NETWORK_PEERING ->
                field("vmNetworkId", picks.any(Kind.VM_NETWORK)) + field("peerVmNetworkId", picks.any(Kind.VM_NETWORK));
            default -> throw new IllegalArgumentException("nobody asks for a " + kind);
        };
    }

    private String ipPool() {
        int first = 10 + picks.number(3);
        return field("networkSiteId", picks.called(Kind.NETWORK_SITE, "small-site"))
                + field("prefix", "10.20.0.0/28")
                + field("rangeStart", "10.20.0." + first)
                + field("rangeEnd", "10.20.0." + (first + picks.number(3)));
    }

    private String vip() {
        return ",\"allocatedTo\":{\"type\":\"VIP\",\"text\":\"balancer\"}";
    }

    private String state() {
        return picks.oneIn(4) ? field("state", "INACTIVE") : "";
    }

    private String macPool() {
        int first = 8 * picks.number(6);
        return field("rangeStart", MacPool.DEFAULT_FIRST.plus(first))
                + field("rangeEnd", MacPool.DEFAULT_FIRST.plus(first + 3 + picks.number(8)))
                + scope();
    }

    private String macGrant() {
        return picks.object(MacPool.class)
                .map(pool -> field("macPoolId", pool.id())
                        + (picks.oneIn(2) ? field("mac", pool.rangeStart().plus(picks.number(6))) : "")
                        + state())
                .orElseGet(() -> field("macPoolId", picks.id()));
    }

    private String host() {
        boolean hyperV = picks.oneIn(3);
        return field("hostType", hyperV ? "HYPER_V" : "LINUX_OVS")
                + field("paPoolId", picks.called(Kind.IP_POOL, hyperV && picks.oneIn(2) ? "small6" : "small"))
                + (picks.oneIn(3) ? field("hostGroupId", picks.any(Kind.HOST_GROUP)) : "")
                + (picks.oneIn(8) ? ",\"maintenance\":true" : "");
    }

    private String scope() {
        return picks.oneIn(4) ? ",\"hostGroupIds\":[\"" + picks.any(Kind.HOST_GROUP) + "\"]" : "";
    }

    private String gateway() {
        String second = picks.oneIn(3)
                ? field("paPool6Id", picks.called(Kind.IP_POOL, "small6"))
                        + field("externalPool6Id", picks.called(Kind.IP_POOL, "front6"))
                : "";
        boolean direct = picks.oneIn(6);
        return field("paPoolId", picks.called(Kind.IP_POOL, "small"))
                + field("externalPoolId", picks.called(Kind.IP_POOL, "front"))
                + (direct ? ",\"directRouting\":true" : ",\"maxVmNetworks\":" + (1 + picks.number(2)))
                + second
                + scope();
    }

    private String owner() {
        return picks.oneIn(3) ? "" : field("subscriptionId", picks.any(Kind.SUBSCRIPTION));
    }

    String prefixes() {
        return field("prefix", picks.prefix()) + (picks.oneIn(3) ? field("prefix6", picks.prefix6()) : "");
    }

    private String attachment() {
        String gateway = field("gatewayId", picks.any(Kind.GATEWAY))
                + (picks.oneIn(4) ? field("wildcardRecords", "ALL_HOSTS") : "");
        Optional<VmSubnet> sharing = picks.oneIn(3) ? picks.object(VmSubnet.class) : Optional.empty();
        return sharing.map(subnet -> field("vmNetworkId", subnet.vmNetworkId()) + field("vmSubnetId", subnet.id()))
                        .orElseGet(() -> field("vmNetworkId", picks.any(Kind.VM_NETWORK)))
                + gateway;
    }

    private String vm() {
        int nics = 1 + (picks.oneIn(4) ? 1 : 0);
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < nics; i++) {
            list.append(i == 0 ? "" : ",").append(nic(picks.any(Kind.VM_SUBNET)));
        }
        return field("hostId", picks.any(Kind.HOST)) + owner() + ",\"vcpus\":" + (1 + picks.number(3))
                + ",\"memoryMb\":" + 1024 * picks.number(3) + ",\"nics\":[" + list + "]";
    }

    private String nic(UUID subnet) {
        String guest = picks.oneIn(2)
                ? field("addressing", "GUEST_SPECIFIED")
                        + field("portClassificationId", picks.any(Kind.PORT_CLASSIFICATION))
                : "";
        return "{\"vmSubnetId\":\"" + subnet + "\"" + guest
                + (picks.oneIn(3) ? field("address", picks.target()) : "")
                + (picks.oneIn(5) ? field("mac", picks.ownMac()) : "") + "}";
    }

    /** Now and then the address that another connection has, with half of the ports. */
    private String shared() {
        Optional<NatConnection> other = picks.oneIn(2) ? picks.object(NatConnection.class) : Optional.empty();
        return other.map(nat ->
                        field("externalAddress", nat.externalAddress()) + (picks.oneIn(2) ? ",\"portMin\":30001" : ""))
                .orElse(",\"portMax\":30000");
    }

    private String natRule() {
        return field("natConnectionId", picks.any(Kind.NAT_CONNECTION)) + field("protocol", "TCP")
                + field("internalAddress", picks.target()) + ",\"externalPort\":" + (80 + picks.number(4))
                + ",\"portCount\":" + (1 + picks.number(2)) + ",\"internalPort\":80";
    }

    private String tenantInterface() {
        return field("vmNetworkGatewayId", picks.any(Kind.VM_NETWORK_GATEWAY)) + field("side", "FRONT_END")
                + ",\"vlanId\":" + (1 + picks.number(3)) + ",\"addresses\":[" + interfaceAddress() + "]";
    }

    String interfaceAddress() {
        return "{\"address\":\"192.168." + picks.number(4) + ".1\",\"prefixLength\":24}";
    }
}
