package net.nvgate.fabric.manager;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.ObjectChange;

/**
 * What belongs to each subscription, by name: its VMs and VM networks, and what is in these networks, but no lists and address sets of
 * the provider. A tenant's page costs what it shows, and a change the lists that the object is in.
 *
 * <pre>
 *  subscription ◀── VM
 *         ▲──────── VM network ◀── VM subnet ◀── IP pool
 *                        ▲──────── VM network gateway ◀── NAT connection ◀── NAT rule
 *                        ▲──────── port ACL ...     ▲──── one-to-one NAT ...
 * </pre>
 *
 * <p>One writer; readers wait for nobody.
 */
final class SubscriptionLists {

    private static final Map<Kind, List<Kind>> INSIDE = Map.of(
            Kind.VM_NETWORK,
            List.of(Kind.VM_SUBNET, Kind.VM_NETWORK_GATEWAY, Kind.VM_NETWORK_PEERING, Kind.ADDRESS_SET, Kind.PORT_ACL),
            Kind.VM_SUBNET,
            List.of(Kind.IP_POOL),
            Kind.VM_NETWORK_GATEWAY,
            List.of(Kind.NAT_CONNECTION, Kind.NAT_ONE_TO_ONE, Kind.NAT_EXEMPTION, Kind.TENANT_INTERFACE),
            Kind.NAT_CONNECTION,
            List.of(Kind.NAT_RULE));

    private final FabricIndex index;
    private final Map<Place, SortedObjects> lists = new ConcurrentHashMap<>();
    /** The subscriptions of objects that belong to one, by the objects' ids. */
    private final Map<UUID, UUID> subscriptions = new HashMap<>();

    private record Place(Kind kind, UUID subscriptionId) {}

    SubscriptionLists(FabricIndex index) {
        this.index = index;
        Map<Place, List<FabricObject>> all = new HashMap<>();
        for (Kind kind : Kind.ofFabric()) {
            for (FabricObject object : index.all(kind)) {
                subscriptionOf(object).ifPresent(id -> {
                    subscriptions.put(object.id(), id);
                    all.computeIfAbsent(new Place(kind, id), _ -> new ArrayList<>())
                            .add(object);
                });
            }
        }
        all.forEach((place, objects) -> lists.put(place, SortedObjects.of(objects)));
    }

    List<FabricObject> list(Kind kind, UUID subscriptionId) {
        return lists.getOrDefault(new Place(kind, subscriptionId), SortedObjects.EMPTY);
    }

    /** Called when the index has them. */
    void apply(List<ObjectChange> changes) {
        Map<Place, List<ObjectChange>> byPlace = new HashMap<>();
        Set<UUID> seen = new HashSet<>();
        changes.forEach(change -> seen.add(change.any().id()));
        changes.forEach(change -> move(change, byPlace, seen));
        byPlace.forEach((place, there) -> lists.compute(place, (_, list) -> {
            SortedObjects after = (list == null ? SortedObjects.EMPTY : list).with(there);
            return after.isEmpty() ? null : after;
        }));
    }

    private void move(ObjectChange change, Map<Place, List<ObjectChange>> byPlace, Set<UUID> seen) {
        FabricObject object = change.any();
        UUID was = subscriptions.get(object.id());
        UUID is = change.after().flatMap(this::subscriptionOf).orElse(null);
        if (is == null) {
            subscriptions.remove(object.id());
        } else {
            subscriptions.put(object.id(), is);
        }
        if (is != null && is.equals(was)) {
            add(byPlace, object.kind(), is, change);
            return;
        }
        if (was != null) {
            add(byPlace, object.kind(), was, new ObjectChange(change.before(), Optional.empty()));
        }
        if (is != null) {
            add(byPlace, object.kind(), is, new ObjectChange(Optional.empty(), change.after()));
        }
        // What is inside goes with it; what was changed, too, is looked at by itself.
        for (Kind kind : INSIDE.getOrDefault(object.kind(), List.of())) {
            for (FabricObject inside : index.users(kind, object.id())) {
                if (seen.add(inside.id())) {
                    move(new ObjectChange(Optional.of(inside), Optional.of(inside)), byPlace, seen);
                }
            }
        }
    }

    private static void add(Map<Place, List<ObjectChange>> byPlace, Kind kind, UUID id, ObjectChange change) {
        byPlace.computeIfAbsent(new Place(kind, id), _ -> new ArrayList<>()).add(change);
    }

    private Optional<UUID> subscriptionOf(FabricObject object) {
        return switch (object) {
            case Vm vm -> vm.subscriptionId();
            case VmNetwork network -> network.subscriptionId();
            case VmSubnet subnet -> ofWhatHas(subnet.vmNetworkId());
            case VmNetworkGateway gateway -> ofWhatHas(gateway.vmNetworkId());
            case VmNetworkPeering peering -> ofWhatHas(peering.vmNetworkId());
            case AddressSet set -> set.provider() ? Optional.empty() : ofWhatHas(set.vmNetworkId());
            case PortAcl acl -> acl.provider() ? Optional.empty() : ofWhatHas(acl.vmNetworkId());
            case IpPool pool -> pool.vmSubnetId().flatMap(this::ofWhatHas);
            case NatConnection connection -> ofWhatHas(connection.vmNetworkGatewayId());
            case NatOneToOne one -> ofWhatHas(one.vmNetworkGatewayId());
            case NatExemption exemption -> ofWhatHas(exemption.vmNetworkGatewayId());
            case TenantInterface side -> ofWhatHas(side.vmNetworkGatewayId());
            case NatRule rule -> ofWhatHas(rule.natConnectionId());
            default -> Optional.empty();
        };
    }

    private Optional<UUID> ofWhatHas(UUID id) {
        return index.find(id).flatMap(this::subscriptionOf);
    }
}
