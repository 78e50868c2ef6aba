package net.nvgate.fabric.manager;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.AddressGrant;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/** An address of a pool that an object has. */
record PoolUse(UUID poolId, IpAddress address) {

    static List<PoolUse> of(FabricObject object, ObjectLookup lookup) {
        return switch (object) {
            case Host host -> List.of(new PoolUse(host.paPoolId(), host.providerAddress()));
            case ProviderAddress pa -> {
                Host host = lookup.get(Host.class, pa.hostId());
                yield host.providerAddress().equals(pa.providerAddress())
                        ? List.of()
                        : List.of(new PoolUse(host.paPoolId(), pa.providerAddress()));
            }
            case Gateway gateway ->
                Stream.of(
                                of(Optional.of(gateway.paPoolId()), Optional.of(gateway.providerAddress())),
                                of(Optional.of(gateway.externalPoolId()), Optional.of(gateway.externalAddress())),
                                of(gateway.paPool6Id(), gateway.providerAddress6()),
                                of(gateway.externalPool6Id(), gateway.externalAddress6()))
                        .flatMap(Optional::stream)
                        .toList();
            case NatConnection connection ->
                List.of(new PoolUse(connection.externalPoolId(), connection.externalAddress()));
            case AddressGrant grant -> List.of(new PoolUse(grant.ipPoolId(), grant.address()));
            case NatOneToOne one -> List.of(new PoolUse(one.externalPoolId(), one.externalAddress()));
            case VmNetworkGateway gateway ->
                gateway.vmSubnetId().stream()
                        .map(id -> lookup.get(VmSubnet.class, id))
                        .flatMap(subnet -> of(subnet, gateway.address(), gateway.address6()))
                        .toList();
            case Vm vm -> vm.nics().stream().flatMap(nic -> of(nic, lookup)).toList();
            default -> List.of();
        };
    }

    private static Stream<PoolUse> of(Vm.Nic nic, ObjectLookup lookup) {
        VmSubnet subnet = lookup.get(VmSubnet.class, nic.vmSubnetId());
        return nic.addresses().stream()
                .flatMap(address -> address.bits() == 32
                        ? Stream.of(new PoolUse(subnet.ipPoolId(), address))
                        : of(subnet.ipPool6Id(), Optional.of(address)).stream());
    }

    private static Stream<PoolUse> of(VmSubnet subnet, IpAddress address, Optional<IpAddress> address6) {
        return Stream.concat(
                Stream.of(new PoolUse(subnet.ipPoolId(), address)), of(subnet.ipPool6Id(), address6).stream());
    }

    private static Optional<PoolUse> of(Optional<UUID> pool, Optional<IpAddress> address) {
        return pool.flatMap(id -> address.map(a -> new PoolUse(id, a)));
    }
}
