package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.manager.TenantSpec.ProviderAddressSpec;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.LogicalNetwork.ProviderAddressing;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;

/**
 * PAs per host and VSID. Whatever brings VMs to a host or takes them away, {@link #settle} gives each VSID its PA with the first port
 * and takes it back with the last, in the same transaction. A VM refers to the PAs it uses, so that of two transactions of which one
 * takes the last port away and the other brings one, the store refuses the second.
 */
final class ProviderPlans {

    private static final Kind KIND = Kind.PROVIDER_ADDRESS;

    private ProviderPlans() {}

    /** A VSID with a port on a host. */
    private record Use(UUID hostId, UUID vmSubnetId) {}

    /** Before the first port comes, somebody wants a PA of their choice. It goes with the last port all the same. */
    static ProviderAddress providerAddress(Draft draft, ProviderAddressSpec spec) {
        Host host = draft.named(Host.class, spec.hostId(), KIND, "hostId");
        VmSubnet subnet = draft.named(VmSubnet.class, spec.vmSubnetId(), KIND, "vmSubnetId");
        VmNetwork network = draft.get(VmNetwork.class, subnet.vmNetworkId());
        TenantPlans.checkReach(draft, network, host.paPoolId(), host.id(), KIND, "hostId");
        if (!isPerVsid(draft, subnet)) {
            throw Draft.refusal(
                    INVALID,
                    KIND,
                    "vmSubnetId",
                    subnet.id(),
                    "must be in a logical-network with providerAddressing PER_HOST_AND_VSID");
        }
        IpPool pool = draft.get(IpPool.class, host.paPoolId());
        IpAddress address = spec.providerAddress()
                .map(wanted -> PhysicalPlans.inPool(pool, wanted, KIND, "providerAddress"))
                .orElseGet(() -> allocate(draft, pool, KIND, "providerAddress"));
        return draft.put(new ProviderAddress(draft.meta(spec), host.id(), subnet.id(), address));
    }

    /** Completes a draft that puts or deletes VMs. */
    static void settle(Draft draft) {
        Set<Use> needed = new LinkedHashSet<>();
        draft.puts(Vm.class).forEach(vm -> addUses(needed, vm));
        Set<Use> left = new LinkedHashSet<>();
        for (UUID id : draft.touched()) {
            draft.index().find(Vm.class, id).ifPresent(vm -> addUses(left, vm));
        }
        left.removeAll(needed);
        left.forEach(use -> release(draft, use));
        needed.forEach(use -> provide(draft, use));
    }

    private static void addUses(Set<Use> uses, Vm vm) {
        vm.nics().forEach(nic -> uses.add(new Use(vm.hostId(), nic.vmSubnetId())));
    }

    private static void provide(Draft draft, Use use) {
        VmSubnet subnet = draft.get(VmSubnet.class, use.vmSubnetId());
        if (!isPerVsid(draft, subnet)
                || draft.providerAddress(use.hostId(), subnet.id()).isPresent()) {
            return;
        }
        Host host = draft.get(Host.class, use.hostId());
        IpAddress address = allocate(draft, draft.get(IpPool.class, host.paPoolId()), Kind.VM, "hostId");
        Meta meta = Meta.of(draft.newId(), address.toString(), "");
        draft.put(new ProviderAddress(meta, host.id(), subnet.id(), address));
    }

    /** The last port goes. Of two that go at once, each of which leaves the other, one has to look again. */
    private static void release(Draft draft, Use use) {
        draft.index().providerAddress(use.hostId(), use.vmSubnetId()).ifPresent(pa -> {
            Set<UUID> touched = draft.touched();
            if (draft.index().users(pa.id()).stream().allMatch(touched::contains)) {
                draft.delete(pa);
            } else {
                draft.guard("provider-address", pa.id());
            }
        });
    }

    /** Not the lowest free one: a PA just released would come to another host while its neighbours still know the old MAC. */
    private static IpAddress allocate(Draft draft, IpPool pool, Kind kind, String field) {
        return draft.allocation().anyAddress(pool, UniqueKeys::providerAddress, kind, field);
    }

    private static boolean isPerVsid(Draft draft, VmSubnet subnet) {
        VmNetwork network = draft.get(VmNetwork.class, subnet.vmNetworkId());
        return draft.get(LogicalNetwork.class, network.logicalNetworkId()).providerAddressing()
                == ProviderAddressing.PER_HOST_AND_VSID;
    }
}
