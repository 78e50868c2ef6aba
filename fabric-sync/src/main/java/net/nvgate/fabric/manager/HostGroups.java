package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec.HostGroupSpec;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.UplinkPortProfile;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/** The tree of host groups, and what is scoped to them. */
final class HostGroups {

    /** Who looks at the tree shares its guard; who changes it passes it. */
    private static final String GUARD = "host-groups";

    private static final String TREE = "tree";

    private HostGroups() {}

    /** Before something is decided by the tree. */
    static void look(Draft draft) {
        draft.share(GUARD, TREE);
    }

    static HostGroup hostGroup(Draft draft, HostGroupSpec spec) {
        HostGroup group = new HostGroup(draft.meta(spec), spec.parentId());
        check(draft, group);
        return draft.put(group);
    }

    /** A group that moved takes its hosts and sites with it; all that is scoped still fits. */
    static void move(Draft draft, HostGroup group) {
        check(draft, group);
        draft.put(group);
        draft.guard(GUARD, TREE);
        draft.index().all(Kind.NETWORK_SITE).forEach(site -> checkDisjoint(draft, (NetworkSite) site));
        draft.index()
                .all(Kind.UPLINK_PORT_PROFILE)
                .forEach(profile -> PortPlans.checkScopes(draft, (UplinkPortProfile) profile));
        draft.index().all(Kind.HOST).stream()
                .map(Host.class::cast)
                .filter(host -> upwards(draft, host.hostGroupId()).contains(group.id()))
                .forEach(host -> check(draft, host));
    }

    /** The tree stays a tree of at most {@link HostGroup#DEPTH_MAX} levels. */
    static void check(Draft draft, HostGroup group) {
        Kind kind = Kind.HOST_GROUP;
        group.parentId().ifPresent(parent -> {
            draft.guard(GUARD, TREE);
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

    /** The site of its PAs, and the gateways of its VMs, serve the group that a host is in. */
    static void check(Draft draft, Host host) {
        host.hostGroupId().ifPresent(id -> {
            look(draft);
            draft.named(HostGroup.class, id, Kind.HOST, "hostGroupId");
        });
        IpPool pool = draft.get(IpPool.class, host.paPoolId());
        NetworkSite site = draft.get(NetworkSite.class, pool.networkSiteId().orElseThrow());
        if (!covers(draft, site.hostGroupIds(), host.hostGroupId())) {
            throw Draft.refusal(
                    INVALID,
                    Kind.HOST,
                    "hostGroupId",
                    groupName(draft, host),
                    "must be in a host-group that " + draft.describe(site.id()) + " of its provider address serves");
        }
        draft.users(Vm.class, host.id())
                .flatMap(vm -> vm.nics().stream())
                .map(nic -> draft.get(VmSubnet.class, nic.vmSubnetId()).vmNetworkId())
                .distinct()
                .forEach(network -> checkServed(draft, network, host, Kind.HOST, "hostGroupId"));
        HostSwitches.check(draft, host);
    }

    /** The gateway of a VM network, if it has one, serves the host. */
    static void checkServed(Draft draft, UUID vmNetworkId, Host host, Kind kind, String field) {
        Optional<VmNetworkGateway> attachment = draft.index().gatewayOf(vmNetworkId);
        attachment.ifPresent(
                there -> checkServed(draft, draft.get(Gateway.class, there.gatewayId()), host, kind, field));
    }

    /** The gateway serves all hosts that have VMs of the network. */
    static void checkServes(Draft draft, Gateway gateway, UUID vmNetworkId) {
        if (gateway.hostGroupIds().isEmpty()) {
            return;
        }
        TenantPlans.subnets(draft, vmNetworkId)
                .flatMap(subnet -> draft.users(Vm.class, subnet.id()))
                .map(Vm::hostId)
                .distinct()
                .forEach(host ->
                        checkServed(draft, gateway, draft.get(Host.class, host), Kind.VM_NETWORK_GATEWAY, "gatewayId"));
    }

    private static void checkServed(Draft draft, Gateway gateway, Host host, Kind kind, String field) {
        if (gateway.hostGroupIds().isEmpty()) {
            return;
        }
        look(draft);
        if (!covers(draft, gateway.hostGroupIds(), host.hostGroupId())) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    field,
                    groupName(draft, host),
                    "must be in the host-groups of gateway '" + gateway.name() + "': host '" + host.name() + "'");
        }
    }

    private static String groupName(Draft draft, Host host) {
        return host.hostGroupId().map(draft::describe).orElse("All Hosts");
    }

    /** Subnets of sites overlap only where no host group has both. */
    static void checkDisjoint(Draft draft, NetworkSite site) {
        draft.guard("site-prefixes", "all");
        if (!site.hostGroupIds().isEmpty()) {
            look(draft);
        }
        for (IpPrefix prefix : site.prefixes()) {
            draft.index()
                    .sitesOverlapping(prefix)
                    .filter(id -> !id.equals(site.id()))
                    .map(id -> draft.get(NetworkSite.class, id))
                    .filter(other -> meet(draft, site.hostGroupIds(), other.hostGroupIds()))
                    .findFirst()
                    .ifPresent(other -> {
                        throw Draft.refusal(
                                CONFLICT,
                                Kind.NETWORK_SITE,
                                "subnets.prefix",
                                prefix,
                                "must not overlap a subnet of " + draft.describe(other.id()));
                    });
        }
    }

    /** Some host could be in both scopes. */
    static boolean meet(ObjectLookup lookup, List<UUID> scope, List<UUID> other) {
        return scope.isEmpty()
                || other.isEmpty()
                || other.stream().anyMatch(group -> covers(lookup, scope, Optional.of(group)))
                || scope.stream().anyMatch(group -> covers(lookup, other, Optional.of(group)));
    }

    /** What is scoped to these groups serves a host in the group; no groups = every host. */
    static boolean covers(ObjectLookup lookup, List<UUID> scope, Optional<UUID> groupId) {
        return scope.isEmpty() || upwards(lookup, groupId).stream().anyMatch(scope::contains);
    }

    /** Levels from this group down to its deepest descendant, both counted. */
    private static int height(Draft draft, UUID id) {
        return 1
                + draft.users(HostGroup.class, id)
                        .mapToInt(child -> height(draft, child.id()))
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
