package net.nvgate.fabric.manager;

import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/** An address of a pool that an object has. */
record PoolUse(UUID poolId, IpAddress address) {

    static List<PoolUse> of(FabricObject object, ObjectLookup lookup) {
        return switch (object) {
            case Host host -> List.of(new PoolUse(host.paPoolId(), host.providerAddress()));
            case Gateway gateway ->
                List.of(
                        new PoolUse(gateway.paPoolId(), gateway.providerAddress()),
                        new PoolUse(gateway.externalPoolId(), gateway.externalAddress()));
            case NatConnection connection ->
                List.of(new PoolUse(connection.externalPoolId(), connection.externalAddress()));
            case Vm vm ->
                vm.nics().stream()
                        .map(nic -> new PoolUse(
                                lookup.get(VmSubnet.class, nic.vmSubnetId()).ipPoolId(), nic.address()))
                        .toList();
            case LogicalNetwork _, NetworkSite _, IpPool _, VmNetwork _, VmSubnet _, VmNetworkGateway _, NatRule _ ->
                List.of();
        };
    }
}
