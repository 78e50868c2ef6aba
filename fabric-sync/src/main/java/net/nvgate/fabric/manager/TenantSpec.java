package net.nvgate.fabric.manager;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.InterfaceAddress;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.model.ProviderAddress;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Urpf;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.model.Vsid;

/** Requests for a tenant's subnets and for its ways out of them. */
public sealed interface TenantSpec<T extends FabricObject> extends FabricSpec<T> {

    /** Lease of a day, no DNS, and the MTU that fits the logical network's sites by default. */
    record DhcpSpec(
            List<IpAddress> dnsServers,
            Optional<String> domainName,
            Optional<Integer> leaseSeconds,
            Optional<Integer> mtu) {

        public DhcpSpec {
            dnsServers = Rules.list(Kind.VM_SUBNET.label(), "dhcp.dnsServers", dnsServers);
        }
    }

    /** @param poolName what the names of its pools begin with, the subnet's by default; a VSID follows */
    record VmSubnetSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID vmNetworkId,
            IpPrefix prefix,
            Optional<Vsid> vsid,
            Optional<MacAddress> defaultGatewayMac,
            Optional<IpPrefix> prefix6,
            Optional<DhcpSpec> dhcp,
            Optional<String> poolName)
            implements TenantSpec<VmSubnet> {

        public VmSubnetSpec {
            meta = SpecMeta.checked(Kind.VM_SUBNET, meta);
            Rules.required(Kind.VM_SUBNET.label(), "vmNetworkId", vmNetworkId);
            Rules.required(Kind.VM_SUBNET.label(), "prefix", prefix);
            poolName.ifPresent(name -> Rules.name(Kind.VM_SUBNET.label() + ".poolName", name));
        }

        @Override
        public Kind kind() {
            return Kind.VM_SUBNET;
        }
    }

    /** @param address in the VM subnet that it shares, likewise {@code address6}; of a routing subnet only the second usable one */
    record VmNetworkGatewaySpec(
            @JsonUnwrapped SpecMeta meta,
            UUID vmNetworkId,
            UUID gatewayId,
            Optional<IpPrefix> routingSubnet,
            Optional<Vsid> vsid,
            Optional<MacAddress> mac,
            Optional<MacAddress> routerMac,
            Optional<IpPrefix> routingSubnet6,
            Optional<NatQuota> quota,
            Optional<DscpMode> dscpMode,
            Optional<Integer> dscp,
            Optional<Boolean> pcp,
            Optional<IpPrefix> nat64Prefix,
            List<VmNetworkGateway.Nptv6> nptv6Prefixes,
            List<VmNetworkGateway.Route> routes,
            Optional<UUID> vmSubnetId,
            Optional<IpAddress> address,
            Optional<IpAddress> address6,
            Optional<VmNetworkGateway.WildcardRecords> wildcardRecords,
            Optional<Bandwidth> limits)
            implements TenantSpec<VmNetworkGateway> {

        public VmNetworkGatewaySpec {
            meta = SpecMeta.checked(Kind.VM_NETWORK_GATEWAY, meta);
            Rules.required(Kind.VM_NETWORK_GATEWAY.label(), "vmNetworkId", vmNetworkId);
            Rules.required(Kind.VM_NETWORK_GATEWAY.label(), "gatewayId", gatewayId);
            nptv6Prefixes = Rules.list(Kind.VM_NETWORK_GATEWAY.label(), "nptv6Prefixes", nptv6Prefixes);
            routes = Rules.list(Kind.VM_NETWORK_GATEWAY.label(), "routes", routes);
        }

        /** With defaults. */
        static VmNetworkGatewaySpec of(SpecMeta meta, UUID vmNetworkId, UUID gatewayId) {
            return new VmNetworkGatewaySpec(
                    meta,
                    vmNetworkId,
                    gatewayId,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public Kind kind() {
            return Kind.VM_NETWORK_GATEWAY;
        }
    }

    /** The address is one of the host's PA pool by default. */
    record ProviderAddressSpec(
            @JsonUnwrapped SpecMeta meta, UUID hostId, UUID vmSubnetId, Optional<IpAddress> providerAddress)
            implements TenantSpec<ProviderAddress> {

        public ProviderAddressSpec {
            meta = SpecMeta.checked(Kind.PROVIDER_ADDRESS, meta);
            Rules.required(Kind.PROVIDER_ADDRESS.label(), "hostId", hostId);
            Rules.required(Kind.PROVIDER_ADDRESS.label(), "vmSubnetId", vmSubnetId);
        }

        @Override
        public Kind kind() {
            return Kind.PROVIDER_ADDRESS;
        }
    }

    /** Strict uRPF by default. */
    record TenantInterfaceSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID vmNetworkGatewayId,
            Side side,
            int vlanId,
            List<InterfaceAddress> addresses,
            Optional<Urpf> urpf,
            List<TenantInterface.Route> routes)
            implements TenantSpec<TenantInterface> {

        public TenantInterfaceSpec {
            meta = SpecMeta.checked(Kind.TENANT_INTERFACE, meta);
            Rules.required(Kind.TENANT_INTERFACE.label(), "vmNetworkGatewayId", vmNetworkGatewayId);
            Rules.required(Kind.TENANT_INTERFACE.label(), "side", side);
            addresses = Rules.list(Kind.TENANT_INTERFACE.label(), "addresses", addresses);
            routes = Rules.list(Kind.TENANT_INTERFACE.label(), "routes", routes);
        }

        @Override
        public Kind kind() {
            return Kind.TENANT_INTERFACE;
        }
    }

    /** All present VM subnets of a VM network by default. */
    record VmNetworkPeeringSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID vmNetworkId,
            UUID peerVmNetworkId,
            List<IpPrefix> prefixes,
            List<IpPrefix> peerPrefixes)
            implements TenantSpec<VmNetworkPeering> {

        public VmNetworkPeeringSpec {
            meta = SpecMeta.checked(Kind.VM_NETWORK_PEERING, meta);
            Rules.required(Kind.VM_NETWORK_PEERING.label(), "vmNetworkId", vmNetworkId);
            Rules.required(Kind.VM_NETWORK_PEERING.label(), "peerVmNetworkId", peerVmNetworkId);
            prefixes = Rules.list(Kind.VM_NETWORK_PEERING.label(), "prefixes", prefixes);
            peerPrefixes = Rules.list(Kind.VM_NETWORK_PEERING.label(), "peerPrefixes", peerPrefixes);
        }

        @Override
        public Kind kind() {
            return Kind.VM_NETWORK_PEERING;
        }
    }
}
