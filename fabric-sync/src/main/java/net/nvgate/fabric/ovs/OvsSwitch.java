package net.nvgate.fabric.ovs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.nvgate.fabric.ovs.DriftKind.Finding;
import net.nvgate.fabric.ovs.PortCounters.PortTotals;

/**
 * Open vSwitch through its own tools: ovs-vsctl for what lives in its database, ovs-ofctl for flows, ovs-appctl for the
 * tunnel's neighbours.
 */
final class OvsSwitch {

    /** The tenant bridge is ours and speaks this; the provider bridge may be somebody's who lets it speak other versions only. */
    private static final String TENANT_VERSION = "OpenFlow15";

    private static final String ANY_VERSION = "OpenFlow10,OpenFlow11,OpenFlow12,OpenFlow13,OpenFlow14,OpenFlow15";

    private static final Pattern PORT_STATS =
            Pattern.compile("port +\"?(\\d+)\"?: rx pkts=(\\d+), bytes=(\\d+)[^\\n]*\\n *tx pkts=(\\d+), bytes=(\\d+)");
    private static final Pattern FLOW_COUNT = Pattern.compile("flow_count=(\\d+)");

    private static final String ADDRESSES = "external-ids:nvgate-provider-addresses";

    private final Commands commands;
    private final AgentSettings.Switch settings;
    private final String management;
    private final String providerManagement;

    OvsSwitch(Commands commands, AgentSettings.Switch settings) {
        this.commands = commands;
        this.settings = settings;
        this.management =
                settings.rundir().resolve(settings.tenantBridge() + ".mgmt").toString();
        this.providerManagement =
                settings.rundir().resolve(settings.providerBridge() + ".mgmt").toString();
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
        steps.add("protocols=" + String.join(",", new TreeSet<>(SwitchRules.PROTOCOLS)));
        steps.addAll(List.of("--", "del-controller", tenant));
        steps.addAll(List.of("--", "--may-exist", "add-port", tenant, settings.tunnelPort()));
        steps.addAll(List.of("--", "set", "interface", settings.tunnelPort(), "type=gre"));
        SwitchRules.tunnelOptions(settings).forEach((key, value) -> steps.add("options:" + key + "=" + value));
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
        return flowCount(ofctl(List.of("dump-aggregate", management), ""));
    }

    private static int flowCount(String aggregate) {
        Matcher count = FLOW_COUNT.matcher(aggregate);
        return count.find() ? Integer.parseInt(count.group(1)) : 0;
    }

    /** Empty if the entries in the switch are these; else how many differ, and the first. */
    Optional<Finding> difference(List<Flow> flows) throws CommandException {
        String lines = flows.stream().map(Flow::line).collect(Collectors.joining("\n", "", "\n"));
        List<String> compare =
                List.of("ovs-ofctl", "-O", TENANT_VERSION, "diff-flows", "unix:" + management, "/dev/stdin");
        // It ends with 2 if there are differences: - is in the switch, + is not.
        List<String> differences = commands.run(compare, lines, 2).lines().toList();
        if (differences.isEmpty()) {
            return Optional.empty();
        }
        long missing = differences.stream().filter(line -> line.startsWith("+")).count();
        int count = (int) Math.max(missing, differences.size() - missing);
        return Optional.of(new Finding(
                DriftKind.FLOWS, count, count + " of " + flows.size() + " entries differ: " + differences.getFirst()));
    }

    /** False if the provider bridge has not one entry: then nothing passes. */
    boolean providerForwards() throws CommandException {
        return flowCount(ofctl(ANY_VERSION, List.of("dump-aggregate", providerManagement), "")) > 0;
    }

    /** Makes the provider bridge an ordinary switch, as it is when nobody has given it entries. */
    void letProviderForward() throws CommandException {
        ofctl(ANY_VERSION, List.of("add-flow", providerManagement, "priority=0,actions=NORMAL"), "");
    }

    /** Adds a port to the tenant bridge. */
    void plug(String name, Map<String, String> externalIds) throws CommandException {
        List<String> steps = new ArrayList<>(List.of("--may-exist", "add-port", settings.tenantBridge(), name));
        steps.addAll(List.of("--", "set", "interface", name));
        externalIds.forEach((key, value) -> steps.add("external_ids:" + quoted(key) + "=" + quoted(value)));
        vsctl(steps);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** What the entries now in the switch have counted. */
    FlowPackets packets() throws CommandException {
        FlowPackets packets = new FlowPackets();
        for (String cookies : List.of(FlowCounter.ANY_COOKIE_OF_CLASS_1, FlowCounter.ANY_COOKIE_OF_DROPS)) {
            ofctl(List.of("dump-flows", management, cookies), "").lines().forEach(packets::add);
        }
        return packets;
    }

    /** What the ports of the tenant bridge have counted, by OpenFlow port. */
    Map<Integer, PortTotals> portTotals() throws CommandException {
        Map<Integer, PortTotals> totals = new HashMap<>();
        Matcher port = PORT_STATS.matcher(ofctl(List.of("dump-ports", management), ""));
        while (port.find()) {
            totals.put(
                    Integer.valueOf(port.group(1)),
                    new PortTotals(
                            Long.parseLong(port.group(2)),
                            Long.parseLong(port.group(3)),
                            Long.parseLong(port.group(4)),
                            Long.parseLong(port.group(5))));
        }
        return totals;
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

    /** What the database has now, 0 = untagged. */
    int providerVlan() throws CommandException {
        String tag = vsctl(List.of("--if-exists", "get", "port", settings.providerBridge(), "tag"))
                .strip();
        return tag.isEmpty() || tag.equals("[]") ? 0 : Integer.parseInt(tag);
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
        return ofctl(TENANT_VERSION, arguments, input);
    }

    private String ofctl(String versions, List<String> arguments, String input) throws CommandException {
        List<String> command = new ArrayList<>(List.of("ovs-ofctl", "-O", versions));
        command.addAll(arguments);
        return commands.run(command, input);
    }
}
