package net.nvgate.fabric.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;

/** The objects that others are projected by. VMs and NAT rules, the many, are not among them, but {@link PortView} has VMs. */
final class ModelView {

    private final Map<UUID, FabricObject> objects = new HashMap<>();
    private final Map<Place, ProviderAddress> providerAddresses = new HashMap<>();
    private final Map<UUID, Map<UUID, VmSubnet>> subnetsOfNetwork = new HashMap<>();
    final PortView ports = new PortView();

    /** A virtual subnet on a host. */
    private record Place(UUID hostId, UUID vmSubnetId) {}

    void put(FabricObject object) {
        ports.put(object);
        switch (object) {
            case Vm _,
                    NatRule _,
                    NatOneToOne _,
                    NatExemption _,
                    TenantInterface _,
                    VmNetworkPeering _,
                    AddressSet _,
                    PortAcl _ -> {}
            case ProviderAddress pa -> {
                objects.put(pa.id(), pa);
                providerAddresses.put(new Place(pa.hostId(), pa.vmSubnetId()), pa);
            }
            case VmSubnet subnet -> {
                objects.put(subnet.id(), subnet);
                subnetsOfNetwork
                        .computeIfAbsent(subnet.vmNetworkId(), _ -> new HashMap<>())
                        .put(subnet.id(), subnet);
            }
            default -> objects.put(object.id(), object);
        }
    }

    void remove(UUID id) {
        ports.remove(id);
        switch (objects.remove(id)) {
            case VmSubnet subnet ->
                subnetsOfNetwork.computeIfPresent(subnet.vmNetworkId(), (_, subnets) -> {
                    subnets.remove(id);
                    return subnets.isEmpty() ? null : subnets;
                });
            case ProviderAddress pa -> providerAddresses.remove(new Place(pa.hostId(), pa.vmSubnetId()), pa);
            case null, default -> {}
        }
    }

    /** The words of a node that is a Hyper-V host. */
    Optional<HyperVForm> hyperV(UUID nodeId) {
        return objects.get(nodeId) instanceof Host host && host.hostType() == Host.HostType.HYPER_V
                ? Optional.of(new HyperVForm(host.providerAddress()))
                : Optional.empty();
    }

    /** Whether the (first) PA of a node is IPv6. */
    boolean hasPa6(UUID nodeId) {
        return switch (objects.get(nodeId)) {
            case Host host -> host.providerAddress().bits() == 128;
            case Gateway gateway -> gateway.providerAddress().bits() == 128;
            case null, default -> false;
        };
    }

    /** The PA of a VM's VSID on its host. The store keeps that of the VSID, if it has one, as long as there are VMs. */
    IpAddress providerAddress(Host host, UUID vmSubnetId) {
        ProviderAddress own = providerAddresses.get(new Place(host.id(), vmSubnetId));
        return own == null ? host.providerAddress() : own.providerAddress();
    }

    /** The store keeps an object as long as another one refers to it. */
    <T extends FabricObject> T get(Class<T> type, UUID id) {
        FabricObject object = objects.get(id);
        if (object == null) {
            throw new IllegalStateException("the model has no " + type.getSimpleName() + " with id " + id);
        }
        return type.cast(object);
    }

    /** The VM subnet of a network with this address; the store keeps it as long as a route's next hop is in it. */
    VmSubnet subnetHolding(UUID vmNetworkId, IpAddress address) {
        return subnetsOfNetwork.getOrDefault(vmNetworkId, Map.of()).values().stream()
                .filter(subnet -> subnet.prefixes().stream().anyMatch(prefix -> prefix.contains(address)))
                .findAny()
                .orElseThrow(() -> new IllegalStateException(
                        "no subnet of VM network " + vmNetworkId + " has the address " + address));
    }
}
