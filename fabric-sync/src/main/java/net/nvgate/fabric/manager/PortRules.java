package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vm;

/** What the ports of a VM's NICs must allow. */
final class PortRules {

    private PortRules() {}

    static void check(Draft draft, Vm vm) {
        for (Vm.Nic nic : vm.nics()) {
            boolean guest = nic.addressing() == Vm.Addressing.GUEST_SPECIFIED;
            if (guest && nic.portClassificationId().isEmpty()) {
                throw Draft.refusal(
                        INVALID,
                        Kind.VM,
                        "nics.addressing",
                        nic.addressing(),
                        "needs a portClassificationId whose profile has guestSpecifiedIp");
            }
        }
    }
}
