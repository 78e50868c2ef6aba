package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.PortProfile;
import net.nvgate.fabric.model.Vm;

/** What the logical switches of a VM's host must offer to its NICs. */
final class PortRules {

    private PortRules() {}

    /** Checked when a VM is made or moved; a classification that a switch loses later leaves ports with the switch's defaults. */
    static void check(Draft draft, Vm vm) {
        Host host = draft.get(Host.class, vm.hostId());
        for (Vm.Nic nic : vm.nics()) {
            nic.portClassificationId().ifPresent(id -> checkOffered(draft, host, id));
            if (nic.learns() && !mayChoose(draft, host, nic)) {
                throw Draft.refusal(
                        INVALID,
                        Kind.VM,
                        "nics.addressing",
                        nic.addressing(),
                        "needs a portClassificationId that means a port-profile with guestSpecifiedIp on host '"
                                + host.name() + "'");
            }
        }
    }

    private static void checkOffered(Draft draft, Host host, UUID classification) {
        if (!host.switches().isEmpty() && profiles(draft, host, classification).isEmpty()) {
            throw Draft.refusal(
                    INVALID,
                    Kind.VM,
                    "nics.portClassificationId",
                    classification,
                    "must be of a logical-switch of host '" + host.name() + "'");
        }
    }

    private static boolean mayChoose(Draft draft, Host host, Vm.Nic nic) {
        return nic.portClassificationId().map(id -> profiles(draft, host, id)).orElse(List.of()).stream()
                .anyMatch(profile -> profile.security().guestSpecifiedIp());
    }

    private static List<PortProfile> profiles(Draft draft, Host host, UUID classification) {
        return HostSwitches.on(draft, host)
                .flatMap(logicalSwitch -> logicalSwitch.portProfileId(classification).stream())
                .map(id -> draft.get(PortProfile.class, id))
                .toList();
    }
}
