package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Set;
import java.util.UUID;

/**
 * A network of the datacenter (VMM logical network, "one connected network").
 *
 * @param networkVirtualization true: a PA network that carries NVGRE; false: a physical network, e.g. the front end
 */
public record LogicalNetwork(@JsonUnwrapped Meta meta, boolean networkVirtualization) implements FabricObject {

    public LogicalNetwork {
        Rules.meta(Kind.LOGICAL_NETWORK, meta);
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
    public LogicalNetwork withMeta(Meta meta) {
        return new LogicalNetwork(meta, networkVirtualization);
    }
}
