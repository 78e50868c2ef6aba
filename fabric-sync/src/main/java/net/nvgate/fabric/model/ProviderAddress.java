package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Set;
import java.util.UUID;

/**
 * The PA of one VSID on one host, in a logical network with {@link LogicalNetwork.ProviderAddressing#PER_HOST_AND_VSID}. The
 * manager makes it for the first port of the VSID on the host and deletes it with the last, in the same transactions.
 *
 * @param vmSubnetId the VM subnet whose VSID it is
 * @param providerAddress of the host's PA pool, its alone; or the host's own
 */
public record ProviderAddress(@JsonUnwrapped Meta meta, UUID hostId, UUID vmSubnetId, IpAddress providerAddress)
        implements FabricObject {

    public ProviderAddress {
        Rules.meta(Kind.PROVIDER_ADDRESS, meta);
        Rules.required(Kind.PROVIDER_ADDRESS.label(), "hostId", hostId);
        Rules.required(Kind.PROVIDER_ADDRESS.label(), "vmSubnetId", vmSubnetId);
        Rules.required(Kind.PROVIDER_ADDRESS.label(), "providerAddress", providerAddress);
    }

    @Override
    public Kind kind() {
        return Kind.PROVIDER_ADDRESS;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(hostId, vmSubnetId);
    }

    @Override
    public ProviderAddress withMeta(Meta meta) {
        return new ProviderAddress(meta, hostId, vmSubnetId, providerAddress);
    }
}
