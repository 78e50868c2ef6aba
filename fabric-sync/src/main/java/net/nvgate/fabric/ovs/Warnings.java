package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;

/** What stands against the policy on this host and cannot be repaired by the agent. Pure. */
final class Warnings {

    /** Inner Ethernet 14, GRE 8, outer IPv4 20. */
    static final int OVERHEAD_BYTES = 42;

    private static final int NAMES_MAX = 5;

    private Warnings() {}

    /** @param providerMtu of the PA network here, 0 = unknown */
    static List<String> of(HostPolicy policy, int providerMtu) {
        List<String> warnings = new ArrayList<>();
        List<VirtualPort> tooBig = policy.ports().stream()
                .filter(port -> providerMtu > 0 && port.mtu() + OVERHEAD_BYTES > providerMtu)
                .toList();
        if (!tooBig.isEmpty()) {
            List<String> names =
                    tooBig.stream().map(VirtualPort::vmName).limit(NAMES_MAX).toList();
            warnings.add("the PA network has an MTU of " + providerMtu + " here, which leaves VMs "
                    + (providerMtu - OVERHEAD_BYTES) + "; the policy gives " + tooBig.size() + " ports more: " + names);
        }
        return warnings;
    }
}
