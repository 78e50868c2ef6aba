package net.nvgate.mgmt.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.store.CompactedException;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.RevisionChanges;

/**
 * What a tenant sees no more since a revision that took a network, a subscription or what is in it from the tenant: that
 * revision has a change of the network or subscription, and none of what is in it. May block.
 */
final class LeftNetworks {

    /** Revisions after the one in question in which it is looked for what was deleted since. */
    private static final int LOOKED_AT_MAX = 1000;

    /** In the order in which one is in the other. */
    private static final List<Kind> IN_NETWORKS = List.of(
            Kind.VM_SUBNET,
            Kind.VM_NETWORK_GATEWAY,
            Kind.VM_NETWORK_PEERING,
            Kind.ADDRESS_SET,
            Kind.PORT_ACL,
            Kind.IP_POOL,
            Kind.NAT_CONNECTION,
            Kind.NAT_ONE_TO_ONE,
            Kind.NAT_EXEMPTION,
            Kind.TENANT_INTERFACE,
            Kind.NAT_RULE);

    private final FabricManager fabric;
    private final Since log;
    private final TenantScope own;
    private final OwnedThen then;

    /** The log of changes after a revision. */
    @FunctionalInterface
    interface Since {

        /** As {@link net.nvgate.fabric.change.ChangeLog#since}. */
        List<RevisionChanges> since(long after, int limit);
    }

    LeftNetworks(FabricManager fabric, Since log, TenantScope own, OwnedThen then) {
        this.fabric = fabric;
        this.log = log;
        this.own = own;
        this.then = then;
    }

    /** Objects that the tenant saw before this revision, and does not after, as they were before; none of them was changed by it. */
    List<FabricObject> by(RevisionChanges revision) {
        long at = revision.revision();
        Set<UUID> subscriptions = new HashSet<>();
        Set<UUID> networks = new HashSet<>();
        Set<UUID> plans = new HashSet<>();
        for (ObjectChange change : revision.changes()) {
            if (!then.before(change, at)) {
                continue;
            }
            boolean left = !then.after(change, at);
            // What is deleted has nothing in it any more: what was there has changes of its own.
            boolean moved = left && change.after().isPresent();
            switch (change.before().orElseThrow()) {
                case Subscription before -> {
                    if (left || !before.planId().equals(planOf(change))) {
                        plans.add(before.planId());
                    }
                    if (moved) {
                        subscriptions.add(before.id());
                    }
                }
                case VmNetwork before when moved -> networks.add(before.id());
                default -> {}
            }
        }
        if (subscriptions.isEmpty() && networks.isEmpty() && plans.isEmpty()) {
            return List.of();
        }
        // A plan is found by its name in the subscription; only for what was in something else the log must be asked
        // what is gone by now.
        List<ObjectChange> since = subscriptions.isEmpty() && networks.isEmpty() ? List.of() : since(at);
        Map<UUID, FabricObject> found = new LinkedHashMap<>();
        plans.stream()
                .flatMap(id -> then.then(Kind.PLAN, id, at - 1).stream())
                .filter(plan -> !own.has(plan))
                .forEach(plan -> found.put(plan.id(), plan));
        of(Kind.VM_NETWORK, subscriptions, since).forEach(network -> {
            found.put(network.id(), network);
            networks.add(network.id());
        });
        of(Kind.VM, subscriptions, since).forEach(vm -> found.put(vm.id(), vm));
        Set<UUID> around = new HashSet<>(networks);
        for (Kind kind : IN_NETWORKS) {
            for (FabricObject object : of(kind, around, since)) {
                found.put(object.id(), object);
                around.add(object.id());
            }
        }
        // A change of a plan that is the tenant's no more is told to nobody else.
        revision.changes().stream()
                .filter(change -> change.any().kind() != Kind.PLAN)
                .forEach(change -> found.remove(change.id()));
        return found.values().stream()
                .flatMap(object -> then.then(object.kind(), object.id(), at - 1).stream())
                .filter(object -> object.kind() == Kind.PLAN || (then.has(object, at - 1) && !then.has(object, at)))
                .toList();
    }

    private static UUID planOf(ObjectChange change) {
        return ((Subscription) change.after().orElseThrow()).planId();
    }

    /** Those there are, and those that have been deleted or moved since. */
    private Collection<FabricObject> of(Kind kind, Set<UUID> used, List<ObjectChange> since) {
        List<FabricObject> found = new ArrayList<>(used.isEmpty() ? List.of() : fabric.users(kind, used));
        since.stream()
                .flatMap(change -> change.before().stream())
                .filter(object -> object.kind() == kind && uses(object, used))
                .forEach(found::add);
        return found;
    }

    private static boolean uses(FabricObject object, Set<UUID> used) {
        Optional<UUID> subscription = switch (object) {
            case VmNetwork network -> network.subscriptionId();
            case Vm vm -> vm.subscriptionId();
            default -> Optional.empty();
        };
        return subscription.filter(used::contains).isPresent()
                || object.references().stream().anyMatch(used::contains);
    }

    private List<ObjectChange> since(long revision) {
        List<ObjectChange> changes = new ArrayList<>();
        long after = revision;
        try {
            while (after < revision + LOOKED_AT_MAX) {
                List<RevisionChanges> piece = log.since(after, LOOKED_AT_MAX);
                if (piece.isEmpty()) {
                    break;
                }
                piece.forEach(each -> changes.addAll(each.changes()));
                after = piece.getLast().revision();
            }
        } catch (CompactedException e) {
            return changes; // what the log has lost, nobody is told of
        }
        return changes;
    }
}
