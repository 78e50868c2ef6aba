package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;

/**
 * The way of a VM network to the physical network, by one gateway. It has a virtual subnet of its own.
 *
 * @param routingSubnet the subnet that holds only the gateway and the distributed router
 * @param vsid the gateway VSID: key of frames from VMs to the gateway
 * @param address the gateway's CA: the second usable one
 * @param mac MAC of the gateway's record: inner destination of frames to it
 * @param routerAddress the distributed router's CA: the first usable one
 */
public record VmNetworkGateway(
        UUID id,
        String name,
        String description,
        UUID vmNetworkId,
        UUID gatewayId,
        IpPrefix routingSubnet,
        Vsid vsid,
        IpAddress address,
        MacAddress mac,
        IpAddress routerAddress,
        MacAddress routerMac,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    /** VMM's default routing subnet. */
    public static final IpPrefix ROUTING_SUBNET_DEFAULT = IpPrefix.parse("10.254.254.0/29");

    public VmNetworkGateway {
        Rules.identity(Kind.VM_NETWORK_GATEWAY, id, name);
        description = Rules.description(Kind.VM_NETWORK_GATEWAY.label(), description);
        Rules.revisions(Kind.VM_NETWORK_GATEWAY, createdRevision, changedRevision);
        String kind = Kind.VM_NETWORK_GATEWAY.label();
        Rules.required(kind, "vmNetworkId", vmNetworkId);
        Rules.required(kind, "gatewayId", gatewayId);
        VmSubnet.hosting(kind, "routingSubnet", routingSubnet, 2);
        Rules.required(kind, "vsid", vsid);
        Rules.usable(kind, "address", address, routingSubnet);
        Rules.unicast(kind, "mac", mac);
        Rules.usable(kind, "routerAddress", routerAddress, routingSubnet);
        Rules.unicast(kind, "routerMac", routerMac);
        if (address.equals(routerAddress)) {
            throw new ModelException(kind, "routerAddress", routerAddress, "must differ from the gateway's address");
        }
        if (mac.equals(routerMac)) {
            throw new ModelException(kind, "routerMac", routerMac, "must differ from the gateway's MAC");
        }
    }

    @Override
    public Kind kind() {
        return Kind.VM_NETWORK_GATEWAY;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(vmNetworkId, gatewayId);
    }

    @Override
    public VmNetworkGateway renamed(String name, String description) {
        return new VmNetworkGateway(
                id,
                name,
                description,
                vmNetworkId,
                gatewayId,
                routingSubnet,
                vsid,
                address,
                mac,
                routerAddress,
                routerMac,
                createdRevision,
                changedRevision);
    }

    @Override
    public VmNetworkGateway atRevision(long createdRevision, long changedRevision) {
        return new VmNetworkGateway(
                id,
                name,
                description,
                vmNetworkId,
                gatewayId,
                routingSubnet,
                vsid,
                address,
                mac,
                routerAddress,
                routerMac,
                createdRevision,
                changedRevision);
    }
}
