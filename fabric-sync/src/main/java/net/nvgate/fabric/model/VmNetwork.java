package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Set;
import java.util.UUID;

/**
 * A tenant's network: one routing domain.
 *
 * @param logicalNetworkId the HNV logical network that carries it
 * @param rdid routing domain id, unique
 */
public record VmNetwork(@JsonUnwrapped Meta meta, UUID logicalNetworkId, UUID rdid) implements FabricObject {

    public VmNetwork {
        Rules.meta(Kind.VM_NETWORK, meta);
        Rules.required(Kind.VM_NETWORK.label(), "logicalNetworkId", logicalNetworkId);
        Rules.required(Kind.VM_NETWORK.label(), "rdid", rdid);
    }

    @Override
    public Kind kind() {
        return Kind.VM_NETWORK;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(logicalNetworkId);
    }

    @Override
    public VmNetwork withMeta(Meta meta) {
        return new VmNetwork(meta, logicalNetworkId, rdid);
    }
}
