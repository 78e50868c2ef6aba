package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;

/**
 * An nvgate gateway (VMM network service of type gateway).
 *
 * @param paPoolId pool of an HNV logical network: the back end
 * @param providerAddress its address in the PA network, its alone
 * @param externalPoolId pool of a logical network without HNV: the front end
 * @param externalAddress its own address on the front end
 * @param maxVmNetworks VM networks it serves at most (VMM MaxVMNetworksSupported)
 */
public record Gateway(
        UUID id,
        String name,
        String description,
        UUID paPoolId,
        IpAddress providerAddress,
        UUID externalPoolId,
        IpAddress externalAddress,
        int maxVmNetworks,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    public static final int MAX_VM_NETWORKS_DEFAULT = 50;
    public static final int MAX_VM_NETWORKS_LIMIT = 100_000;

    public Gateway {
        Rules.identity(Kind.GATEWAY, id, name);
        description = Rules.description(Kind.GATEWAY.label(), description);
        Rules.revisions(Kind.GATEWAY, createdRevision, changedRevision);
        Rules.required(Kind.GATEWAY.label(), "paPoolId", paPoolId);
        Rules.required(Kind.GATEWAY.label(), "providerAddress", providerAddress);
        Rules.required(Kind.GATEWAY.label(), "externalPoolId", externalPoolId);
        Rules.required(Kind.GATEWAY.label(), "externalAddress", externalAddress);
        Rules.range(Kind.GATEWAY.label(), "maxVmNetworks", maxVmNetworks, 1, MAX_VM_NETWORKS_LIMIT);
    }

    @Override
    public Kind kind() {
        return Kind.GATEWAY;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(paPoolId, externalPoolId);
    }

    @Override
    public Gateway renamed(String name, String description) {
        return new Gateway(
                id,
                name,
                description,
                paPoolId,
                providerAddress,
                externalPoolId,
                externalAddress,
                maxVmNetworks,
                createdRevision,
                changedRevision);
    }

    @Override
    public Gateway atRevision(long createdRevision, long changedRevision) {
        return new Gateway(
                id,
                name,
                description,
                paPoolId,
                providerAddress,
                externalPoolId,
                externalAddress,
                maxVmNetworks,
                createdRevision,
                changedRevision);
    }
}
