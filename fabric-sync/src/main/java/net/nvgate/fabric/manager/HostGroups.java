package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec.HostGroupSpec;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.Kind;

/** The tree of host groups, and what is scoped to them. */
final class HostGroups {

    private HostGroups() {}

    static HostGroup hostGroup(Draft draft, HostGroupSpec spec) {
        HostGroup group = new HostGroup(draft.meta(spec), spec.parentId());
        check(draft, group);
        return draft.put(group);
    }

    /** The tree stays a tree of at most {@link HostGroup#DEPTH_MAX} levels. */
    static void check(Draft draft, HostGroup group) {
        Kind kind = Kind.HOST_GROUP;
        group.parentId().ifPresent(parent -> {
            draft.guard("host-groups", "tree");
            draft.named(HostGroup.class, parent, kind, "parentId");
            List<UUID> above = upwards(draft, Optional.of(parent));
            if (above.contains(group.id())) {
                throw Draft.refusal(INVALID, kind, "parentId", parent, "must not be below the group itself");
            }
            int depth = above.size() + height(draft, group.id());
            if (depth > HostGroup.DEPTH_MAX) {
                throw Draft.refusal(
                        INVALID,
                        kind,
                        "parentId",
                        parent,
                        "must leave the tree at most " + HostGroup.DEPTH_MAX + " levels deep");
            }
        });
    }

    static void check(Draft draft, Host host) {
        host.hostGroupId().ifPresent(id -> draft.named(HostGroup.class, id, Kind.HOST, "hostGroupId"));
    }

    /** Levels from this group down to its deepest descendant, both counted. */
    private static int height(Draft draft, UUID id) {
        return 1
                + draft.index().users(id).stream()
                        .filter(user -> draft.find(user).orElseThrow() instanceof HostGroup)
                        .mapToInt(child -> height(draft, child))
                        .max()
                        .orElse(0);
    }

    /** The group and those above it, from the inside out; the objects exist. */
    static List<UUID> upwards(ObjectLookup lookup, Optional<UUID> groupId) {
        List<UUID> path = new ArrayList<>();
        Optional<UUID> next = groupId;
        while (next.isPresent()) {
            path.add(next.get());
            next = lookup.get(HostGroup.class, next.get()).parentId();
        }
        return path;
    }
}
