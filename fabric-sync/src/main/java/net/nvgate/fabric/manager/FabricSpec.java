package net.nvgate.fabric.manager;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.AddressFamily;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.HostSwitch;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;

/**
 * A request for a new object: what the caller chooses. What is absent has a default or is allocated by the manager.
 * Field names are those of the object. Read them from JSON with {@link net.nvgate.fabric.model.FabricJson#read}.
 *
 * @param <T> the object it makes
 */
public sealed interface FabricSpec<T extends FabricObject>
        permits FabricSpec.HostGroupSpec,
                FabricSpec.LogicalNetworkSpec,
                FabricSpec.NetworkSiteSpec,
                FabricSpec.IpPoolSpec,
                FabricSpec.HostSpec,
                FabricSpec.GatewaySpec,
                FabricSpec.VmNetworkSpec,
                FabricSpec.VmSpec,
                PhysicalSpec,
                PortSpec,
                TenancySpec,
                TenantSpec,
                NatSpec,
                AclSpec {

    SpecMeta meta();

    default String name() {
        return meta().name();
    }

    Kind kind();

    /** The type to read a request body of this kind as. */
    static Class<? extends FabricSpec<?>> type(Kind kind) {
        return switch (kind) {
            case HOST_GROUP -> HostGroupSpec.class;
            case LOGICAL_NETWORK -> LogicalNetworkSpec.class;
            case NETWORK_SITE -> NetworkSiteSpec.class;
            case IP_POOL -> IpPoolSpec.class;
            case ADDRESS_GRANT -> PhysicalSpec.AddressGrantSpec.class;
            case MAC_POOL -> PhysicalSpec.MacPoolSpec.class;
            case MAC_GRANT -> PhysicalSpec.MacGrantSpec.class;
            case PORT_PROFILE -> PortSpec.PortProfileSpec.class;
            case PORT_CLASSIFICATION -> PortSpec.PortClassificationSpec.class;
            case UPLINK_PORT_PROFILE -> PortSpec.UplinkPortProfileSpec.class;
            case LOGICAL_SWITCH -> PortSpec.LogicalSwitchSpec.class;
            case HOST -> HostSpec.class;
            case GATEWAY -> GatewaySpec.class;
            case CLOUD -> TenancySpec.CloudSpec.class;
            case PLAN -> TenancySpec.PlanSpec.class;
            case SUBSCRIPTION -> TenancySpec.SubscriptionSpec.class;
            case VM_NETWORK -> VmNetworkSpec.class;
            case VM_SUBNET -> TenantSpec.VmSubnetSpec.class;
            case VM_NETWORK_GATEWAY -> TenantSpec.VmNetworkGatewaySpec.class;
            case PROVIDER_ADDRESS -> TenantSpec.ProviderAddressSpec.class;
            case VM -> VmSpec.class;
            case NAT_CONNECTION -> NatSpec.NatConnectionSpec.class;
            case NAT_RULE -> NatSpec.NatRuleSpec.class;
            case NAT_ONE_TO_ONE -> NatSpec.NatOneToOneSpec.class;
            case NAT_EXEMPTION -> NatSpec.NatExemptionSpec.class;
            case TENANT_INTERFACE -> TenantSpec.TenantInterfaceSpec.class;
            case VM_NETWORK_PEERING -> TenantSpec.VmNetworkPeeringSpec.class;
            case ADDRESS_SET -> AclSpec.AddressSetSpec.class;
            case PORT_ACL -> AclSpec.PortAclSpec.class;
            case CERTIFICATE_AUTHORITY,
                    NODE_IDENTITY,
                    JOIN_TOKEN,
                    USER,
                    API_TOKEN,
                    LOGIN_SESSION,
                    AUDIT_EVENT,
                    IDEMPOTENCY_KEY -> throw new IllegalArgumentException("nobody asks for a " + kind.label());
        };
    }

    record HostGroupSpec(@JsonUnwrapped SpecMeta meta, Optional<UUID> parentId) implements FabricSpec<HostGroup> {

        public HostGroupSpec {
            meta = SpecMeta.checked(Kind.HOST_GROUP, meta);
        }

        @Override
        public Kind kind() {
            return Kind.HOST_GROUP;
        }
    }

    /** Default: one connected network without virtualization. */
    record LogicalNetworkSpec(
            @JsonUnwrapped SpecMeta meta,
            Optional<Boolean> networkVirtualization,
            Optional<LogicalNetwork.Mode> mode,
            Optional<Boolean> sameNameVmNetwork,
            Optional<LogicalNetwork.ProviderAddressing> providerAddressing)
            implements FabricSpec<LogicalNetwork> {

        public LogicalNetworkSpec {
            meta = SpecMeta.checked(Kind.LOGICAL_NETWORK, meta);
        }

        @Override
        public Kind kind() {
            return Kind.LOGICAL_NETWORK;
        }
    }

    /** A subnet of a requested site; VLAN 0 (untagged) by default. */
    record SubnetSpec(Optional<IpPrefix> prefix, Optional<Integer> vlanId, Optional<Integer> secondaryVlanId) {}

    /** Named after the logical network, with MTU 1500, and for every host by default. */
    record NetworkSiteSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID logicalNetworkId,
            List<SubnetSpec> subnets,
            Optional<Integer> mtu,
            List<UUID> hostGroupIds)
            implements FabricSpec<NetworkSite> {

        public NetworkSiteSpec {
            meta = meta.name().isEmpty() ? meta : SpecMeta.checked(Kind.NETWORK_SITE, meta);
            hostGroupIds = Rules.list(Kind.NETWORK_SITE.label(), "hostGroupIds", hostGroupIds);
            Rules.required(Kind.NETWORK_SITE.label(), "logicalNetworkId", logicalNetworkId);
            subnets = Rules.list(Kind.NETWORK_SITE.label(), "subnets", subnets);
        }

        @Override
        public Kind kind() {
            return Kind.NETWORK_SITE;
        }
    }

    /** The range is every usable address of the prefix by default. */
    record IpPoolSpec(
            @JsonUnwrapped SpecMeta meta,
            Optional<UUID> networkSiteId,
            Optional<UUID> vmSubnetId,
            IpPrefix prefix,
            Optional<IpAddress> rangeStart,
            Optional<IpAddress> rangeEnd,
            List<IpAddress> reserved,
            List<IpAddress> defaultGateways,
            List<IpAddress> dnsServers,
            List<IpAddress> vips,
            List<IpPool.GatewayMetric> gatewayMetrics,
            Optional<String> dnsSuffix,
            List<String> dnsSearchSuffixes,
            List<IpAddress> winsServers,
            Optional<Boolean> netbiosOverTcpip,
            List<IpPool.Route> routes,
            Optional<Boolean> multicast)
            implements FabricSpec<IpPool> {

        public IpPoolSpec {
            meta = SpecMeta.checked(Kind.IP_POOL, meta);
            Rules.required(Kind.IP_POOL.label(), "prefix", prefix);
            reserved = Rules.list(Kind.IP_POOL.label(), "reserved", reserved);
            defaultGateways = Rules.list(Kind.IP_POOL.label(), "defaultGateways", defaultGateways);
            dnsServers = Rules.list(Kind.IP_POOL.label(), "dnsServers", dnsServers);
            vips = Rules.list(Kind.IP_POOL.label(), "vips", vips);
            gatewayMetrics = Rules.list(Kind.IP_POOL.label(), "gatewayMetrics", gatewayMetrics);
            dnsSearchSuffixes = Rules.list(Kind.IP_POOL.label(), "dnsSearchSuffixes", dnsSearchSuffixes);
            winsServers = Rules.list(Kind.IP_POOL.label(), "winsServers", winsServers);
            routes = Rules.list(Kind.IP_POOL.label(), "routes", routes);
        }

        @Override
        public Kind kind() {
            return Kind.IP_POOL;
        }
    }

    /** Not in maintenance by default. */
    record HostSpec(
            @JsonUnwrapped SpecMeta meta,
            Host.HostType hostType,
            UUID paPoolId,
            Optional<IpAddress> providerAddress,
            Optional<UUID> hostGroupId,
            Optional<Boolean> maintenance,
            List<HostSwitch> switches)
            implements FabricSpec<Host> {

        public HostSpec {
            meta = SpecMeta.checked(Kind.HOST, meta);
            Rules.required(Kind.HOST.label(), "hostType", hostType);
            Rules.required(Kind.HOST.label(), "paPoolId", paPoolId);
            switches = Rules.list(Kind.HOST.label(), "switches", switches);
        }

        @Override
        public Kind kind() {
            return Kind.HOST;
        }
    }

    record GatewaySpec(
            @JsonUnwrapped SpecMeta meta,
            UUID paPoolId,
            Optional<IpAddress> providerAddress,
            UUID externalPoolId,
            Optional<IpAddress> externalAddress,
            Optional<UUID> paPool6Id,
            Optional<IpAddress> providerAddress6,
            Optional<UUID> externalPool6Id,
            Optional<IpAddress> externalAddress6,
            Optional<Integer> maxVmNetworks,
            List<UUID> hostGroupIds,
            Optional<Boolean> directRouting,
            Optional<String> manufacturer,
            Optional<String> model,
            Optional<Boolean> draining)
            implements FabricSpec<Gateway> {

        public GatewaySpec {
            meta = SpecMeta.checked(Kind.GATEWAY, meta);
            Rules.required(Kind.GATEWAY.label(), "paPoolId", paPoolId);
            Rules.required(Kind.GATEWAY.label(), "externalPoolId", externalPoolId);
            hostGroupIds = Rules.list(Kind.GATEWAY.label(), "hostGroupIds", hostGroupIds);
        }

        @Override
        public Kind kind() {
            return Kind.GATEWAY;
        }
    }

    /** By NVGRE, the administrator's, for all families of addresses, and without VM subnets by default. */
    record VmNetworkSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID logicalNetworkId,
            Optional<UUID> rdid,
            Optional<VmNetwork.IsolationType> isolationType,
            Optional<UUID> subscriptionId,
            List<UUID> grantedTo,
            Optional<AddressFamily> caFamily,
            Optional<AddressFamily> paFamily,
            Optional<Boolean> autoCreateSubnet)
            implements FabricSpec<VmNetwork> {

        public VmNetworkSpec {
            meta = SpecMeta.checked(Kind.VM_NETWORK, meta);
            Rules.required(Kind.VM_NETWORK.label(), "logicalNetworkId", logicalNetworkId);
            grantedTo = Rules.list(Kind.VM_NETWORK.label(), "grantedTo", grantedTo);
        }

        /** With defaults. */
        public VmNetworkSpec(SpecMeta meta, UUID logicalNetworkId, Optional<UUID> rdid) {
            this(
                    meta,
                    logicalNetworkId,
                    rdid,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public Kind kind() {
            return Kind.VM_NETWORK;
        }
    }

    /** A requested NIC. Name {@code nic0}, {@code nic1}... by default; address from the subnet's pool, MAC from the default pool. */
    record NicSpec(
            Optional<String> name,
            UUID vmSubnetId,
            Optional<IpAddress> address,
            Optional<IpAddress> address6,
            Optional<MacAddress> mac,
            Optional<UUID> portClassificationId,
            Optional<Vm.MacType> macType,
            Optional<Vm.Addressing> addressing,
            Optional<List<IpAddress>> learnedAddresses) {

        public NicSpec {
            Rules.required(Kind.VM.label(), "nics.vmSubnetId", vmSubnetId);
        }

        /** A static one without a port classification. */
        public NicSpec(
                Optional<String> name,
                UUID vmSubnetId,
                Optional<IpAddress> address,
                Optional<IpAddress> address6,
                Optional<MacAddress> mac) {
            this(
                    name,
                    vmSubnetId,
                    address,
                    address6,
                    mac,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** The administrator's, with one processor and one custom point by default. */
    record VmSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID hostId,
            List<NicSpec> nics,
            Optional<UUID> subscriptionId,
            Optional<Integer> vcpus,
            Optional<Integer> memoryMb,
            Optional<Integer> storageGb,
            Optional<Integer> customPoints)
            implements FabricSpec<Vm> {

        public VmSpec {
            meta = SpecMeta.checked(Kind.VM, meta);
            Rules.required(Kind.VM.label(), "hostId", hostId);
            nics = Rules.list(Kind.VM.label(), "nics", nics);
        }

        /** With defaults. */
        public VmSpec(SpecMeta meta, UUID hostId, List<NicSpec> nics) {
            this(
                    meta,
                    hostId,
                    nics,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public Kind kind() {
            return Kind.VM;
        }
    }
}
