package net.nvgate.fabric.hyperv;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.netwnv.HostProjection;
import net.nvgate.fabric.netwnv.NetWnvJson;
import net.nvgate.fabric.netwnv.NetWnvText;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import net.nvgate.fabric.policy.PolicySnapshot;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a Hyper-V host should have, as its scripts read it: one JSON object a line, so that old PowerShell can read a large policy
 * in parts and sees when one is cut off.
 *
 * <pre>
 * {"Kind":"nvgate-host-policy","Schema":1,"FabricID":"6f9c...","HostName":"hv1","Revision":42,"Lines":5}
 * {"Kind":"provider-address","ProviderAddress":"192.168.1.101","PrefixLength":24,"VlanID":0}
 * {"Kind":"provider-route","DestinationPrefix":"0.0.0.0/0","NextHop":"192.168.1.1","Metric":256}
 * {"Kind":"lookup-record","CustomerAddress":"10.0.0.5","VirtualSubnetID":6000,"MACAddress":"101010101105", ...}
 * {"Kind":"customer-route","RoutingDomainID":"{1111...}","VirtualSubnetID":6000,"DestinationPrefix":"10.0.0.0/24", ...}
 * {"Kind":"port","VMName":"web1","MACAddress":"101010101105","VirtualSubnetID":6000,"MaximumBandwidth":0,"MinimumBandwidthWeight":30}
 * </pre>
 *
 * Properties have the names of the cmdlets' parameters. A record's Context begins with {@code nvgate:FABRIC-ID/}: by that the host
 * knows later what was made for this fabric. Everything is ASCII without apostrophes (both escaped), so that the text can stand in
 * a script as it is, whatever names people gave.
 */
public final class HostPolicyDocument {

    public static final String KIND = "nvgate-host-policy";
    public static final int SCHEMA = 1;

    private static final long BITS_PER_MBPS = 1_000_000;

    /** Kind of line by the member of {@link NetWnvJson} that it comes from, in the order in which a host needs them. */
    private static final List<Map.Entry<String, String>> KINDS = List.of(
            Map.entry("ProviderAddresses", "provider-address"),
            Map.entry("ProviderRoutes", "provider-route"),
            Map.entry("LookupRecords", "lookup-record"),
            Map.entry("CustomerRoutes", "customer-route"));

    /** What only a host can say. */
    private static final Set<String> NOT_POLICY = Set.of(
            "UseVmMACAddress", "Unusable", "Unsynchronized", "InterfaceIndex", "AddressState", "ManagedByCluster");

    private HostPolicyDocument() {}

    /**
     * The lines, each with its end.
     *
     * @param fabricId identity of the fabric
     * @param hostName of the host object
     */
    public static String of(String fabricId, String hostName, PolicySnapshot policy) {
        ObjectNode tree = NetWnvJson.tree(HostProjection.of(hostName, policy.objects()));
        List<ObjectNode> lines = Stream.concat(
                        KINDS.stream().flatMap(kind -> lines(fabricId, kind.getValue(), tree.get(kind.getKey()))),
                        ports(policy))
                .toList();
        StringBuilder text = new StringBuilder();
        ObjectNode head = line(KIND)
                .put("Schema", SCHEMA)
                .put("FabricID", fabricId)
                .put("HostName", hostName)
                .put("Revision", policy.revision())
                .put("Lines", lines.size());
        append(text, head);
        lines.forEach(line -> append(text, line));
        return text.toString();
    }

    private static ObjectNode line(String kind) {
        return FabricJson.mapper().createObjectNode().put("Kind", kind);
    }

    private static Stream<ObjectNode> lines(String fabricId, String kind, JsonNode records) {
        return records.valueStream().map(record -> {
            ObjectNode line = line(kind);
            record.propertyStream()
                    .filter(property -> !NOT_POLICY.contains(property.getKey())
                            && !property.getValue().isNull())
                    .forEach(property -> line.set(property.getKey(), property.getValue()));
            if (line.has("CustomerAddress")) {
                line.put(
                        "Context",
                        "nvgate:" + fabricId + "/" + line.path("Context").asString(""));
            }
            return line;
        });
    }

    private static Stream<ObjectNode> ports(PolicySnapshot policy) {
        return policy.objects().stream()
                .filter(VirtualPort.class::isInstance)
                .map(VirtualPort.class::cast)
                .map(HostPolicyDocument::port)
                .sorted(java.util.Comparator.comparing(
                        port -> port.get("MACAddress").asString()));
    }

    /** Bandwidth as Set-VMNetworkAdapter wants it: bits per second, a weight of 0 to 100; a maximum of 0 is none. */
    private static ObjectNode port(VirtualPort port) {
        ObjectNode line = line("port")
                .put("VMName", port.vmName())
                .put("MACAddress", NetWnvText.mac(port.mac()))
                .put("VirtualSubnetID", port.vsid().value())
                .put(
                        "MaximumBandwidth",
                        BITS_PER_MBPS * port.bandwidth().maximumMbps().orElse(0));
        port.bandwidth().minimumWeight().ifPresent(weight -> line.put("MinimumBandwidthWeight", weight));
        port.bandwidth().minimumMbps().ifPresent(mbps -> line.put("MinimumBandwidthAbsolute", BITS_PER_MBPS * mbps));
        return line;
    }

    private static void append(StringBuilder text, ObjectNode line) {
        String json = line.toString();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < 0x20 || c > 0x7e || c == '\'') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('\n');
    }
}
