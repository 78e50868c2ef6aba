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
 * What an object takes of its subscription's quotas.
 *
 * @param amounts of all dimensions but public addresses
 * @param publicAddress an external address; the same one in several objects of a subscription counts once
 */
record QuotaUse(UUID subscriptionId, Map<QuotaDimension, Long> amounts, Optional<IpAddress> publicAddress) {

    /** Empty for what no subscription owns. */
    static Optional<QuotaUse> of(FabricObject object, ObjectLookup lookup) {
        return switch (object) {
            case VmNetwork network -> counted(network, QuotaDimension.VM_NETWORKS);
            case VmSubnet subnet -> counted(network(subnet.vmNetworkId(), lookup), QuotaDimension.VM_SUBNETS);
            case NatRule rule -> {
                NatConnection connection = lookup.get(NatConnection.class, rule.natConnectionId());
                yield counted(behind(connection.vmNetworkGatewayId(), lookup), QuotaDimension.NAT_RULES);
            }
            case NatConnection connection ->
                addressed(behind(connection.vmNetworkGatewayId(), lookup), connection.externalAddress());
            case NatOneToOne one -> addressed(behind(one.vmNetworkGatewayId(), lookup), one.externalAddress());
            case Vm vm -> vm.subscriptionId().map(id -> new QuotaUse(id, amounts(vm), Optional.empty()));
            default -> Optional.empty();
        };
    }

    private static Optional<QuotaUse> counted(VmNetwork owned, QuotaDimension dimension) {
        return owned.subscriptionId().map(id -> new QuotaUse(id, Map.of(dimension, 1L), Optional.empty()));
    }

    private static Optional<QuotaUse> addressed(VmNetwork owned, IpAddress address) {
        return owned.subscriptionId().map(id -> new QuotaUse(id, Map.of(), Optional.of(address)));
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
