package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;

/**
 * Source NAT of a VM network (VMM NATConnection).
 *
 * @param externalPoolId pool of a logical network without HNV
 * @param externalAddress the tenant's address on the physical side, its alone
 * @param portMin first external port or ICMP identifier of dynamic mappings
 * @param portMax last one, inclusive
 */
public record NatConnection(
        UUID id,
        String name,
        String description,
        UUID vmNetworkGatewayId,
        UUID externalPoolId,
        IpAddress externalAddress,
        int portMin,
        int portMax,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    public static final int PORT_MIN = 1024;
    public static final int PORT_MAX = 65_535;

    public NatConnection {
        Rules.identity(Kind.NAT_CONNECTION, id, name);
        description = Rules.description(Kind.NAT_CONNECTION.label(), description);
        Rules.revisions(Kind.NAT_CONNECTION, createdRevision, changedRevision);
        Rules.required(Kind.NAT_CONNECTION.label(), "vmNetworkGatewayId", vmNetworkGatewayId);
        Rules.required(Kind.NAT_CONNECTION.label(), "externalPoolId", externalPoolId);
        Rules.required(Kind.NAT_CONNECTION.label(), "externalAddress", externalAddress);
        Rules.range(Kind.NAT_CONNECTION.label(), "portMin", portMin, PORT_MIN, PORT_MAX);
        Rules.range(Kind.NAT_CONNECTION.label(), "portMax", portMax, portMin, PORT_MAX);
    }

    @Override
    public Kind kind() {
        return Kind.NAT_CONNECTION;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(vmNetworkGatewayId, externalPoolId);
    }

    @Override
    public NatConnection renamed(String name, String description) {
        return new NatConnection(
                id,
                name,
                description,
                vmNetworkGatewayId,
                externalPoolId,
                externalAddress,
                portMin,
                portMax,
                createdRevision,
                changedRevision);
    }

    @Override
    public NatConnection atRevision(long createdRevision, long changedRevision) {
        return new NatConnection(
                id,
                name,
                description,
                vmNetworkGatewayId,
                externalPoolId,
                externalAddress,
                portMin,
                portMax,
                createdRevision,
                changedRevision);
    }
}
