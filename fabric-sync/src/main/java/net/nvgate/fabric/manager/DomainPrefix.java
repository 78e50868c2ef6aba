package net.nvgate.fabric.manager;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;

/** A prefix that means one thing within a VM network: no two objects of it may have an address in common. */
record DomainPrefix(UUID vmNetworkId, IpPrefix prefix) {

    static List<DomainPrefix> of(FabricObject object, ObjectLookup lookup) {
        return switch (object) {
            case VmSubnet subnet -> of(subnet.vmNetworkId(), subnet.prefixes().stream());
            case VmNetworkGateway gateway ->
                of(
                        gateway.vmNetworkId(),
                        Stream.concat(gateway.routingSubnets().stream(), gateway.nat64Prefix().stream()));
            case TenantInterface tenant ->
                of(
                        lookup.get(VmNetworkGateway.class, tenant.vmNetworkGatewayId())
                                .vmNetworkId(),
                        tenant.subnets().stream());
            case VmNetworkPeering peering ->
                Stream.of(
                                of(peering.vmNetworkId(), peering.peerPrefixes().stream()),
                                of(peering.peerVmNetworkId(), peering.prefixes().stream()))
                        .flatMap(List::stream)
                        .toList();
            default -> List.of();
        };
    }

    private static List<DomainPrefix> of(UUID vmNetworkId, Stream<IpPrefix> prefixes) {
        return prefixes.map(prefix -> new DomainPrefix(vmNetworkId, prefix)).toList();
    }
}
