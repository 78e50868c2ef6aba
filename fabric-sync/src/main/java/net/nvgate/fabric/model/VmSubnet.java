package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A virtual subnet of a VM network.
 *
 * @param prefix disjoint from the other prefixes of the routing domain
 * @param vsid unique in the fabric
 * @param defaultGateway the distributed router's address: the first usable one
 * @param defaultGatewayMac the distributed router's MAC
 * @param ipPoolId the pool that CAs come from; made and deleted with the subnet
 */
public record VmSubnet(
        UUID id,
        String name,
        String description,
        UUID vmNetworkId,
        IpPrefix prefix,
        Vsid vsid,
        IpAddress defaultGateway,
        MacAddress defaultGatewayMac,
        UUID ipPoolId,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    /** @throws ModelException unless the prefix is unicast and has a network, a broadcast and two more addresses */
    static void hosting(String object, String field, @Nullable IpPrefix value, int hostBitsMin) {
        IpPrefix prefix = Rules.required(object, field, value);
        int longest = prefix.address().bits() - hostBitsMin;
        if (prefix.length() < 1 || prefix.length() > longest) {
            throw new ModelException(object, field, prefix, "must have a length of 1.." + longest);
        }
        if (prefix.address().isMulticast() || prefix.address().isUnspecified()) {
            throw new ModelException(object, field, prefix, "must be a unicast prefix");
        }
    }

    public VmSubnet {
        Rules.identity(Kind.VM_SUBNET, id, name);
        description = Rules.description(Kind.VM_SUBNET.label(), description);
        Rules.revisions(Kind.VM_SUBNET, createdRevision, changedRevision);
        String kind = Kind.VM_SUBNET.label();
        Rules.required(kind, "vmNetworkId", vmNetworkId);
        hosting(kind, "prefix", prefix, 2);
        Rules.required(kind, "vsid", vsid);
        Rules.usable(kind, "defaultGateway", defaultGateway, prefix);
        Rules.unicast(kind, "defaultGatewayMac", defaultGatewayMac);
        Rules.required(kind, "ipPoolId", ipPoolId);
    }

    @Override
    public Kind kind() {
        return Kind.VM_SUBNET;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(vmNetworkId, ipPoolId);
    }

    @Override
    public VmSubnet renamed(String name, String description) {
        return new VmSubnet(
                id,
                name,
                description,
                vmNetworkId,
                prefix,
                vsid,
                defaultGateway,
                defaultGatewayMac,
                ipPoolId,
                createdRevision,
                changedRevision);
    }

    @Override
    public VmSubnet atRevision(long createdRevision, long changedRevision) {
        return new VmSubnet(
                id,
                name,
                description,
                vmNetworkId,
                prefix,
                vsid,
                defaultGateway,
                defaultGatewayMac,
                ipPoolId,
                createdRevision,
                changedRevision);
    }
}
