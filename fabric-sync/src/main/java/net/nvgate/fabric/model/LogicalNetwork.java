package net.nvgate.fabric.model;

import java.util.Set;
import java.util.UUID;

/**
 * A network of the datacenter (VMM logical network, "one connected network").
 *
 * @param networkVirtualization true: a PA network that carries NVGRE; false: a physical network, e.g. the front end
 */
public record LogicalNetwork(
        UUID id,
        String name,
        String description,
        boolean networkVirtualization,
        long createdRevision,
        long changedRevision)
        implements FabricObject {

    public LogicalNetwork {
        Rules.identity(Kind.LOGICAL_NETWORK, id, name);
        description = Rules.description(Kind.LOGICAL_NETWORK.label(), description);
        Rules.revisions(Kind.LOGICAL_NETWORK, createdRevision, changedRevision);
    }

    @Override
    public Kind kind() {
        return Kind.LOGICAL_NETWORK;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public LogicalNetwork renamed(String name, String description) {
        return new LogicalNetwork(id, name, description, networkVirtualization, createdRevision, changedRevision);
    }

    @Override
    public LogicalNetwork atRevision(long createdRevision, long changedRevision) {
        return new LogicalNetwork(id, name, description, networkVirtualization, createdRevision, changedRevision);
    }
}
