package net.nvgate.fabric.simulation;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;

/** Host groups are a tree, and what is scoped to them serves who relies on it; MAC pools are disjoint. */
final class PhysicalRules {

    private final Content content;

    private PhysicalRules(Content content) {
        this.content = content;
    }

    static void check(Content content) {
        PhysicalRules rules = new PhysicalRules(content);
        content.all(HostGroup.class).forEach(group -> rules.upwards(Optional.of(group.id())));
        rules.macPools();
        rules.gatewaysServe();
    }

    /** @throws AssertionError if the groups above are no path of at most {@link HostGroup#DEPTH_MAX} */
    private Set<UUID> upwards(Optional<UUID> group) {
        Set<UUID> path = new HashSet<>();
        Optional<UUID> next = group;
        while (next.isPresent()) {
            if (!path.add(next.get()) || path.size() > HostGroup.DEPTH_MAX) {
                throw new AssertionError("host groups are no tree of " + HostGroup.DEPTH_MAX + " levels: " + path);
            }
            next = content.get(HostGroup.class, next.get()).parentId();
        }
        return path;
    }

    private void macPools() {
        List<MacPool> pools = content.all(MacPool.class);
        for (MacPool one : pools) {
            for (MacPool other : pools) {
                if (!one.id().equals(other.id()) && one.overlaps(other)) {
                    throw new AssertionError("MAC pools overlap: " + one + " and " + other);
                }
            }
        }
    }

    /** VMs of a VM network are on hosts that its gateway serves. */
    private void gatewaysServe() {
        for (VmNetworkGateway attached : content.all(VmNetworkGateway.class)) {
            Gateway gateway = content.get(Gateway.class, attached.gatewayId());
            if (gateway.hostGroupIds().isEmpty()) {
                continue;
            }
            for (Vm vm : content.all(Vm.class)) {
                boolean there = vm.nics().stream()
                        .map(nic ->
                                content.get(VmSubnet.class, nic.vmSubnetId()).vmNetworkId())
                        .anyMatch(attached.vmNetworkId()::equals);
                Host host = content.get(Host.class, vm.hostId());
                if (there && upwards(host.hostGroupId()).stream().noneMatch(gateway.hostGroupIds()::contains)) {
                    throw new AssertionError("the gateway does not serve the host: " + gateway + ", " + host);
                }
            }
        }
    }
}
