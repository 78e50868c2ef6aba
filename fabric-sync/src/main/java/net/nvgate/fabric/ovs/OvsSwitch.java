package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Open vSwitch through its own tools: ovs-vsctl for what lives in its database, ovs-ofctl for flows, ovs-appctl for the
 * tunnel's neighbours.
 */
final class OvsSwitch {

    private static final Pattern COOKIE = Pattern.compile("cookie=0x([0-9a-f]+)");
    private static final Pattern PACKETS = Pattern.compile("n_packets=(\\d+)");
    private static final Pattern FLOW_COUNT = Pattern.compile("flow_count=(\\d+)");

    private static final String ADDRESSES = "external-ids:nvgate-provider-addresses";

    private final Commands commands;
    private final AgentSettings.Switch settings;
    private final String management;

    OvsSwitch(Commands commands, AgentSettings.Switch settings) {
        this.commands = commands;
        this.settings = settings;
        this.management =
                settings.rundir().resolve(settings.tenantBridge() + ".mgmt").toString();
    }

    /** Makes the bridges, the uplink and the NVGRE port where they are missing, and sets the tunnel's options. */
    void ensureBridges() throws CommandException {
        String tenant = settings.tenantBridge();
        String provider = settings.providerBridge();
        List<String> steps = new ArrayList<>(List.of("--may-exist", "add-br", provider));
        steps.addAll(List.of("--", "set", "bridge", provider, "datapath_type=" + settings.datapath()));
        if (settings.providerMac() != null) {
            steps.add("other-config:hwaddr=\"" + settings.providerMac() + "\"");
        }
        if (!settings.providerInterface().isEmpty()) {
            steps.addAll(List.of("--", "--may-exist", "add-port", provider, settings.providerInterface()));
        }
        steps.addAll(List.of("--", "--may-exist", "add-br", tenant));
        // Secure: without our flows nothing passes, rather than everything.
        steps.addAll(
                List.of("--", "set", "bridge", tenant, "datapath_type=" + settings.datapath(), "fail-mode=secure"));
        steps.add("protocols=OpenFlow10,OpenFlow13,OpenFlow14,OpenFlow15");
        steps.addAll(List.of("--", "--may-exist", "add-port", tenant, settings.tunnelPort()));
        steps.addAll(List.of("--", "set", "interface", settings.tunnelPort(), "type=gre"));
        // RFC 7637 section 3.2: no checksum. A sender must not fragment, so DF is set.
        steps.addAll(List.of("options:key=flow", "options:remote_ip=flow", "options:local_ip=flow"));
        steps.addAll(List.of("options:csum=false", "options:df_default=true"));
        steps.addAll(List.of("options:ttl=" + settings.tunnelTtl(), "options:tos=" + settings.tunnelTos()));
        vsctl(steps);
    }

    /** Makes the flows the whole program of the tenant bridge; the switch itself finds the differences. */
    void replaceFlows(List<Flow> flows) throws CommandException {
        String lines = flows.stream().map(Flow::line).collect(Collectors.joining("\n", "", "\n"));
        ofctl(List.of("--bundle", "replace-flows", management, "-"), lines);
    }

    /** All changes or none. */
    void changeFlows(FlowChanges changes) throws CommandException {
        ofctl(List.of("--bundle", "add-flows", management, "-"), String.join("\n", changes.lines()) + "\n");
    }

    /** Entries in the tenant bridge now. */
    int flowCount() throws CommandException {
        Matcher count = FLOW_COUNT.matcher(ofctl(List.of("dump-aggregate", management), ""));
        return count.find() ? Integer.parseInt(count.group(1)) : 0;
    }

    /** Packets by counter, as the entries now in the switch have counted them. */
    Map<FlowCounter, Long> packets() throws CommandException {
        Map<FlowCounter, Long> packets = new EnumMap<>(FlowCounter.class);
        for (String cookies : List.of(FlowCounter.ANY_COOKIE_OF_CLASS_1, FlowCounter.ANY_COOKIE_OF_DROPS)) {
            String dump = ofctl(List.of("dump-flows", management, cookies), "");
            dump.lines().forEach(line -> count(packets, line));
        }
        return packets;
    }

    private static void count(Map<FlowCounter, Long> packets, String line) {
        Matcher cookie = COOKIE.matcher(line);
        Matcher count = PACKETS.matcher(line);
        if (cookie.find() && count.find()) {
            FlowCounter.ofCookie(Long.parseLong(cookie.group(1), 16))
                    .ifPresent(counter -> packets.merge(counter, Long.parseLong(count.group(1)), Long::sum));
        }
    }

    /** Addresses of the provider bridge that this agent, or one before it, has added: ADDRESS/LENGTH. */
    Set<String> ownProviderAddresses() throws CommandException {
        String text = vsctl(List.of("--if-exists", "get", "bridge", settings.providerBridge(), ADDRESSES))
                .replace("\"", "")
                .strip();
        return text.isEmpty() ? new TreeSet<>() : new TreeSet<>(List.of(text.split(" ", -1)));
    }

    void setOwnProviderAddresses(Set<String> addresses) throws CommandException {
        String text = String.join(" ", addresses);
        vsctl(List.of("set", "bridge", settings.providerBridge(), ADDRESSES + "=\"" + text + "\""));
    }

    /** @param vlan 802.1Q VLAN of the PA network, 0 = untagged */
    void setProviderVlan(int vlan) throws CommandException {
        String port = settings.providerBridge();
        vsctl(vlan == 0 ? List.of("clear", "port", port, "tag") : List.of("set", "port", port, "tag=" + vlan));
    }

    /** @param mtu bytes of the largest IP packet */
    void setMtu(String interfaceName, int mtu) throws CommandException {
        vsctl(List.of("set", "interface", interfaceName, "mtu_request=" + mtu));
    }

    /** MACs by PA that the tunnel knows; it drops what goes to any other PA. */
    Map<String, String> neighbors() throws CommandException {
        Map<String, String> known = new HashMap<>();
        String dump = commands.run("ovs-appctl", "-t", settings.unixctl(), "tnl/neigh/show");
        // Two lines of heading, then: address, MAC, bridge.
        dump.lines().skip(2).forEach(line -> {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length >= 3 && columns[2].equals(settings.providerBridge())) {
                known.put(columns[0], columns[1]);
            }
        });
        return known;
    }

    void setNeighbor(String address, String mac) throws CommandException {
        commands.run("ovs-appctl", "-t", settings.unixctl(), "tnl/neigh/set", settings.providerBridge(), address, mac);
    }

    private String vsctl(List<String> arguments) throws CommandException {
        List<String> command =
                new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + settings.database(), "--timeout=15"));
        command.addAll(arguments);
        return commands.run(command);
    }

    private String ofctl(List<String> arguments, String input) throws CommandException {
        List<String> command = new ArrayList<>(List.of("ovs-ofctl", "-O", "OpenFlow15"));
        command.addAll(arguments);
        return commands.run(command, input);
    }
}
