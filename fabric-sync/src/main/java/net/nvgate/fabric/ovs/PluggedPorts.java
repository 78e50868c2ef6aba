package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;

/**
 * Which interface is which virtual port. By {@code external_ids:iface-id} = the NIC's id; if the agent is told so, an interface
 * whose iface-id is nobody's also by {@code attached-mac}, where one virtual port alone has that MAC. Of two interfaces for one
 * port the one with its attached-mac serves, then the one plugged in last.
 *
 * @param byNic open interfaces by NIC id
 * @param strangers open interfaces that are no virtual port of the policy, or not the one that serves: isolated
 */
record PluggedPorts(Map<UUID, OvsInterface> byNic, List<OvsInterface> strangers) {

    /** @param interfaces of the tenant bridge, without the bridge's own and the tunnel's */
    static PluggedPorts of(List<VirtualPort> ports, List<OvsInterface> interfaces, boolean byMac) {
        Map<String, VirtualPort> known = new HashMap<>();
        ports.forEach(port -> known.put(port.nicId().toString(), port));
        Map<UUID, OvsInterface> byNic = new HashMap<>();
        List<OvsInterface> open =
                interfaces.stream().filter(OvsInterface::isOpen).toList();
        for (OvsInterface each : open) {
            VirtualPort port = known.get(each.ifaceId());
            if (port != null) {
                byNic.merge(port.nicId(), each, (a, b) -> better(port, a, b));
            }
        }
        if (byMac) {
            addByMac(byNic, ports, open, known.keySet());
        }
        Set<String> serving = byNic.values().stream().map(OvsInterface::name).collect(Collectors.toSet());
        List<OvsInterface> strangers =
                open.stream().filter(each -> !serving.contains(each.name())).toList();
        return new PluggedPorts(Map.copyOf(byNic), strangers);
    }

    private static OvsInterface better(VirtualPort port, OvsInterface a, OvsInterface b) {
        String mac = port.mac().toString();
        Comparator<OvsInterface> order = Comparator.comparing(
                        (OvsInterface each) -> each.attachedMac().equalsIgnoreCase(mac))
                .thenComparingInt(OvsInterface::ofport);
        return order.compare(a, b) >= 0 ? a : b;
    }

    private static void addByMac(
            Map<UUID, OvsInterface> byNic, List<VirtualPort> ports, List<OvsInterface> open, Set<String> nicIds) {
        Map<String, List<VirtualPort>> byMac = new HashMap<>();
        for (VirtualPort port : ports) {
            byMac.computeIfAbsent(port.mac().toString(), _ -> new ArrayList<>()).add(port);
        }
        Set<UUID> byId = new HashSet<>(byNic.keySet());
        for (OvsInterface each : open) {
            List<VirtualPort> candidates = byMac.getOrDefault(each.attachedMac(), List.of());
            if (candidates.size() != 1 || nicIds.contains(each.ifaceId())) {
                continue;
            }
            VirtualPort port = candidates.getFirst();
            if (!byId.contains(port.nicId())) {
                byNic.merge(port.nicId(), each, (a, b) -> better(port, a, b));
            }
        }
    }

    Map<UUID, Integer> ofports() {
        Map<UUID, Integer> ofports = new HashMap<>();
        byNic.forEach((nic, plugged) -> ofports.put(nic, plugged.ofport()));
        return ofports;
    }
}
