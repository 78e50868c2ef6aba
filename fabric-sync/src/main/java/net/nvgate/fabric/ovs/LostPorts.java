package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.nvgate.fabric.ovs.DriftKind.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ports of VMs that vanished together with their bridge (deleted, made anew, database emptied), though their machines run on: they
 * are plugged in again, as long as the kernel has the interface. A port that was taken from a bridge that stays is left alone: who
 * did that meant it. Not thread-safe.
 */
final class LostPorts {

    private static final Logger LOG = LoggerFactory.getLogger(LostPorts.class);

    private final OvsSwitch vswitch;
    private final ProviderNetwork kernel;
    private final DriftLog drift;
    private List<OvsInterface> lost = List.of();

    LostPorts(OvsSwitch vswitch, ProviderNetwork kernel, DriftLog drift) {
        this.vswitch = vswitch;
        this.kernel = kernel;
        this.drift = drift;
    }

    /** Looks for what was on the bridge that is there no more. */
    void compare(Optional<BridgeView> before, Optional<BridgeView> after) {
        boolean same = before.isPresent()
                && after.isPresent()
                && before.get().uuid().equals(after.get().uuid());
        if (before.isEmpty() || same) {
            return;
        }
        List<OvsInterface> found = new ArrayList<>(lost);
        before.get().interfaces().stream()
                // Interfaces of the kernel only: others belong to a program that plugs them.
                .filter(each -> each.type().isEmpty() && !each.ifaceId().isEmpty())
                .forEach(found::add);
        lost = List.copyOf(found);
    }

    /** Needs the bridge. Each port is tried once. */
    void restore() throws CommandException {
        if (lost.isEmpty()) {
            return;
        }
        Set<String> present = kernel.links();
        List<OvsInterface> all = lost;
        lost = List.of();
        for (OvsInterface port : all) {
            if (!present.contains(port.name())) {
                continue;
            }
            try {
                vswitch.plug(port.name(), new TreeMap<>(port.externalIds()));
                drift.add(Finding.of(DriftKind.VM_PORT, port.name() + " had vanished with its bridge"));
            } catch (CommandException e) {
                LOG.warn("{} cannot be plugged in again: {}", port.name(), e.getMessage());
            }
        }
    }
}
