package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec.NicSpec;
import net.nvgate.fabric.manager.FabricSpec.VmSpec;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.PortClassification;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;

/** Rules of VMs. */
final class WorkloadPlans {

    private WorkloadPlans() {}

    static Vm vm(Draft draft, VmSpec spec) {
        Host host = draft.named(Host.class, spec.hostId(), Kind.VM, "hostId");
        PhysicalPlans.checkTakesVms(host);
        Rules.range(Kind.VM.label(), "nics", spec.nics().size(), 0, Vm.NICS_MAX);
        List<Vm.Nic> nics = new ArrayList<>(spec.nics().size());
        for (NicSpec nic : spec.nics()) {
            nics.add(nic(draft, host, nic, nics.size()));
        }
        Vm vm = new Vm(
                draft.meta(spec),
                host.id(),
                nics,
                spec.subscriptionId(),
                spec.vcpus().orElse(null),
                spec.memoryMb().orElse(null),
                spec.storageGb().orElse(null),
                spec.customPoints().orElse(null));
        check(draft, vm);
        return draft.put(vm);
    }

    private static Vm.Nic nic(Draft draft, Host host, NicSpec spec, int position) {
        String field = "nics[" + position + "].";
        VmSubnet subnet = draft.named(VmSubnet.class, spec.vmSubnetId(), Kind.VM, field + "vmSubnetId");
        VmNetwork network = draft.get(VmNetwork.class, subnet.vmNetworkId());
        NetworkHosts.checkPlace(draft, network.id(), host, Optional.empty());
        return new Vm.Nic(
                draft.newId(),
                spec.name().orElse("nic" + position),
                subnet.id(),
                address(draft, network, subnet.ipPoolId(), subnet.prefix(), spec.address(), field + "address"),
                address6(draft, network, subnet, spec.address6(), field + "address6"),
                spec.mac().orElseGet(() -> draft.allocation().mac(host.hostGroupId(), Kind.VM, field + "mac")),
                spec.portClassificationId()
                        .map(id -> draft.named(PortClassification.class, id, Kind.VM, field + "portClassificationId")
                                .id()),
                spec.macType().orElse(null),
                spec.addressing().orElse(null),
                learned(draft, subnet, spec));
    }

    private static List<IpAddress> learned(Draft draft, VmSubnet subnet, NicSpec spec) {
        List<IpAddress> addresses = spec.learnedAddresses().orElse(List.of());
        addresses.forEach(address -> NicPlans.checkPlace(draft, subnet, address));
        return addresses;
    }

    private static Optional<IpAddress> address6(
            Draft draft, VmNetwork network, VmSubnet subnet, Optional<IpAddress> wanted, String field) {
        if (wanted.isPresent() && subnet.prefix6().isEmpty()) {
            throw Draft.refusal(
                    INVALID, Kind.VM, field, wanted.get(), "needs a prefix6 of " + draft.describe(subnet.id()));
        }
        return subnet.prefix6()
                .map(prefix -> address(draft, network, subnet.ipPool6Id().orElseThrow(), prefix, wanted, field));
    }

    private static IpAddress address(
            Draft draft, VmNetwork network, UUID poolId, IpPrefix prefix, Optional<IpAddress> wanted, String field) {
        return wanted.map(address -> Rules.usable(Kind.VM.label(), field, address, prefix))
                .orElseGet(() -> draft.allocation()
                        .address(
                                draft.get(IpPool.class, poolId),
                                free -> UniqueKeys.customerAddress(network.rdid(), free),
                                Kind.VM,
                                field));
    }

    static void check(Draft draft, Vm vm) {
        TenancyRules.check(draft, vm);
        PortRules.check(draft, vm);
    }

    static Vm move(Draft draft, UUID vmId, UUID hostId) {
        Vm vm = draft.existing(Vm.class, vmId);
        Host host = draft.named(Host.class, hostId, Kind.VM, "hostId");
        if (!vm.hostId().equals(hostId)) {
            PhysicalPlans.checkTakesVms(host);
        }
        for (Vm.Nic nic : vm.nics()) {
            VmSubnet subnet = draft.get(VmSubnet.class, nic.vmSubnetId());
            NetworkHosts.checkPlace(draft, subnet.vmNetworkId(), host, Optional.of(vm.id()));
        }
        if (vm.hostId().equals(hostId)) {
            return vm;
        }
        Vm moved = vm.movedTo(hostId);
        check(draft, moved);
        return draft.put(moved);
    }
}
