package net.nvgate.fabric.manager;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;

/** What an object needs: the objects it names, and those it depends on by address. */
final class References {

    private References() {}

    /** @param lookup also finds objects that are about to be made */
    static Set<UUID> of(FabricObject object, FabricIndex index, ObjectLookup lookup) {
        return Stream.concat(object.references().stream(), implied(object, index, lookup))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Subnets of targets and next hops, which are found by the address, the gateway of both networks of a peering, and PAs of the
     * VSIDs of a VM on its host.
     */
    private static Stream<UUID> implied(FabricObject object, FabricIndex index, ObjectLookup lookup) {
        return switch (object) {
            // The pool that its address is of.
            case ProviderAddress pa ->
                Stream.of(index.get(Host.class, pa.hostId()).paPoolId());
            case Vm vm ->
                vm.nics().stream()
                        .flatMap(nic -> lookup.providerAddress(vm.hostId(), nic.vmSubnetId()).stream())
                        .map(ProviderAddress::id);
            case NatRule rule -> {
                NatConnection connection = index.get(NatConnection.class, rule.natConnectionId());
                yield subnet(index, connection.vmNetworkGatewayId(), rule.internalAddress());
            }
            case NatOneToOne one -> subnet(index, one.vmNetworkGatewayId(), one.internalAddress());
            case VmNetworkGateway gateway ->
                gateway.routes().stream()
                        .flatMap(route -> route.nextHops().stream())
                        .flatMap(nextHop -> index.subnetHolding(gateway.vmNetworkId(), nextHop).stream())
                        .map(VmSubnet::id);
            case VmNetworkPeering peering ->
                Stream.of(peering.vmNetworkId(), peering.peerVmNetworkId())
                        .map(index::gatewayOf)
                        .flatMap(Optional::stream)
                        .map(VmNetworkGateway::id);
            default -> Stream.of();
        };
    }

    private static Stream<UUID> subnet(FabricIndex index, UUID vmNetworkGatewayId, IpAddress address) {
        UUID vmNetworkId = index.get(VmNetworkGateway.class, vmNetworkGatewayId).vmNetworkId();
        return index
                .subnetHolding(vmNetworkId, address)
                .map(VmSubnet::id)
                .or(() -> index.interfaceHolding(vmNetworkGatewayId, address).map(TenantInterface::id))
                .stream();
    }
}
