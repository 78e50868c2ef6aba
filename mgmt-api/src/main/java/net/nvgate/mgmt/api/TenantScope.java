package net.nvgate.mgmt.api;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.Plan;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;

/**
 * What of the fabric belongs to a tenant: subscriptions that have the tenant as owner or co-administrator, their plans, VM
 * networks and VMs, and what is in these networks; of peerings, those between two of them. Of the moment when it was made.
 */
final class TenantScope {

    private static final String OTHERS = "operator";

    private final FabricManager fabric;
    private final String tenant;
    private final Set<String> users;
    private final Set<UUID> subscriptions;
    private final Set<UUID> plans;
    private final Map<Kind, List<FabricObject>> own = new EnumMap<>(Kind.class);

    /**
     * @param users names of the tenant's users: who else has changed something is nobody's business
     * @param own the subscriptions that have the tenant as owner or co-administrator
     */
    TenantScope(FabricManager fabric, String tenant, Set<String> users, List<Subscription> own) {
        this.fabric = fabric;
        this.tenant = tenant;
        this.users = users;
        this.subscriptions = own.stream().map(Subscription::id).collect(Collectors.toSet());
        this.plans = own.stream().map(Subscription::planId).collect(Collectors.toSet());
    }

    /** Whether an object of the fabric as it is belongs to the tenant. */
    boolean has(FabricObject object) {
        return has(object, this::find);
    }

    /** What of a kind belongs to the tenant, by name. As of when it was asked first. */
    List<FabricObject> own(Kind kind) {
        return own.computeIfAbsent(kind, this::found);
    }

    private List<FabricObject> found(Kind kind) {
        if (kind == Kind.SUBSCRIPTION || kind == Kind.PLAN) {
            return byName(
                    (kind == Kind.PLAN ? plans : subscriptions).stream().flatMap(id -> fabric.find(kind, id).stream()));
        }
        List<List<FabricObject>> lists = subscriptions.stream()
                .map(id -> fabric.ofSubscription(kind, id))
                .filter(list -> !list.isEmpty())
                .toList();
        if (kind == Kind.VM_NETWORK_PEERING) {
            // The other end may be another's.
            return byName(lists.stream().flatMap(List::stream).filter(this::has));
        }
        return lists.size() == 1 ? lists.getFirst() : byName(lists.stream().flatMap(List::stream));
    }

    private static List<FabricObject> byName(Stream<FabricObject> objects) {
        return objects.sorted(FabricManager.BY_NAME).toList();
    }

    /** Whether a change of the log gave networks to the tenant, or took them: what is its own is not what it was. */
    boolean changesWhatIsOwn(ObjectChange change) {
        return switch (change.any()) {
            case VmNetwork _ ->
                change.before().isPresent()
                        && change.after().isPresent()
                        && isOwnNetwork(change.before()) != isOwnNetwork(change.after());
            case Subscription _ -> isOwnSubscription(change.before()) != isOwnSubscription(change.after());
            default -> false;
        };
    }

    /**
     * The subscription that an object, or the VM network that it is in, belongs to.
     *
     * @param gone what is not there any more
     */
    Optional<UUID> subscriptionOf(FabricObject object, Function<UUID, Optional<FabricObject>> gone) {
        return switch (object) {
            case Subscription subscription -> Optional.of(subscription.id());
            case Vm vm -> vm.subscriptionId();
            case VmNetwork network -> network.subscriptionId();
            default ->
                networkOf(object, gone)
                        .flatMap(id -> find(id).or(() -> gone.apply(id)))
                        .flatMap(network -> subscriptionOf(network, gone));
        };
    }

    boolean isOwnVm(Optional<FabricObject> vm) {
        return vm.map(Vm.class::cast)
                .flatMap(Vm::subscriptionId)
                .filter(subscriptions::contains)
                .isPresent();
    }

    boolean isOwnNetwork(Optional<FabricObject> network) {
        return network.map(VmNetwork.class::cast)
                .filter(this::ownsSubscriptionOf)
                .isPresent();
    }

    boolean isOwnSubscription(Optional<FabricObject> object) {
        return object.map(Subscription.class::cast).filter(this::isOwner).isPresent();
    }

    private boolean isOwner(Subscription subscription) {
        return subscription.owner().equals(tenant) || subscription.coAdmins().contains(tenant);
    }

    private Optional<FabricObject> find(UUID id) {
        return fabric.find(id);
    }

    private boolean has(FabricObject object, Function<UUID, Optional<FabricObject>> find) {
        return switch (object) {
            case Subscription subscription -> subscriptions.contains(subscription.id());
            case Plan plan -> plans.contains(plan.id());
            case Vm vm -> vm.subscriptionId().filter(subscriptions::contains).isPresent();
            case VmNetwork network ->
                network.subscriptionId().filter(subscriptions::contains).isPresent();
            case VmSubnet subnet -> has(subnet.vmNetworkId(), find);
            case VmNetworkGateway gateway -> has(gateway.vmNetworkId(), find);
            case NatConnection connection -> has(connection.vmNetworkGatewayId(), find);
            case NatRule rule -> has(rule.natConnectionId(), find);
            case NatOneToOne oneToOne -> has(oneToOne.vmNetworkGatewayId(), find);
            case NatExemption exemption -> has(exemption.vmNetworkGatewayId(), find);
            case TenantInterface side -> has(side.vmNetworkGatewayId(), find);
            case VmNetworkPeering peering -> has(peering.vmNetworkId(), find) && has(peering.peerVmNetworkId(), find);
            case AddressSet set -> !set.provider() && has(set.vmNetworkId(), find);
            case PortAcl acl -> !acl.provider() && has(acl.vmNetworkId(), find);
            case IpPool pool -> pool.vmSubnetId().filter(id -> has(id, find)).isPresent();
            default -> false;
        };
    }

