package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Set;
import java.util.UUID;

/** A name by which tenants choose among port profiles, e.g. "high bandwidth"; each logical switch says which profile it means. */
public record PortClassification(@JsonUnwrapped Meta meta) implements FabricObject {

    public PortClassification {
        Rules.meta(Kind.PORT_CLASSIFICATION, meta);
    }

    @Override
    public Kind kind() {
        return Kind.PORT_CLASSIFICATION;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public PortClassification withMeta(Meta meta) {
        return new PortClassification(meta);
    }
}
