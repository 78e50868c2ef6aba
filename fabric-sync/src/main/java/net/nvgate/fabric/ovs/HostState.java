package net.nvgate.fabric.ovs;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;

/**
 * A picture of the host at one moment. Immutable.
 *
 * @param policy what the switch runs by; revision 0 before the first
 * @param interfaces of the tenant bridge
 * @param flows entries the program has
 * @param neighbors PAs (or next hops to them) and their MACs, empty while unresolved
 * @param error what is wrong now, or why the last revision was refused; empty if nothing is
 */
record HostState(
        HostPolicy policy, List<OvsInterface> interfaces, int flows, Map<String, String> neighbors, String error) {

    static final HostState INITIAL = new HostState(HostPolicy.EMPTY, List.of(), 0, Map.of(), "");

    HostState withPolicy(HostPolicy applied, int flowCount) {
        return new HostState(applied, interfaces, flowCount, neighbors, error);
    }

    HostState withInterfaces(List<OvsInterface> seen) {
        return new HostState(policy, seen, flows, neighbors, error);
    }

    HostState withNeighbors(Map<String, String> seen) {
        return new HostState(policy, interfaces, flows, Collections.unmodifiableMap(new LinkedHashMap<>(seen)), error);
    }

    HostState withError(String reason) {
        return new HostState(policy, interfaces, flows, neighbors, reason);
    }

    /** OpenFlow ports of the virtual ports that are plugged in. */
    Map<UUID, Integer> ofports() {
        return ofports(policy, interfaces);
    }

    static Map<UUID, Integer> ofports(HostPolicy policy, List<OvsInterface> interfaces) {
        Map<String, OvsInterface> byNic = byNic(interfaces);
        Map<UUID, Integer> ofports = new HashMap<>();
        for (VirtualPort port : policy.ports()) {
            OvsInterface plugged = byNic.get(port.nicId().toString());
            if (plugged != null) {
                ofports.put(port.nicId(), plugged.ofport());
            }
        }
        return ofports;
    }

    /** Interfaces by iface-id in lower case. Of two with one id, which is a mistake of who plugs, the first name serves. */
    static Map<String, OvsInterface> byNic(List<OvsInterface> interfaces) {
        Map<String, OvsInterface> byNic = new HashMap<>();
        for (OvsInterface known : interfaces) {
            if (!known.ifaceId().isEmpty()) {
                byNic.putIfAbsent(known.ifaceId().toLowerCase(Locale.ROOT), known);
            }
        }
        return byNic;
    }
}