    private boolean has(UUID id, Function<UUID, Optional<FabricObject>> find) {
        return find.apply(id).filter(object -> has(object, find)).isPresent();
    }

    /**
     * The VM network that an object is in, if it is in one.
     *
     * @param gone what is not there any more
     */
    Optional<UUID> networkOf(FabricObject object, Function<UUID, Optional<FabricObject>> gone) {
        return switch (object) {
            case VmNetwork network -> Optional.of(network.id());
            case VmSubnet subnet -> Optional.of(subnet.vmNetworkId());
            case VmNetworkGateway gateway -> Optional.of(gateway.vmNetworkId());
            case NatConnection connection -> networkOf(connection.vmNetworkGatewayId(), gone);
            case NatRule rule -> networkOf(rule.natConnectionId(), gone);
            case NatOneToOne oneToOne -> networkOf(oneToOne.vmNetworkGatewayId(), gone);
            case NatExemption exemption -> networkOf(exemption.vmNetworkGatewayId(), gone);
            case TenantInterface side -> networkOf(side.vmNetworkGatewayId(), gone);
            case VmNetworkPeering peering -> Optional.of(peering.vmNetworkId());
            case AddressSet set -> Optional.of(set.vmNetworkId());
            case PortAcl acl -> Optional.of(acl.vmNetworkId());
            case IpPool pool -> pool.vmSubnetId().flatMap(id -> networkOf(id, gone));
            default -> Optional.empty();
        };
    }

    private Optional<UUID> networkOf(UUID id, Function<UUID, Optional<FabricObject>> gone) {
        return find(id).or(() -> gone.apply(id)).flatMap(object -> networkOf(object, gone));
    }

    /**
     * Looks at a planned change: everything it touches must be the tenant's before and after.
     *
     * @throws ProblemException otherwise
     */
    void check(Collection<ObjectChange> changes) {
        Map<UUID, FabricObject> after = new HashMap<>();
        changes.forEach(change -> change.after().ifPresent(object -> after.put(object.id(), object)));
        Function<UUID, Optional<FabricObject>> planned =
                id -> Optional.ofNullable(after.get(id)).or(() -> find(id));
        for (ObjectChange change : changes) {
            boolean before = change.before().map(this::has).orElse(true);
            boolean still = change.after().map(object -> has(object, planned)).orElse(true);
            if (!before || !still) {
                throw new ProblemException(
                        ProblemCode.FORBIDDEN, "This would change something that is not the tenant's own");
            }
            switch (change.after().orElse(null)) {
                case NatConnection made -> checkAddress(change, made.externalPoolId(), made.externalAddress());
                case NatOneToOne made -> checkAddress(change, made.externalPoolId(), made.externalAddress());
                case null, default -> {}
            }
        }
    }

    /** Reserved addresses are the operator's to give, and no address is shared with another tenant. */
    private void checkAddress(ObjectChange change, UUID poolId, IpAddress address) {
        if (change.before().isPresent()) {
            return; // pool and address of what is there do not change
        }
        boolean reserved = find(poolId)
                .filter(object ->
                        object instanceof IpPool pool && pool.reserved().contains(address))
                .isPresent();
        boolean others = fabric.list(Kind.NAT_CONNECTION).stream()
                .anyMatch(object -> object instanceof NatConnection other
                        && other.externalAddress().equals(address)
                        && !has(other));
        if (reserved || others) {
            throw new ProblemException(
                    ProblemCode.FORBIDDEN, "The external address " + address + " is not there for tenants to choose");
        }
    }

    /** The object without what tells of people outside of the tenant. */
    FabricObject shown(FabricObject object) {
        Meta meta = object.meta();
        return object.withMeta(new Meta(
                meta.id(),
                meta.name(),
                meta.description(),
                meta.labels(),
                meta.createdRevision(),
                meta.changedRevision(),
                actor(meta.createdBy()),
                actor(meta.changedBy())));
    }

    /** Users of the tenant by name, all others without; nobody's address. */
    String actor(String actor) {
        if (actor.isEmpty()) {
            return actor;
        }
        int at = actor.lastIndexOf('@');
        String name = at < 0 ? actor : actor.substring(0, at);
        return users.contains(name.split("/", 2)[0]) ? name : OTHERS;
    }

    /** Who made a change, and what was said about it if that was one of the tenant. */
    Origin origin(Origin origin) {
        String actor = actor(origin.actor());
        return new Origin(actor, actor.equals(OTHERS) ? "" : origin.comment());
    }

    /** A change without what tells of people outside of the tenant. */
    ObjectChange masked(ObjectChange change) {
        return new ObjectChange(change.before().map(this::shown), change.after().map(this::shown));
    }

    boolean ownsSubscriptionOf(VmNetwork network) {
        return network.subscriptionId().filter(subscriptions::contains).isPresent();
    }
}
