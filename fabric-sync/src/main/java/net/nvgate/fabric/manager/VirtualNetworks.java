package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;
import static net.nvgate.fabric.manager.FabricException.Code.NOT_FOUND;
import static net.nvgate.fabric.manager.VirtualNetworkSpec.OBJECT;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import net.nvgate.fabric.manager.FabricSpec.VmNetworkSpec;
import net.nvgate.fabric.manager.NatSpec.NatConnectionSpec;
import net.nvgate.fabric.manager.TenantSpec.DhcpSpec;
import net.nvgate.fabric.manager.TenantSpec.VmNetworkGatewaySpec;
import net.nvgate.fabric.manager.TenantSpec.VmSubnetSpec;
import net.nvgate.fabric.model.AddressSet;
import net.nvgate.fabric.model.Cloud;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.PortAcl;
import net.nvgate.fabric.model.Subscription;
import net.nvgate.fabric.model.VmNetwork;

/** What a tenant's "New, Virtual Network" and its end stand for, as operations of one transaction. */
final class VirtualNetworks {

    /** What goes with a VM network: its own parts, and all that is of use only to it. */
    private static final Set<Kind> PARTS = EnumSet.of(
            Kind.VM_SUBNET,
            Kind.VM_NETWORK_GATEWAY,
            Kind.NAT_CONNECTION,
            Kind.NAT_RULE,
            Kind.NAT_ONE_TO_ONE,
            Kind.NAT_EXEMPTION,
            Kind.TENANT_INTERFACE,
            Kind.ADDRESS_SET,
            Kind.PORT_ACL);

    private final FabricIndex index;

    VirtualNetworks(FabricIndex index) {
        this.index = index;
    }

    /**
     * VM network, VM subnet, and, if they are wanted, VM network gateway and NAT connection, in this order.
     *
     * @param ids for the VM network, unless the caller chose one, and for the gateway
     */
    List<Operation> create(UUID subscriptionId, VirtualNetworkSpec spec, Supplier<UUID> ids) {
        Subscription subscription = index.existing(Subscription.class, subscriptionId);
        LogicalNetwork logicalNetwork = logicalNetwork(subscription, spec);
        UUID networkId = spec.meta().id().orElseGet(ids);
        List<Operation> operations = new ArrayList<>();
        operations.add(new Operation.Create(network(subscription, logicalNetwork, spec, networkId)));
        operations.add(new Operation.Create(subnet(subscription, spec, networkId)));
        if (spec.nat().isPresent() || spec.gatewayId().isPresent()) {
            UUID attachmentId = ids.get();
            operations.add(attachment(spec, networkId, attachmentId));
            spec.nat().ifPresent(nat -> operations.add(new Operation.Create(nat(spec, nat, attachmentId))));
        }
        return operations;
    }

    private LogicalNetwork logicalNetwork(Subscription subscription, VirtualNetworkSpec spec) {
        Cloud cloud = TenancyRules.cloud(index, subscription);
        List<LogicalNetwork> candidates = index.all(Kind.LOGICAL_NETWORK).stream()
                .map(LogicalNetwork.class::cast)
                .filter(LogicalNetwork::networkVirtualization)
                .filter(network -> cloud.logicalNetworkIds().isEmpty()
                        || cloud.logicalNetworkIds().contains(network.id()))
                .filter(network ->
                        spec.logicalNetworkId().map(network.id()::equals).orElse(true))
                .toList();
        if (candidates.size() != 1) {
            String rule = spec.logicalNetworkId().isPresent()
                    ? "must be the id of a logical-network with networkVirtualization in cloud '" + cloud.name() + "'"
                    : "is required: cloud '" + cloud.name() + "' has " + candidates.size()
                            + " logical-networks with networkVirtualization";
            throw new FabricException(INVALID, OBJECT, "logicalNetworkId", OBJECT + ".logicalNetworkId " + rule);
        }
        return candidates.getFirst();
    }

    private static VmNetworkSpec network(
            Subscription subscription, LogicalNetwork logicalNetwork, VirtualNetworkSpec spec, UUID id) {
        SpecMeta meta = new SpecMeta(
                spec.meta().name(), spec.meta().description(), spec.meta().labels(), Optional.of(id));
        return new VmNetworkSpec(
                meta,
                logicalNetwork.id(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(subscription.id()),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The pools are named after the subscription, as Windows Azure Pack does. */
    private static VmSubnetSpec subnet(Subscription subscription, VirtualNetworkSpec spec, UUID networkId) {
        Optional<DhcpSpec> dhcp = spec.dnsServers().isEmpty()
                ? Optional.empty()
                : Optional.of(new DhcpSpec(spec.dnsServers(), spec.domainName(), Optional.empty(), Optional.empty()));
        return new VmSubnetSpec(
                new SpecMeta(spec.meta().name(), ""),
                networkId,
                spec.prefix(),
                Optional.empty(),
                Optional.empty(),
                spec.prefix6(),
                dhcp,
                Optional.of(subscription.name()));
    }

    private static Operation attachment(VirtualNetworkSpec spec, UUID networkId, UUID attachmentId) {
        SpecMeta meta = new SpecMeta(spec.meta().name(), "", Map.of(), Optional.of(attachmentId));
        return spec.gatewayId()
                .<Operation>map(gateway -> new Operation.Create(VmNetworkGatewaySpec.of(meta, networkId, gateway)))
                .orElseGet(() -> new Operation.Attach(meta, networkId));
    }

    private static NatConnectionSpec nat(VirtualNetworkSpec spec, VirtualNetworkSpec.Nat nat, UUID attachmentId) {
        return new NatConnectionSpec(
                new SpecMeta(spec.meta().name(), ""),
                attachmentId,
                nat.externalPoolId(),
                nat.externalAddress(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                nat.maximumBandwidthInboundKbps(),
                nat.maximumBandwidthOutboundKbps(),
                Optional.empty());
    }

    /**
     * All parts of a VM network, last made first, and the VM network itself. VMs and peerings are refused as users.
     *
     * @param provider whether the provider's port ACLs and address sets are parts, too: a tenant does not get rid of them
     */
    List<Operation> delete(UUID subscriptionId, UUID vmNetworkId, boolean provider) {
        UUID owner = index.existing(Subscription.class, subscriptionId).id();
        VmNetwork network = index.find(VmNetwork.class, vmNetworkId)
                .filter(found -> found.subscriptionId().filter(owner::equals).isPresent())
                .orElseThrow(() -> new FabricException(
                        NOT_FOUND, OBJECT, "id", "the subscription has no virtual-network with the id " + vmNetworkId));
        Map<UUID, FabricObject> parts = new HashMap<>();
        collect(network, provider, parts);
        return parts.values().stream()
                .sorted(Comparator.comparing(FabricObject::kind).reversed().thenComparing(FabricObject::id))
                .<Operation>map(part -> new Operation.Delete(part.kind(), part.id()))
                .toList();
    }

    private void collect(FabricObject object, boolean provider, Map<UUID, FabricObject> parts) {
        if (parts.putIfAbsent(object.id(), object) == null) {
            Collection<UUID> users = index.users(object.id());
            users.stream()
                    .flatMap(id -> index.find(id).stream())
                    .filter(user -> PARTS.contains(user.kind()) && (provider || !isProviders(user)))
                    .forEach(user -> collect(user, provider, parts));
        }
    }

    private static boolean isProviders(FabricObject object) {
        return switch (object) {
            case PortAcl acl -> acl.provider();
            case AddressSet set -> set.provider();
            default -> false;
        };
    }
}
