package net.nvgate.fabric.model;

import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of fabric objects, in the order in which an administrator makes them. */
public enum Kind {
    HOST_GROUP("host-group", HostGroup.class),
    LOGICAL_NETWORK("logical-network", LogicalNetwork.class),
    NETWORK_SITE("network-site", NetworkSite.class),
    IP_POOL("ip-pool", IpPool.class),
    ADDRESS_GRANT("address-grant", AddressGrant.class),
    MAC_POOL("mac-pool", MacPool.class),
    MAC_GRANT("mac-grant", MacGrant.class),
    PORT_PROFILE("port-profile", PortProfile.class),
    PORT_CLASSIFICATION("port-classification", PortClassification.class),
    UPLINK_PORT_PROFILE("uplink-port-profile", UplinkPortProfile.class),
    LOGICAL_SWITCH("logical-switch", LogicalSwitch.class),
    HOST("host", Host.class),
    GATEWAY("gateway", Gateway.class),
    CLOUD("cloud", Cloud.class),
    PLAN("plan", Plan.class),
    SUBSCRIPTION("subscription", Subscription.class),
    VM_NETWORK("vm-network", VmNetwork.class),
    VM_SUBNET("vm-subnet", VmSubnet.class),
    VM_NETWORK_GATEWAY("vm-network-gateway", VmNetworkGateway.class),
    PROVIDER_ADDRESS("provider-address", ProviderAddress.class),
    VM("vm", Vm.class),
    NAT_CONNECTION("nat-connection", NatConnection.class),
    NAT_RULE("nat-rule", NatRule.class),
    NAT_ONE_TO_ONE("nat-one-to-one", NatOneToOne.class),
    NAT_EXEMPTION("nat-exemption", NatExemption.class),
    TENANT_INTERFACE("tenant-interface", TenantInterface.class),
    VM_NETWORK_PEERING("vm-network-peering", VmNetworkPeering.class);

    private final String label;
    private final Class<? extends FabricObject> type;

    Kind(String label, Class<? extends FabricObject> type) {
        this.label = label;
        this.type = type;
    }

    /** Singular form for messages and stored rows, e.g. {@code vm-subnet}. */
    public String label() {
        return label;
    }

    /** Segment of the API path, e.g. {@code vm-subnets}. */
    public String path() {
        return label + (label.endsWith("ch") || label.endsWith("s") ? "es" : "s");
    }

    public Class<? extends FabricObject> type() {
        return type;
    }

    public static Optional<Kind> ofPath(String path) {
        return Stream.of(values()).filter(kind -> kind.path().equals(path)).findFirst();
    }

    /** @throws IllegalArgumentException for a label no kind has: the store was written by a newer version */
    public static Kind ofLabel(String label) {
        return Stream.of(values())
                .filter(kind -> kind.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no object kind is called '" + label + "'"));
    }

    /** The kind whose objects are of this class. */
    public static Kind of(Class<? extends FabricObject> type) {
        return Stream.of(values())
                .filter(kind -> kind.type == type)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type + " is not one kind of object"));
    }
}
