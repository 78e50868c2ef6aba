package net.nvgate.fabric.manager;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/**
 * What an object takes of quotas.
 *
 * @param subscriptionId who pays for it; empty for what no subscription owns
 * @param vmNetworkId whose it is, and whose owner pays for it; empty for VM networks themselves and for VMs
 * @param amounts of all dimensions but public addresses
 * @param publicAddress an external address; the same one in several objects of a subscription counts once
 */
record QuotaUse(
        Optional<UUID> subscriptionId,
        Optional<UUID> vmNetworkId,
        Map<QuotaDimension, Long> amounts,
        Optional<IpAddress> publicAddress) {

    /** Empty for what quotas do not count. */
    static Optional<QuotaUse> of(FabricObject object, ObjectLookup lookup) {
        return Optional.ofNullable(
                switch (object) {
                    case VmNetwork network ->
                        new QuotaUse(
                                network.subscriptionId(),
                                Optional.empty(),
                                Map.of(QuotaDimension.VM_NETWORKS, 1L),
                                Optional.empty());
                    case VmSubnet subnet -> counted(network(subnet.vmNetworkId(), lookup), QuotaDimension.VM_SUBNETS);
                    case NatRule rule -> {
                        NatConnection connection = lookup.get(NatConnection.class, rule.natConnectionId());
                        yield counted(behind(connection.vmNetworkGatewayId(), lookup), QuotaDimension.NAT_RULES);
                    }
                    case NatConnection connection ->
                        addressed(behind(connection.vmNetworkGatewayId(), lookup), connection.externalAddress());
                    case NatOneToOne one -> addressed(behind(one.vmNetworkGatewayId(), lookup), one.externalAddress());
                    case Vm vm -> new QuotaUse(vm.subscriptionId(), Optional.empty(), amounts(vm), Optional.empty());
                    default -> null;
                });
    }

    private static QuotaUse counted(VmNetwork of, QuotaDimension dimension) {
        return new QuotaUse(of.subscriptionId(), Optional.of(of.id()), Map.of(dimension, 1L), Optional.empty());
    }

    private static QuotaUse addressed(VmNetwork of, IpAddress address) {
        return new QuotaUse(of.subscriptionId(), Optional.of(of.id()), Map.of(), Optional.of(address));
    }

    private static Map<QuotaDimension, Long> amounts(Vm vm) {
        return Map.of(
                QuotaDimension.VMS,
                1L,
                QuotaDimension.VCPUS,
                (long) vm.vcpus(),
                QuotaDimension.MEMORY_MB,
                (long) vm.memoryMb(),
                QuotaDimension.STORAGE_GB,
                (long) vm.storageGb(),
                QuotaDimension.CUSTOM_POINTS,
                (long) vm.customPoints());
    }

    private static VmNetwork network(UUID id, ObjectLookup lookup) {
        return lookup.get(VmNetwork.class, id);
    }

    private static VmNetwork behind(UUID vmNetworkGatewayId, ObjectLookup lookup) {
        return network(lookup.get(VmNetworkGateway.class, vmNetworkGatewayId).vmNetworkId(), lookup);
    }
}
