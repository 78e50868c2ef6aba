package net.nvgate.fabric.ovs;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.nvgate.fabric.ovs.DriftKind.Finding;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the VMs' interfaces the MTU of the policy, and again when somebody changed it. What the database shows lags behind what was
 * set, so an MTU counts as changed only after it was seen right. Not thread-safe.
 */
final class PortMtus {

    private static final Logger LOG = LoggerFactory.getLogger(PortMtus.class);
    /** Ticks after which an MTU that was not taken is asked for again. */
    private static final int AGAIN_AFTER = 15;

    private final OvsSwitch vswitch;
    private final DriftLog drift;
    private final Map<String, Asked> asked = new HashMap<>();

    PortMtus(OvsSwitch vswitch, DriftLog drift) {
        this.vswitch = vswitch;
        this.drift = drift;
    }

    /** What was asked for an interface, and whether it was seen to have it; ticks since then. */
    private record Asked(int ofport, int mtu, boolean seen, int ticks) {}

    /** Asks for what was not asked for yet. A VM whose MTU cannot be set still works up to the smaller one, so this fails nothing. */
    void request(List<VirtualPort> ports, PluggedPorts plugged) {
        asked.keySet()
                .retainAll(plugged.byNic().values().stream()
                        .map(OvsInterface::name)
                        .toList());
        for (VirtualPort port : ports) {
            OvsInterface at = plugged.byNic().get(port.nicId());
            if (at == null) {
                continue;
            }
            Asked before = asked.get(at.name());
            if (before == null || before.ofport() != at.ofport() || before.mtu() != port.mtu()) {
                set(port, at);
            }
        }
    }

    /** Repairs what differs; called every tick. */
    void check(List<VirtualPort> ports, PluggedPorts plugged) {
        for (VirtualPort port : ports) {
            OvsInterface at = plugged.byNic().get(port.nicId());
            Asked before = at == null ? null : asked.get(at.name());
            if (at == null || before == null) {
                continue;
            }
            boolean right = at.mtu() == port.mtu() && at.mtuRequest() == port.mtu();
            if (right) {
                asked.put(at.name(), new Asked(at.ofport(), port.mtu(), true, 0));
            } else if (before.seen()) {
                String text = at.name() + " (" + port.vmName() + ") has MTU " + at.mtu() + ", not " + port.mtu();
                drift.add(Finding.of(DriftKind.MTU, text));
                set(port, at);
            } else if (before.ticks() >= AGAIN_AFTER) {
                set(port, at);
            } else {
                asked.put(at.name(), new Asked(at.ofport(), port.mtu(), false, before.ticks() + 1));
            }
        }
    }

    private void set(VirtualPort port, OvsInterface at) {
        try {
            vswitch.setMtu(at.name(), port.mtu());
            asked.put(at.name(), new Asked(at.ofport(), port.mtu(), false, 0));
        } catch (CommandException e) {
            LOG.warn("MTU {} of {} ({}): {}", port.mtu(), at.name(), port.vmName(), e.getMessage());
        }
    }
}
