package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;
import static net.nvgate.fabric.manager.FabricException.Code.NOT_FOUND;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.Vm.Nic;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;

/** Changes of a NIC while the VM runs: addresses that the guest takes or gives up, and its MAC. */
final class NicPlans {

    private NicPlans() {}

    static Vm learn(Draft draft, Operation.Learn learn) {
        Vm vm = draft.existing(Vm.class, learn.vmId());
        Nic nic = nic(vm, learn.nicId());
        IpAddress address = learn.address();
        if (nic.addresses().contains(address)) {
            return vm;
        }
        VmSubnet subnet = draft.get(VmSubnet.class, nic.vmSubnetId());
        check(draft, nic, subnet, address);
        VmNetwork network = draft.get(VmNetwork.class, subnet.vmNetworkId());
        Vm before = takeAway(draft, vm, network, address);
        Nic known = nic(before, nic.id());
        List<IpAddress> learned = Stream.concat(known.learnedAddresses().stream(), Stream.of(address))
                .toList();
        return draft.put(before.with(known.withLearned(learned)));
    }

    private static void check(Draft draft, Nic nic, VmSubnet subnet, IpAddress address) {
        if (!nic.learns()) {
            throw Draft.refusal(
                    INVALID,
                    Kind.VM,
                    "nics.addressing",
                    nic.addressing(),
                    "must be GUEST_SPECIFIED or LEARNED to learn addresses");
        }
        checkPlace(draft, subnet, address);
    }

    /** A guest chooses addresses of its VM subnet. */
    static void checkPlace(Draft draft, VmSubnet subnet, IpAddress address) {
        IpPrefix prefix = subnet.prefixes().stream()
                .filter(each -> each.contains(address))
                .findFirst()
                .orElseThrow(() -> Draft.refusal(
                        INVALID, Kind.VM, "address", address, "must be inside " + draft.describe(subnet.id())));
        Rules.usable(Kind.VM.label(), "address", address, prefix);
    }

    /** An address moves between the nodes of a guest cluster: who learned it before has it no more. Returns the VM as it is then. */
    private static Vm takeAway(Draft draft, Vm vm, VmNetwork network, IpAddress address) {
        Vm owner = draft.index()
                .owner(UniqueKeys.customerAddress(network.rdid(), address))
                .flatMap(id -> draft.find(Vm.class, id))
                .orElse(vm);
        Vm without = owner;
        for (Nic nic : owner.nics()) {
            boolean here = nic.learnedAddresses().contains(address)
                    && draft.get(VmSubnet.class, nic.vmSubnetId()).vmNetworkId().equals(network.id());
            if (here) {
                without = without.with(without(nic, address));
            }
        }
        if (owner.id().equals(vm.id())) {
            return without;
        }
        if (!without.equals(owner)) {
            draft.put(without);
        }
        return vm;
    }

    private static Nic without(Nic nic, IpAddress address) {
        return nic.withLearned(nic.learnedAddresses().stream()
                .filter(each -> !each.equals(address))
                .toList());
    }

    /** An address that the NIC has not learned is forgotten already. */
    static Vm forget(Draft draft, Operation.Forget forget) {
        Vm vm = draft.existing(Vm.class, forget.vmId());
        Nic nic = nic(vm, forget.nicId());
        return nic.learnedAddresses().contains(forget.address())
                ? draft.put(vm.with(without(nic, forget.address())))
                : vm;
    }

    static Vm changeMac(Draft draft, Operation.ChangeMac change) {
        Vm vm = draft.existing(Vm.class, change.vmId());
        Nic nic = nic(vm, change.nicId());
        MacAddress mac = change.mac()
                .orElseGet(() -> draft.allocation()
                        .mac(draft.get(Host.class, vm.hostId()).hostGroupId(), Kind.VM, "nics.mac"));
        return mac.equals(nic.mac()) ? vm : draft.put(vm.with(nic.withMac(mac)));
    }

    /** Gives the NICs of a VM the MACs and learned addresses they had. */
    static void reset(Draft draft, Vm wanted) {
        for (Nic then : wanted.nics()) {
            Nic now = nic(draft.existing(Vm.class, wanted.id()), then.id());
            if (!now.withMac(then.mac()).withLearned(then.learnedAddresses()).equals(then)) {
                throw new FabricException(
                        CONFLICT, Kind.VM.label(), "nics", "vm '" + wanted.name() + "': nics cannot be taken back");
            }
            changeMac(draft, new Operation.ChangeMac(wanted.id(), then.id(), Optional.of(then.mac())));
            for (IpAddress address : now.learnedAddresses()) {
                if (!then.learnedAddresses().contains(address)) {
                    forget(draft, new Operation.Forget(wanted.id(), then.id(), address));
                }
            }
            for (IpAddress address : then.learnedAddresses()) {
                learn(draft, new Operation.Learn(wanted.id(), then.id(), address));
            }
        }
    }

    private static Nic nic(Vm vm, UUID id) {
        return vm.nics().stream()
                .filter(nic -> nic.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new FabricException(
                        NOT_FOUND, Kind.VM.label(), "nics.id", "vm '" + vm.name() + "' has no NIC with the id " + id));
    }
}
