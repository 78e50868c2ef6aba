package net.nvgate.fabric.ovs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A picture of the host at one moment. Immutable.
 *
 * @param policy what the switch runs by; revision 0 before the first
 * @param plugged which interface of the tenant bridge is which virtual port
 * @param flows entries the program has
 * @param neighbors PAs (or next hops to them) and their MACs, empty while unresolved
 * @param warnings what is not as the policy needs it, though all was done
 * @param error what is wrong now, or why the last revision was refused; empty if nothing is
 */
record HostState(
        HostPolicy policy,
        PluggedPorts plugged,
        int flows,
        Map<String, String> neighbors,
        List<String> warnings,
        String error) {

    static final HostState INITIAL =
            new HostState(HostPolicy.EMPTY, new PluggedPorts(Map.of(), List.of()), 0, Map.of(), List.of(), "");

    HostState withPolicy(HostPolicy applied, PluggedPorts ports, int flowCount) {
        return new HostState(applied, ports, flowCount, neighbors, warnings, error);
    }

    HostState withPlugged(PluggedPorts seen) {
        return new HostState(policy, seen, flows, neighbors, warnings, error);
    }

    HostState withNeighbors(Map<String, String> seen) {
        return new HostState(
                policy, plugged, flows, Collections.unmodifiableMap(new LinkedHashMap<>(seen)), warnings, error);
    }

    HostState withWarnings(List<String> found) {
        return new HostState(policy, plugged, flows, neighbors, List.copyOf(found), error);
    }

    HostState withError(String reason) {
        return new HostState(policy, plugged, flows, neighbors, warnings, reason);
    }

    /** OpenFlow ports of the virtual ports that are plugged in. */
    Map<UUID, Integer> ofports() {
        return plugged.ofports();
    }
}
