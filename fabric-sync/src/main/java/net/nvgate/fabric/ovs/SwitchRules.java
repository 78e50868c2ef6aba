package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.nvgate.fabric.ovs.DriftKind.Finding;

/** What the switch's database must say of the agent's bridges, and how what it says differs. Pure. */
final class SwitchRules {

    static final Set<String> PROTOCOLS = Set.of("OpenFlow10", "OpenFlow13", "OpenFlow14", "OpenFlow15");
    private static final String HWADDR = "hwaddr";

    private SwitchRules() {}

    /** RFC 7637 section 3.2: no checksum. A sender must not fragment, so DF is set. */
    static Map<String, String> tunnelOptions(AgentSettings.Switch settings) {
        Map<String, String> options = new TreeMap<>();
        options.put("key", "flow");
        options.put("remote_ip", "flow");
        options.put("local_ip", "flow");
        options.put("csum", "false");
        options.put("df_default", "true");
        options.put("ttl", Integer.toString(settings.tunnelTtl()));
        options.put("tos", settings.tunnelTos());
        return options;
    }

    /** @param providerVlan 802.1Q VLAN of the PA network, -1 = not known yet */
    static List<Finding> differences(SwitchView view, AgentSettings.Switch settings, int providerVlan) {
        List<Finding> found = new ArrayList<>();
        Optional<BridgeView> tenant = bridge(found, view.tenant(), settings.tenantBridge(), settings.datapath());
        tenant.ifPresent(bridge -> tenant(found, bridge, settings));
        Optional<BridgeView> provider = bridge(found, view.provider(), settings.providerBridge(), settings.datapath());
        provider.ifPresent(bridge -> provider(found, bridge, settings, providerVlan));
        return found;
    }

    private static Optional<BridgeView> bridge(
            List<Finding> found, Optional<BridgeView> view, String name, String datapath) {
        if (view.isEmpty()) {
            found.add(Finding.of(DriftKind.BRIDGE, name + " is gone"));
        } else {
            String type = view.get().datapathType();
            setting(found, type.equals(datapath), name + " has datapath_type '" + type + "', not " + datapath);
        }
        return view;
    }

    private static void setting(List<Finding> found, boolean right, String text) {
        if (!right) {
            found.add(Finding.of(DriftKind.BRIDGE_SETTING, text));
        }
    }

    private static void tenant(List<Finding> found, BridgeView bridge, AgentSettings.Switch settings) {
        String name = settings.tenantBridge();
        String mode = bridge.failMode();
        setting(found, mode.equals("secure"), name + " has fail_mode '" + mode + "', not secure");
        setting(found, bridge.protocols().equals(PROTOCOLS), name + " has protocols " + bridge.protocols());
        setting(found, !bridge.controlled(), name + " has a controller");
        Optional<OvsInterface> tunnel = named(bridge, settings.tunnelPort());
        if (tunnel.isEmpty()) {
            found.add(Finding.of(DriftKind.TUNNEL, settings.tunnelPort() + " is not on " + name));
            return;
        }
        OvsInterface port = tunnel.get();
        Map<String, String> wrong = new TreeMap<>(tunnelOptions(settings));
        wrong.entrySet()
                .removeIf(option -> option.getValue().equals(port.options().get(option.getKey())));
        if (!port.type().equals("gre") || !wrong.isEmpty()) {
            found.add(Finding.of(
                    DriftKind.TUNNEL,
                    port.name() + " has type '" + port.type() + "' and options " + new TreeMap<>(port.options())));
        }
    }

    private static void provider(
            List<Finding> found, BridgeView bridge, AgentSettings.Switch settings, int providerVlan) {
        String name = settings.providerBridge();
        String uplink = settings.providerInterface();
        if (!uplink.isEmpty() && named(bridge, uplink).isEmpty()) {
            found.add(Finding.of(DriftKind.UPLINK, uplink + " is not on " + name));
        }
        String mac = bridge.otherConfig().getOrDefault(HWADDR, "");
        if (settings.providerMac() != null) {
            setting(found, mac.equalsIgnoreCase(settings.providerMac().toString()), name + " has hwaddr '" + mac + "'");
        }
        if (providerVlan >= 0 && bridge.tag() != providerVlan) {
            found.add(Finding.of(
                    DriftKind.PROVIDER_VLAN, name + " is in VLAN " + bridge.tag() + ", not " + providerVlan));
        }
    }

    private static Optional<OvsInterface> named(BridgeView bridge, String name) {
        return bridge.interfaces().stream()
                .filter(known -> known.name().equals(name))
                .findFirst();
    }
}
