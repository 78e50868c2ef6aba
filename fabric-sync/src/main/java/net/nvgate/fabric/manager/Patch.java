package net.nvgate.fabric.manager;

import static java.util.Map.entry;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * New values for fields of an object, as JSON merge patch (RFC 7396): what is absent stays, null stands for the default,
 * objects are merged, arrays are replaced.
 */
public final class Patch {

    private static final Set<String> ALWAYS = Set.of("name", "description", "labels");

    /** What can be changed besides name, description and labels. The rest says what an object is, or was allocated for it. */
    private static final Map<Kind, Set<String>> MUTABLE = new EnumMap<>(Map.ofEntries(
            entry(Kind.HOST_GROUP, Set.of("parentId")),
            entry(Kind.LOGICAL_NETWORK, Set.of("networkVirtualization", "mode", "providerAddressing")),
            entry(Kind.NETWORK_SITE, Set.of("subnets", "mtu", "hostGroupIds")),
            entry(
                    Kind.IP_POOL,
                    Set.of(
                            "rangeStart",
                            "rangeEnd",
                            "reserved",
                            "vips",
                            "dnsServers",
                            "dnsSuffix",
                            "dnsSearchSuffixes",
                            "winsServers",
                            "netbiosOverTcpip")),
            entry(Kind.ADDRESS_GRANT, Set.of("allocatedTo", "state")),
            entry(Kind.MAC_POOL, Set.of("rangeStart", "rangeEnd", "hostGroupIds")),
            entry(Kind.MAC_GRANT, Set.of("allocatedTo", "state")),
            entry(Kind.GATEWAY, Set.of("manufacturer", "model", "draining")),
            entry(Kind.HOST, Set.of("hostGroupId", "maintenance", "switches")),
            entry(Kind.PORT_PROFILE, Set.of("offload", "security", "bandwidth")),
            entry(
                    Kind.UPLINK_PORT_PROFILE,
                    Set.of("loadBalancing", "teaming", "networkSiteIds", "networkVirtualization")),
            entry(Kind.LOGICAL_SWITCH, Set.of("extensions", "uplinkPortProfileIds", "virtualPorts", "sriov")),
            entry(
                    Kind.CLOUD,
                    Set.of("hostGroupIds", "hostIds", "logicalNetworkIds", "portClassificationIds", "capacity")),
            entry(Kind.PLAN, Set.of("access", "limits")),
            entry(Kind.SUBSCRIPTION, Set.of("planId", "owner", "state", "coAdmins")),
            entry(Kind.VM_SUBNET, Set.of("dhcp")),
            entry(
                    Kind.VM_NETWORK_GATEWAY,
                    Set.of(
                            "gatewayId",
                            "quota",
                            "dscpMode",
                            "dscp",
                            "pcp",
                            "nat64Prefix",
                            "nptv6Prefixes",
                            "routes",
                            "wildcardRecords",
                            "limits")),
            entry(
                    Kind.NAT_CONNECTION,
                    Set.of(
                            "portMin",
                            "portMax",
                            "sourcePrefixes",
                            "filtering",
                            "timeouts",
                            "portBlockSize",
                            "deterministicPrefixes",
                            "algs",
                            "maximumBandwidthInboundKbps",
                            "maximumBandwidthOutboundKbps",
                            "limitMode")),
            entry(Kind.VM_NETWORK, Set.of("subscriptionId", "grantedTo")),
            entry(Kind.VM, Set.of("subscriptionId", "vcpus", "memoryMb", "storageGb", "customPoints")),
            entry(Kind.NAT_RULE, Set.of("internalAddress", "internalPort", "portCount", "remotePrefixes")),
            entry(Kind.NAT_ONE_TO_ONE, Set.of("internalAddress")),
            entry(Kind.NAT_EXEMPTION, Set.of("sourcePrefix", "destinationPrefix")),
            entry(Kind.TENANT_INTERFACE, Set.of("addresses", "urpf", "routes")),
            entry(Kind.VM_NETWORK_PEERING, Set.of("prefixes", "peerPrefixes")),
            entry(Kind.ADDRESS_SET, Set.of("prefixes")),
            entry(
                    Kind.PORT_ACL,
                    Set.of("vmSubnetIds", "vmLabels", "defaultInboundAction", "defaultOutboundAction", "rules"))));

    private final ObjectNode fields;

    private Patch(ObjectNode fields) {
        this.fields = fields;
    }

    /** The fields of a patch as a tree. */
    public static Patch of(ObjectNode fields) {
        return new Patch(fields.deepCopy());
    }

    /** What makes an object another version of itself. */
    public static Patch between(FabricObject from, FabricObject to) {
        ObjectNode before = FabricJson.mapper().valueToTree(from);
        ObjectNode after = FabricJson.mapper().valueToTree(to);
        ObjectNode fields = FabricJson.mapper().createObjectNode();
        Set<String> names = new TreeSet<>(before.propertyNames());
        names.addAll(after.propertyNames());
        for (String name : names) {
            if (!Objects.equals(before.get(name), after.get(name))) {
                JsonMerge.set(fields, name, before.get(name), after.get(name));
            }
        }
        return new Patch(fields);
    }

    /** @throws net.nvgate.fabric.model.ModelException if the text is not a JSON object */
    public static Patch read(String json) {
        return new Patch(FabricJson.read(json, ObjectNode.class));
    }

    /**
     * The object with the new values.
     *
     * @param completed adds what a field that the object does not have yet needs to be whole
     * @throws FabricException INVALID for a field that cannot be changed
     * @throws net.nvgate.fabric.model.ModelException if the outcome breaks a rule of the object
     */
    FabricObject of(FabricObject object, UnaryOperator<ObjectNode> completed) {
        ObjectNode tree = FabricJson.mapper().valueToTree(object);
        ObjectNode fields = completed.apply(this.fields.deepCopy());
        fields.propertyStream().forEach(field -> require(object.kind(), field.getKey(), field.getValue(), tree));
        merge(tree, fields);
        return FabricJson.read(tree.toString(), object.kind().type());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Patch patch && patch.fields.equals(fields);
    }

    @Override
    public String toString() {
        return fields.toString();
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** True for a field that a patch can change. */
    public static boolean isMutable(Kind kind, String field) {
        return ALWAYS.contains(field) || MUTABLE.getOrDefault(kind, Set.of()).contains(field);
    }

    private static void require(Kind kind, String field, JsonNode value, ObjectNode tree) {
        if (!isMutable(kind, field) && !value.equals(tree.get(field))) {
            throw new FabricException(INVALID, kind.label(), field, kind.label() + "." + field + " cannot be changed");
        }
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        patch.propertyStream().forEach(field -> {
            String name = field.getKey();
            if (field.getValue().isNull()) {
                target.remove(name);
            } else if (field.getValue() instanceof ObjectNode inner) {
                ObjectNode into = target.get(name) instanceof ObjectNode there ? there : target.putObject(name);
                merge(into, inner);
            } else {
                target.set(name, field.getValue());
            }
        });
    }
}
