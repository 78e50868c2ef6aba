package net.nvgate.fabric.manager;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatRule;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.model.Vsid;

/**
 * A request for a new object: what the caller chooses. What is absent has a default or is allocated by the manager.
 * Field names are those of the object. Read them from JSON with {@link net.nvgate.fabric.model.FabricJson#read}.
 *
 * @param <T> the object it makes
 */
public sealed interface FabricSpec<T extends FabricObject> {

    String name();

    String description();

    Kind kind();

    /** The type to read a request body of this kind as. */
    static Class<? extends FabricSpec<?>> type(Kind kind) {
        return switch (kind) {
            case LOGICAL_NETWORK -> LogicalNetworkSpec.class;
            case NETWORK_SITE -> NetworkSiteSpec.class;
            case IP_POOL -> IpPoolSpec.class;
            case HOST -> HostSpec.class;
            case GATEWAY -> GatewaySpec.class;
            case VM_NETWORK -> VmNetworkSpec.class;
            case VM_SUBNET -> VmSubnetSpec.class;
            case VM_NETWORK_GATEWAY -> VmNetworkGatewaySpec.class;
            case VM -> VmSpec.class;
            case NAT_CONNECTION -> NatConnectionSpec.class;
            case NAT_RULE -> NatRuleSpec.class;
        };
    }

    /** Default: no network virtualization. */
    record LogicalNetworkSpec(String name, String description, Optional<Boolean> networkVirtualization)
            implements FabricSpec<LogicalNetwork> {

        public LogicalNetworkSpec {
            Rules.name(Kind.LOGICAL_NETWORK.label(), name);
            description = Rules.description(Kind.LOGICAL_NETWORK.label(), description);
        }

        @Override
        public Kind kind() {
            return Kind.LOGICAL_NETWORK;
        }
    }

    /** A subnet of a requested site; VLAN 0 (untagged) by default. */
    record SubnetSpec(IpPrefix prefix, Optional<Integer> vlanId) {

        public SubnetSpec {
            Rules.required(Kind.NETWORK_SITE.label(), "subnets.prefix", prefix);
        }
    }

