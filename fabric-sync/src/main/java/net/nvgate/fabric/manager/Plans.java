package net.nvgate.fabric.manager;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec.Patch;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.VmSubnet;

/** Fills a draft for each use case, or refuses it. */
final class Plans {

    private Plans() {}

    static FabricObject create(Draft draft, FabricSpec<?> spec) {
        return switch (spec) {
            case FabricSpec.LogicalNetworkSpec s -> PhysicalPlans.logicalNetwork(draft, s);
            case FabricSpec.NetworkSiteSpec s -> PhysicalPlans.networkSite(draft, s);
            case FabricSpec.IpPoolSpec s -> PhysicalPlans.ipPool(draft, s);
            case FabricSpec.HostSpec s -> PhysicalPlans.host(draft, s);
            case FabricSpec.GatewaySpec s -> PhysicalPlans.gateway(draft, s);
            case FabricSpec.VmNetworkSpec s -> TenantPlans.vmNetwork(draft, s);
            case FabricSpec.VmSubnetSpec s -> TenantPlans.vmSubnet(draft, s);
            case FabricSpec.VmNetworkGatewaySpec s -> TenantPlans.vmNetworkGateway(draft, s);
            case FabricSpec.VmSpec s -> WorkloadPlans.vm(draft, s);
            case FabricSpec.NatConnectionSpec s -> WorkloadPlans.natConnection(draft, s);
            case FabricSpec.NatRuleSpec s -> WorkloadPlans.natRule(draft, s);
        };
    }

    static FabricObject patch(Draft draft, Kind kind, UUID id, Patch patch) {
        FabricObject object = draft.existing(kind.type(), id);
        String name = patch.name().orElse(object.name());
        String description = patch.description().orElse(object.description());
        boolean same = name.equals(object.name()) && description.equals(object.description());
        return same ? object : draft.put(object.renamed(name, description));
    }

    /** A VM subnet takes its pool with it; anything else that is needed stays. */
    static FabricObject delete(Draft draft, Kind kind, UUID id) {
        FabricObject object = draft.existing(kind.type(), id);
        draft.delete(object);
        Set<UUID> users = new HashSet<>(draft.index().users(id));
        if (object instanceof VmSubnet subnet) {
            draft.delete(draft.get(IpPool.class, subnet.ipPoolId()));
            users.addAll(draft.index().users(subnet.ipPoolId()));
            users.removeAll(Set.of(id, subnet.ipPoolId()));
        }
        if (!users.isEmpty()) {
            throw inUse(draft, object, users);
        }
        return object;
    }

    private static FabricException inUse(Draft draft, FabricObject object, Set<UUID> ids) {
        List<ObjectUser> users = ids.stream()
                .map(user -> ObjectUser.of(draft.find(user).orElseThrow()))
                .sorted((a, b) -> (a.kind() + "/" + a.name()).compareTo(b.kind() + "/" + b.name()))
                .limit(FabricException.USERS_MAX)
                .toList();
        ObjectUser first = users.getFirst();
        String others = ids.size() == 1 ? "" : " and " + (ids.size() - 1) + " more";
        return new FabricException(
                FabricException.Code.IN_USE,
                object.kind().label(),
                null,
                draft.describe(object.id()) + " is in use by " + first.kind() + " '" + first.name() + "'" + others,
                users);
    }
}
