package net.nvgate.fabric.simulation;

import static net.nvgate.fabric.manager.TestFabric.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmSubnet;

/** What clients ask for, by what they see through a manager. */
final class Requests {

    private final Picks picks;
    private final Specs specs;
    private final Patches patches;

    Requests(Random random, FabricManager fabric) {
        picks = new Picks(random, fabric);
        specs = new Specs(picks);
        patches = new Patches(picks, specs);
    }

    /** One operation. */
    Operation single() {
        int dice = picks.number(100);
        if (dice < 48) {
            return specs.any();
        } else if (dice < 64) {
            Kind kind = picks.of(Specs.KINDS);
            Optional<FabricObject> object = picks.object(kind);
            UUID id = object.map(FabricObject::id).orElseGet(picks::id);
            return new Operation.Delete(kind, id, patches.version(object));
        } else if (dice < 74) {
            Optional<Vm> vm = picks.object(Vm.class);
            UUID id = vm.map(Vm::id).orElseGet(picks::id);
            return new Operation.Move(id, picks.any(Kind.HOST), patches.version(vm));
        } else if (dice < 82) {
            return learned();
        } else if (dice < 84) {
            return changeMac();
        }
        return patches.any();
    }

    /** Some operations, the later ones on what the first made. */
    List<Operation> batch() {
        List<Operation> operations = new ArrayList<>();
        if (picks.oneIn(2)) {
            UUID network = picks.id();
            UUID subnet = picks.id();
            operations.add(Specs.make(
                    Kind.VM_NETWORK, picks.name() + field("id", network) + field("logicalNetworkId", picks.virtual())));
            operations.add(Specs.make(
                    Kind.VM_SUBNET,
                    picks.name() + field("id", subnet) + field("vmNetworkId", network) + specs.prefixes()));
            operations.add(Specs.make(
                    Kind.VM,
                    picks.name() + field("hostId", picks.any(Kind.HOST)) + ",\"nics\":[{\"vmSubnetId\":\"" + subnet
                            + "\"}]"));
            operations.add(Specs.make(
                    Kind.VM_NETWORK_GATEWAY,
                    picks.name() + field("vmNetworkId", network) + field("gatewayId", picks.any(Kind.GATEWAY))));
        }
        int more = 1 + picks.number(3);
        for (int i = 0; i < more; i++) {
            operations.add(single());
        }
        return operations;
    }

    private Operation changeMac() {
        return picks.object(Vm.class)
                .filter(vm -> !vm.nics().isEmpty())
                .<Operation>map(vm -> new Operation.ChangeMac(
                        vm.id(),
                        vm.nics().getFirst().id(),
                        picks.oneIn(3) ? Optional.of(picks.ownMac()) : Optional.empty()))
                .orElseGet(patches::any);
    }

    /** A guest takes an address, maybe one that another guest has, or gives one up. */
    private Operation learned() {
        Optional<Vm> vm = picks.object(Vm.class).filter(each -> !each.nics().isEmpty());
        if (vm.isEmpty()) {
            return patches.any();
        }
        Vm.Nic nic = picks.of(vm.get().nics());
        if (!nic.learnedAddresses().isEmpty() && picks.oneIn(2)) {
            return new Operation.Forget(vm.get().id(), nic.id(), picks.of(nic.learnedAddresses()));
        }
        return new Operation.Learn(vm.get().id(), nic.id(), address(nic));
    }

    private IpAddress address(Vm.Nic nic) {
        return picks.fabric()
                .find(Kind.VM_SUBNET, nic.vmSubnetId())
                .map(VmSubnet.class::cast)
                .map(VmSubnet::prefixes)
                .map(picks::of)
                .map(IpPrefix::address)
                .map(first -> first.plus(2L + picks.number(8)))
                .orElseGet(nic::address);
    }
}
