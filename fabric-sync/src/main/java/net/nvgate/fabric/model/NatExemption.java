package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;

/**
 * Packets of a VM network that are routed without translation. The destination needs a way back: a tenant interface, or
 * routes to the tenant's addresses in the physical network.
 *
 * @param sourcePrefix CAs
 * @param destinationPrefix of the same family
 */
public record NatExemption(
        UUID id,
        String name,
        String description,
        UUID vmNetworkGatewayId,
        IpPrefix sourcePrefix,
        IpPrefix destinationPrefix,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    public NatExemption {
        String kind = Kind.NAT_EXEMPTION.label();
        Rules.identity(Kind.NAT_EXEMPTION, id, name);
        description = Rules.description(kind, description);
        Rules.revisions(Kind.NAT_EXEMPTION, createdRevision, changedRevision);
        Rules.required(kind, "vmNetworkGatewayId", vmNetworkGatewayId);
        Rules.required(kind, "sourcePrefix", sourcePrefix);
        Rules.required(kind, "destinationPrefix", destinationPrefix);
        if (sourcePrefix.address().bits() != destinationPrefix.address().bits()) {
            throw new ModelException(
                    kind, "destinationPrefix", destinationPrefix, "must be of the family of the source prefix");
        }
    }

    @Override
    public Kind kind() {
        return Kind.NAT_EXEMPTION;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(vmNetworkGatewayId);
    }

    @Override
    public NatExemption renamed(String name, String description) {
        return with(name, description, createdRevision, changedRevision);
    }

    @Override
    public NatExemption atRevision(long createdRevision, long changedRevision) {
        return with(name, description, createdRevision, changedRevision);
    }

    private NatExemption with(String name, String description, long createdRevision, long changedRevision) {
        return new NatExemption(
                id,
                name,
                description,
                vmNetworkGatewayId,
                sourcePrefix,
                destinationPrefix,
                createdRevision,
                changedRevision);
    }
}
