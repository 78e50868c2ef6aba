package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A place in the tree of hosts (VMM host group). Network sites, MAC pools and gateways that are scoped to a group serve it
 * and its descendants; those scoped to none serve every host. Above all groups is VMM's "All Hosts", which is no object.
 *
 * @param parentId the group it is in; none = directly under "All Hosts"
 */
public record HostGroup(@JsonUnwrapped Meta meta, Optional<UUID> parentId) implements FabricObject {

    /** Groups from a leaf up to the top, at most. */
    public static final int DEPTH_MAX = 8;

    public HostGroup {
        Rules.meta(Kind.HOST_GROUP, meta);
        if (parentId.filter(meta.id()::equals).isPresent()) {
            throw new ModelException(Kind.HOST_GROUP.label(), "parentId", meta.id(), "must not be the group itself");
        }
    }

    @Override
    public Kind kind() {
        return Kind.HOST_GROUP;
    }

    @Override
    public Set<UUID> references() {
        return parentId.stream().collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public HostGroup withMeta(Meta meta) {
        return new HostGroup(meta, parentId);
    }
}