    /** MTU 1500 by default. */
    record NetworkSiteSpec(
            String name, String description, UUID logicalNetworkId, List<SubnetSpec> subnets, Optional<Integer> mtu)
            implements FabricSpec<NetworkSite> {

        public NetworkSiteSpec {
            Rules.name(Kind.NETWORK_SITE.label(), name);
            description = Rules.description(Kind.NETWORK_SITE.label(), description);
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
            String name,
            String description,
            Optional<UUID> networkSiteId,
            Optional<UUID> vmSubnetId,
            IpPrefix prefix,
            Optional<IpAddress> rangeStart,
            Optional<IpAddress> rangeEnd,
            List<IpAddress> reserved,
            List<IpAddress> defaultGateways,
            List<IpAddress> dnsServers)
            implements FabricSpec<IpPool> {

        public IpPoolSpec {
            Rules.name(Kind.IP_POOL.label(), name);
            description = Rules.description(Kind.IP_POOL.label(), description);
            Rules.required(Kind.IP_POOL.label(), "prefix", prefix);
            reserved = Rules.list(Kind.IP_POOL.label(), "reserved", reserved);
            defaultGateways = Rules.list(Kind.IP_POOL.label(), "defaultGateways", defaultGateways);
            dnsServers = Rules.list(Kind.IP_POOL.label(), "dnsServers", dnsServers);
        }

        @Override
        public Kind kind() {
            return Kind.IP_POOL;
        }
    }

    record HostSpec(
            String name, String description, Host.HostType hostType, UUID paPoolId, Optional<IpAddress> providerAddress)
            implements FabricSpec<Host> {

        public HostSpec {
            Rules.name(Kind.HOST.label(), name);
            description = Rules.description(Kind.HOST.label(), description);
            Rules.required(Kind.HOST.label(), "hostType", hostType);
            Rules.required(Kind.HOST.label(), "paPoolId", paPoolId);
        }

        @Override
        public Kind kind() {
            return Kind.HOST;
        }
    }

    record GatewaySpec(
            String name,
            String description,
            UUID paPoolId,
            Optional<IpAddress> providerAddress,
            UUID externalPoolId,
            Optional<IpAddress> externalAddress,
            Optional<Integer> maxVmNetworks)
            implements FabricSpec<Gateway> {

        public GatewaySpec {
            Rules.name(Kind.GATEWAY.label(), name);
            description = Rules.description(Kind.GATEWAY.label(), description);
            Rules.required(Kind.GATEWAY.label(), "paPoolId", paPoolId);
            Rules.required(Kind.GATEWAY.label(), "externalPoolId", externalPoolId);
        }

        @Override
        public Kind kind() {
            return Kind.GATEWAY;
        }
    }

    record VmNetworkSpec(String name, String description, UUID logicalNetworkId, Optional<UUID> rdid)
            implements FabricSpec<VmNetwork> {

        public VmNetworkSpec {
            Rules.name(Kind.VM_NETWORK.label(), name);
            description = Rules.description(Kind.VM_NETWORK.label(), description);
            Rules.required(Kind.VM_NETWORK.label(), "logicalNetworkId", logicalNetworkId);
        }

        @Override
        public Kind kind() {
            return Kind.VM_NETWORK;
        }
    }

    record VmSubnetSpec(
            String name,
            String description,
            UUID vmNetworkId,
            IpPrefix prefix,
            Optional<Vsid> vsid,
            Optional<MacAddress> defaultGatewayMac)
            implements FabricSpec<VmSubnet> {

        public VmSubnetSpec {
            Rules.name(Kind.VM_SUBNET.label(), name);
            description = Rules.description(Kind.VM_SUBNET.label(), description);
            Rules.required(Kind.VM_SUBNET.label(), "vmNetworkId", vmNetworkId);
            Rules.required(Kind.VM_SUBNET.label(), "prefix", prefix);
        }

        @Override
        public Kind kind() {
            return Kind.VM_SUBNET;
        }
    }

    record VmNetworkGatewaySpec(
            String name,
            String description,
            UUID vmNetworkId,
            UUID gatewayId,
            Optional<IpPrefix> routingSubnet,
            Optional<Vsid> vsid,
            Optional<MacAddress> mac,
            Optional<MacAddress> routerMac)
            implements FabricSpec<VmNetworkGateway> {

        public VmNetworkGatewaySpec {
            Rules.name(Kind.VM_NETWORK_GATEWAY.label(), name);
            description = Rules.description(Kind.VM_NETWORK_GATEWAY.label(), description);
            Rules.required(Kind.VM_NETWORK_GATEWAY.label(), "vmNetworkId", vmNetworkId);
            Rules.required(Kind.VM_NETWORK_GATEWAY.label(), "gatewayId", gatewayId);
        }

        @Override
        public Kind kind() {
            return Kind.VM_NETWORK_GATEWAY;
        }
    }

    /** A requested NIC. Name {@code nic0}, {@code nic1}... by default; address from the subnet's pool, MAC from the default pool. */
    record NicSpec(Optional<String> name, UUID vmSubnetId, Optional<IpAddress> address, Optional<MacAddress> mac) {

        public NicSpec {
            Rules.required(Kind.VM.label(), "nics.vmSubnetId", vmSubnetId);
        }
    }

    record VmSpec(String name, String description, UUID hostId, List<NicSpec> nics) implements FabricSpec<Vm> {

        public VmSpec {
            Rules.name(Kind.VM.label(), name);
            description = Rules.description(Kind.VM.label(), description);
            Rules.required(Kind.VM.label(), "hostId", hostId);
            nics = Rules.list(Kind.VM.label(), "nics", nics);
        }

        @Override
        public Kind kind() {
            return Kind.VM;
        }
    }

    /** The gateway's external pool and ports 1024..65535 by default. */
    record NatConnectionSpec(
            String name,
            String description,
            UUID vmNetworkGatewayId,
            Optional<UUID> externalPoolId,
            Optional<IpAddress> externalAddress,
            Optional<Integer> portMin,
            Optional<Integer> portMax)
            implements FabricSpec<NatConnection> {

        public NatConnectionSpec {
            Rules.name(Kind.NAT_CONNECTION.label(), name);
            description = Rules.description(Kind.NAT_CONNECTION.label(), description);
            Rules.required(Kind.NAT_CONNECTION.label(), "vmNetworkGatewayId", vmNetworkGatewayId);
        }

        @Override
        public Kind kind() {
            return Kind.NAT_CONNECTION;
        }
    }

    record NatRuleSpec(
            String name,
            String description,
            UUID natConnectionId,
            NatRule.Protocol protocol,
            int externalPort,
            IpAddress internalAddress,
            int internalPort)
            implements FabricSpec<NatRule> {

        public NatRuleSpec {
            Rules.name(Kind.NAT_RULE.label(), name);
            description = Rules.description(Kind.NAT_RULE.label(), description);
            Rules.required(Kind.NAT_RULE.label(), "natConnectionId", natConnectionId);
            Rules.required(Kind.NAT_RULE.label(), "protocol", protocol);
            Rules.required(Kind.NAT_RULE.label(), "internalAddress", internalAddress);
        }

        @Override
        public Kind kind() {
            return Kind.NAT_RULE;
        }
    }

    /** New values for the fields that can change; absent ones stay as they are. */
    record Patch(Optional<String> name, Optional<String> description) {}
}
