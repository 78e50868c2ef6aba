package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Set;
import java.util.UUID;

/**
 * An external address that is one VM's, for all protocols and ports, both ways.
 *
 * @param externalPoolId pool of a logical network without HNV
 * @param externalAddress the VM's address on the physical side, its alone
 * @param internalAddress inside a subnet of the VM network, once per VM network
 */
public record NatOneToOne(
        @JsonUnwrapped Meta meta,
        UUID vmNetworkGatewayId,
        UUID externalPoolId,
        IpAddress externalAddress,
        IpAddress internalAddress)
        implements FabricObject {

    public NatOneToOne {
        String kind = Kind.NAT_ONE_TO_ONE.label();
        Rules.meta(Kind.NAT_ONE_TO_ONE, meta);
        Rules.required(kind, "vmNetworkGatewayId", vmNetworkGatewayId);
        Rules.required(kind, "externalPoolId", externalPoolId);
        Rules.required(kind, "externalAddress", externalAddress);
        Rules.required(kind, "internalAddress", internalAddress);
    }

    @Override
    public Kind kind() {
        return Kind.NAT_ONE_TO_ONE;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(vmNetworkGatewayId, externalPoolId);
    }

    @Override
    public NatOneToOne withMeta(Meta meta) {
        return new NatOneToOne(meta, vmNetworkGatewayId, externalPoolId, externalAddress, internalAddress);
    }
}
