package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
        @JsonUnwrapped Meta meta, UUID vmNetworkGatewayId, IpPrefix sourcePrefix, IpPrefix destinationPrefix)
        implements FabricObject {

    public NatExemption {
        String kind = Kind.NAT_EXEMPTION.label();
        Rules.meta(Kind.NAT_EXEMPTION, meta);
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
    public NatExemption withMeta(Meta meta) {
        return new NatExemption(meta, vmNetworkGatewayId, sourcePrefix, destinationPrefix);
    }
}
