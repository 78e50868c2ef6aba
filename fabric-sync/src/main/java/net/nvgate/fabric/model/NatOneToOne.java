package net.nvgate.fabric.model;

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
        UUID id,
        String name,
        String description,
        UUID vmNetworkGatewayId,
        UUID externalPoolId,
        IpAddress externalAddress,
        IpAddress internalAddress,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    public NatOneToOne {
        String kind = Kind.NAT_ONE_TO_ONE.label();
        Rules.identity(Kind.NAT_ONE_TO_ONE, id, name);
        description = Rules.description(kind, description);
        Rules.revisions(Kind.NAT_ONE_TO_ONE, createdRevision, changedRevision);
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
    public NatOneToOne renamed(String name, String description) {
        return with(name, description, createdRevision, changedRevision);
    }

    @Override
    public NatOneToOne atRevision(long createdRevision, long changedRevision) {
        return with(name, description, createdRevision, changedRevision);
    }

    private NatOneToOne with(String name, String description, long createdRevision, long changedRevision) {
        return new NatOneToOne(
                id,
                name,
                description,
                vmNetworkGatewayId,
                externalPoolId,
                externalAddress,
                internalAddress,
                createdRevision,
                changedRevision);
    }
}
