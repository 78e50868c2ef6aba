package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;

/**
 * A tenant's network: one routing domain.
 *
 * @param logicalNetworkId the HNV logical network that carries it
 * @param rdid routing domain id, unique
 */
public record VmNetwork(
        UUID id,
        String name,
        String description,
        UUID logicalNetworkId,
        UUID rdid,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    public VmNetwork {
        Rules.identity(Kind.VM_NETWORK, id, name);
        description = Rules.description(Kind.VM_NETWORK.label(), description);
        Rules.revisions(Kind.VM_NETWORK, createdRevision, changedRevision);
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
    public VmNetwork renamed(String name, String description) {
        return new VmNetwork(id, name, description, logicalNetworkId, rdid, createdRevision, changedRevision);
    }

    @Override
    public VmNetwork atRevision(long createdRevision, long changedRevision) {
        return new VmNetwork(id, name, description, logicalNetworkId, rdid, createdRevision, changedRevision);
    }
}
