package net.nvgate.fabric.ovs;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A bridge as the switch's database has it.
 *
 * @param uuid of its row: another one of the same name is another bridge
 * @param controlled somebody gave it an OpenFlow controller
 * @param tag 802.1Q VLAN of the bridge's own port, 0 = untagged
 * @param interfaces of all its ports, by name
 */
record BridgeView(
        String uuid,
        String datapathType,
        String failMode,
        Set<String> protocols,
        boolean controlled,
        Map<String, String> otherConfig,
        int tag,
        List<OvsInterface> interfaces) {

    BridgeView {
        protocols = Set.copyOf(protocols);
        otherConfig = Map.copyOf(otherConfig);
        interfaces = List.copyOf(interfaces);
    }
}
