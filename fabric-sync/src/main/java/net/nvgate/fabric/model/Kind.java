package net.nvgate.fabric.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    VM_NETWORK_PEERING("vm-network-peering", VmNetworkPeering.class),
    ADDRESS_SET("address-set", AddressSet.class),
    PORT_ACL("port-acl", PortAcl.class),
    CERTIFICATE_AUTHORITY("certificate-authority", CertificateAuthority.class),
    NODE_IDENTITY("node-identity", NodeIdentity.class),
    JOIN_TOKEN("join-token", JoinToken.class),
    USER("user", User.class),
    API_TOKEN("api-token", ApiToken.class),
    LOGIN_SESSION("login-session", LoginSession.class),
    AUDIT_EVENT("audit-event", AuditEvent.class),
    IDEMPOTENCY_KEY("idempotency-key", IdempotencyKey.class);

    /** Who is who, not what the fabric is: not made, changed, exported or taken back like other objects. */
    private static final Set<Kind> OF_IDENTITY = EnumSet.of(CERTIFICATE_AUTHORITY, NODE_IDENTITY, JOIN_TOKEN);

    /** Who may use the manager, and what they did: as apart from the fabric as identities. */
    private static final Set<Kind> OF_ACCESS = EnumSet.of(USER, API_TOKEN, LOGIN_SESSION, AUDIT_EVENT);

    private static final List<Kind> OF_FABRIC =
            Stream.of(values()).filter(Kind::isOfFabric).toList();

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
        return label.endsWith("ty")
                ? label.substring(0, label.length() - 1) + "ies"
                : label + (label.endsWith("ch") || label.endsWith("s") ? "es" : "s");
    }

    /** The kinds that administrators make, in that order. */
    public static List<Kind> ofFabric() {
        return OF_FABRIC;
    }

    /** False for what managers keep about identities and users. */
    public boolean isOfFabric() {
        return !BesideFabric.class.isAssignableFrom(type);
    }

    /** True for CAs, identities of nodes and join tokens. */
    public boolean isOfIdentity() {
        return OF_IDENTITY.contains(this);
    }

    /** True for users, their tokens and sessions, and the audit log. */
    public boolean isOfAccess() {
        return OF_ACCESS.contains(this);
    }

    public Class<? extends FabricObject> type() {
        return type;
    }

    /** One that administrators make. */
    public static Optional<Kind> ofPath(String path) {
        return OF_FABRIC.stream().filter(kind -> kind.path().equals(path)).findFirst();
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
