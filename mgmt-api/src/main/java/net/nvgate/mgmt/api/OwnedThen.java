package net.nvgate.mgmt.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import net.nvgate.fabric.change.ChangeLog;
import net.nvgate.fabric.change.HistoryEntry;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.store.ObjectChange;

/**
 * Whether objects were a tenant's as of a revision, as far as the log goes back: subscriptions change their owners, VMs and VM
 * networks their subscriptions, and what is in a network goes with it. Of one moment, used by one thread; may block.
 */
final class OwnedThen {

    /** Changes of one network, subscription or VM that are looked at; before them it counts as it was at the first of these. */
    private static final int HISTORY_MAX = 1000;

    private final TenantScope own;
    private final FabricManager fabric;
    private final ChangeLog log;
    private final Function<UUID, Optional<FabricObject>> gone;
    private final Map<UUID, List<HistoryEntry>> histories = new HashMap<>();

    /** @param gone what is not there any more, by which it is known whose something was that was in it */
    OwnedThen(TenantScope own, FabricManager fabric, ChangeLog log, Function<UUID, Optional<FabricObject>> gone) {
        this.own = own;
        this.fabric = fabric;
        this.log = log;
        this.gone = gone;
    }

    /** The object as of a revision; empty if it was not there then, or the log does not know. */
    Optional<FabricObject> then(Kind kind, UUID id, long revision) {
        Optional<FabricObject> present = fabric.find(kind, id);
        if (present.filter(object -> object.changedRevision() <= revision).isPresent()) {
            return present;
        }
        Optional<FabricObject> found = present;
        for (HistoryEntry entry : history(kind, id)) {
            if (entry.revision() <= revision) {
                return entry.change().after();
            }
            found = entry.change().before();
        }
        return found;
    }

    /** The newest first. */
    private List<HistoryEntry> history(Kind kind, UUID id) {
        return histories.computeIfAbsent(id, _ -> {
            try {
                return log.history(kind, id, Long.MAX_VALUE, HISTORY_MAX);
            } catch (FabricException e) {
                return List.of(); // the log just lost it
            }
        });
    }

    private boolean ownedSubscription(UUID id, long revision) {
        return own.isOwnSubscription(then(Kind.SUBSCRIPTION, id, revision));
    }

    private boolean ownedNetwork(UUID id, long revision) {
        return then(Kind.VM_NETWORK, id, revision)
                .map(VmNetwork.class::cast)
                .flatMap(VmNetwork::subscriptionId)
                .filter(subscription -> ownedSubscription(subscription, revision))
                .isPresent();
    }

    /** @param object as it was then, or one whose place never changes */
    boolean has(FabricObject object, long revision) {
        return switch (object) {
            case Subscription subscription -> ownedSubscription(subscription.id(), revision);
            // Those of the subscriptions that are the tenant's now.
            case Plan plan -> own.has(plan);
            case Vm vm ->
                vm.subscriptionId()
                        .filter(id -> ownedSubscription(id, revision))
                        .isPresent();
            case VmNetwork network ->
                network.subscriptionId()
                        .filter(id -> ownedSubscription(id, revision))
                        .isPresent();
            case VmNetworkPeering peering ->
                ownedNetwork(peering.vmNetworkId(), revision) && ownedNetwork(peering.peerVmNetworkId(), revision);
            case AddressSet set -> !set.provider() && ownedNetwork(set.vmNetworkId(), revision);
            case PortAcl acl -> !acl.provider() && ownedNetwork(acl.vmNetworkId(), revision);
            default ->
                own.networkOf(object, gone)
                        .filter(id -> ownedNetwork(id, revision))
                        .isPresent();
        };
    }

    /** Whether the tenant saw the object before this change. */
    boolean before(ObjectChange change, long revision) {
        return change.before().filter(object -> has(object, revision - 1)).isPresent();
    }

    /** Whether the tenant sees the object after this change. */
    boolean after(ObjectChange change, long revision) {
        return change.after().filter(object -> has(object, revision)).isPresent();
    }
}
