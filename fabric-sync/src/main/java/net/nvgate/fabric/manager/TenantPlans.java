package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;
import static net.nvgate.fabric.manager.FabricException.Code.QUOTA;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.manager.TenantSpec.DhcpSpec;
import net.nvgate.fabric.manager.TenantSpec.VmNetworkGatewaySpec;
import net.nvgate.fabric.manager.TenantSpec.VmSubnetSpec;
import net.nvgate.fabric.model.AddressFamily;
import net.nvgate.fabric.model.Bandwidth;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.model.NetworkLimits;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.model.VmSubnet.Dhcp;
import net.nvgate.fabric.model.Vsid;
import tools.jackson.databind.node.ObjectNode;

/** Rules of a tenant's network: the VM network, its subnets and its gateway. */
final class TenantPlans {

    /** Guard of the prefixes of a VM network, and of the routes that are no part of them. */
    static final String PREFIXES = "domain-prefixes";

    /** Guard of the VM networks of a gateway. */
    static final String GATEWAY_NETWORKS = "gateway-networks";

    private TenantPlans() {}

    static VmSubnet vmSubnet(Draft draft, VmSubnetSpec spec) {
        Kind kind = Kind.VM_SUBNET;
        VmNetwork network = VmNetworkPlans.virtualized(draft, spec.vmNetworkId(), kind);
        VmNetworkPlans.checkFamily(network, spec.prefix(), kind, "prefix");
        spec.prefix6().ifPresent(prefix -> VmNetworkPlans.checkFamily(network, prefix, kind, "prefix6"));
        CustomerPrefixes.check(spec.prefix(), kind, "prefix");
        spec.prefix6().ifPresent(prefix -> CustomerPrefixes.check(prefix, kind, "prefix6"));
        Vsid vsid = spec.vsid().orElseGet(() -> draft.allocation().vsid(kind));
        Meta meta = draft.meta(spec);
        VmSubnet subnet = new VmSubnet(
                meta,
                network.id(),
                spec.prefix(),
                vsid,
                PhysicalPlans.firstUsable(spec.prefix()),
                spec.defaultGatewayMac().orElseGet(() -> draft.allocation().mac(kind, "defaultGatewayMac")),
                Companions.id(draft, meta.id(), Companions.Role.POOL),
                spec.prefix6(),
                spec.prefix6().map(PhysicalPlans::firstUsable),
                spec.prefix6().map(_ -> Companions.id(draft, meta.id(), Companions.Role.POOL6)),
                spec.dhcp().map(dhcp -> dhcp(draft, network, dhcp)));
        checkDisjoint(draft, network.id(), subnet.id(), spec.prefix(), kind, "prefix");
        spec.prefix6().ifPresent(prefix -> checkDisjoint(draft, network.id(), subnet.id(), prefix, kind, "prefix6"));
        RoutingPlans.checkUnrouted(draft, network.id(), spec.prefix(), "prefix");
        spec.prefix6().ifPresent(prefix -> RoutingPlans.checkUnrouted(draft, network.id(), prefix, "prefix6"));
        draft.put(subnetPool(draft, spec, subnet, subnet.ipPoolId(), subnet.defaultGateway()));
        subnet.ipPool6Id()
                .ifPresent(pool -> draft.put(subnetPool(
                        draft, spec, subnet, pool, subnet.defaultGateway6().orElseThrow())));
        if (subnet.hasIpv6()) {
            giveIpv6(draft, network);
        }
        return draft.put(subnet);
    }

    /** The first IPv6 subnet: the VM network's gateway gets an IPv6 routing subnet, if there is a gateway. */
    private static void giveIpv6(Draft draft, VmNetwork network) {
        draft.index()
                .gatewayOf(network.id())
                .filter(gateway -> gateway.routingSubnet6().isEmpty() && !gateway.sharesVmSubnet())
                .ifPresent(gateway -> draft.put(withIpv6(draft, gateway)));
    }

    private static VmNetworkGateway withIpv6(Draft draft, VmNetworkGateway gateway) {
        IpPrefix routing = VmNetworkGateway.ROUTING_SUBNET6_DEFAULT;
        checkDisjoint(draft, gateway.vmNetworkId(), gateway.id(), routing, Kind.VM_NETWORK_GATEWAY, "routingSubnet6");
        return gateway.withIpv6(routing);
    }

    /** A gateway made by a version without IPv6 gets it with the next change of its settings. */
    static FabricObject withIpv6(Draft draft, FabricObject changed) {
        return changed instanceof VmNetworkGateway gateway
                        && gateway.routingSubnet6().isEmpty()
                        && !gateway.sharesVmSubnet()
                        && hasIpv6(draft, gateway.vmNetworkId())
                ? withIpv6(draft, gateway)
                : changed;
    }

    private static Dhcp dhcp(Draft draft, VmNetwork network, DhcpSpec spec) {
        return new Dhcp(
                spec.dnsServers(),
                spec.domainName().orElse(""),
                spec.leaseSeconds().orElse(Dhcp.LEASE_SECONDS_DEFAULT),
                spec.mtu().orElseGet(() -> vmMtu(draft, network)));
    }

    /** The MTU that VMs can have at every site of the logical network, bytes. */
    private static int vmMtu(Draft draft, VmNetwork network) {
        return draft.users(NetworkSite.class, network.logicalNetworkId())
                .mapToInt(site -> site.vmMtu(32))
                .min()
                .orElse(NetworkSite.MTU_DEFAULT - NetworkSite.NVGRE_OVERHEAD);
    }

    /** Completes a patch: DHCP that is switched on without an MTU gets the one of the logical network. */
    static ObjectNode completed(Draft draft, FabricObject object, ObjectNode patch) {
        if (object instanceof VmSubnet subnet
                && subnet.dhcp().isEmpty()
                && patch.get("dhcp") instanceof ObjectNode dhcp
                && !dhcp.has("mtu")) {
            dhcp.put("mtu", vmMtu(draft, draft.get(VmNetwork.class, subnet.vmNetworkId())));
        }
        return patch;
    }

    /** A pool of a VM subnet: all of a prefix but the default gateway. Its name has the VSID, which is unique. */
    private static IpPool subnetPool(Draft draft, VmSubnetSpec spec, VmSubnet subnet, UUID id, IpAddress router) {
        boolean first = id.equals(subnet.ipPoolId());
        IpPrefix prefix = first ? subnet.prefix() : subnet.prefix6().orElseThrow();
        String suffix = "-" + subnet.vsid() + (first ? "" : "-6");
        String base = spec.poolName().orElse(subnet.name());
        String name = base.substring(0, Math.min(base.length(), Rules.NAME_LENGTH_MAX - suffix.length())) + suffix;
        boolean taken = draft.index().owner(UniqueKeys.name(Kind.IP_POOL, name)).isPresent();
        return new IpPool(
                Meta.of(id, taken ? "pool-" + id : name, ""),
                Optional.empty(),
                Optional.of(subnet.id()),
                prefix,
                router.plus(1),
                PhysicalPlans.lastUsable(prefix),
                List.of(),
                List.of(router),
                List.of());
    }

    /** No other object of the VM network may have an address of the prefix. */
    static void checkDisjoint(Draft draft, UUID vmNetworkId, UUID self, IpPrefix prefix, Kind kind, String field) {
        draft.guard(PREFIXES, vmNetworkId);
        draft.index().domainOverlapping(vmNetworkId, prefix, self).ifPresent(other -> {
            throw Draft.refusal(
                    CONFLICT, kind, field, prefix, "must not overlap the prefix of " + draft.describe(other));
        });
    }

    static VmNetworkGateway vmNetworkGateway(Draft draft, VmNetworkGatewaySpec spec) {
        Kind kind = Kind.VM_NETWORK_GATEWAY;
        VmNetwork network = VmNetworkPlans.virtualized(draft, spec.vmNetworkId(), kind);
        Gateway gateway = draft.named(Gateway.class, spec.gatewayId(), kind, "gatewayId");
        PhysicalPlans.checkTakesNetworks(gateway);
        GatewaySubnet place = spec.vmSubnetId()
                .map(id -> GatewaySubnet.shared(draft, network, spec, id))
                .orElseGet(() -> GatewaySubnet.own(draft, spec, hasIpv6(draft, network.id())));
        VmNetworkGateway made = new VmNetworkGateway(
                draft.meta(spec),
                network.id(),
                gateway.id(),
                place.prefix(),
                place.vsid(),
                place.address(),
                spec.mac().orElseGet(() -> draft.allocation().mac(kind, "mac")),
                place.router(),
                place.routerMac(),
                place.prefix6(),
                place.address6(),
                place.router6(),
                spec.quota().orElse(NatQuota.UNLIMITED),
                spec.dscpMode().orElse(DscpMode.UNIFORM),
                spec.dscp().orElse(0),
                spec.pcp().orElse(false),
                spec.nat64Prefix(),
                spec.nptv6Prefixes(),
                spec.routes(),
                spec.vmSubnetId(),
                spec.wildcardRecords().orElse(VmNetworkGateway.WildcardRecords.GATEWAY),
                spec.limits().orElse(Bandwidth.UNLIMITED),
                NetworkLimits.NONE);
        checkRoom(draft, network, gateway);
        checkPlace(draft, network, gateway);
        for (IpPrefix prefix : made.routingSubnets()) {
            String field = prefix.address().bits() == 32 ? "routingSubnet" : "routingSubnet6";
            CustomerPrefixes.check(prefix, kind, field);
            checkDisjoint(draft, network.id(), made.id(), prefix, kind, field);
        }
        RoutingPlans.check(draft, made);
        return draft.put(made);
    }

    /** The gateway reaches the hosts of the VM network, and serves them. */
    static void checkPlace(Draft draft, VmNetwork network, Gateway gateway) {
        checkReach(
                draft,
                network,
                network.paFamily() == AddressFamily.IPV6
                        ? gateway.paPool6Id().orElse(gateway.paPoolId())
                        : gateway.paPoolId(),
                gateway.id(),
                Kind.VM_NETWORK_GATEWAY,
                "gatewayId");
        NetworkHosts.checkGateway(draft, network, gateway);
    }

    private static boolean hasIpv6(Draft draft, UUID vmNetworkId) {
        return subnets(draft, vmNetworkId).anyMatch(VmSubnet::hasIpv6);
    }

    /** The VM subnets of a network. Whoever relies on there being no more passes the guard of its prefixes. */
    static Stream<VmSubnet> subnets(Draft draft, UUID vmNetworkId) {
        return draft.users(VmSubnet.class, vmNetworkId);
    }

    private static void checkRoom(Draft draft, VmNetwork network, Gateway gateway) {
        draft.guard(GATEWAY_NETWORKS, gateway.id());
        long served = draft.users(VmNetworkGateway.class, gateway.id()).count();
        if (served >= gateway.maxVmNetworks()) {
            throw Draft.refusal(
                    QUOTA,
                    Kind.VM_NETWORK_GATEWAY,
                    "gatewayId",
                    network.name(),
                    "serves at most maxVmNetworks = " + gateway.maxVmNetworks() + " VM networks");
        }
    }

    /** Hosts and gateways of a VM network must have their PAs in its logical network. */
    static void checkReach(Draft draft, VmNetwork network, UUID paPoolId, UUID nodeId, Kind kind, String field) {
        IpPool pool = draft.get(IpPool.class, paPoolId);
        if (!network.paFamily().admits(pool.prefix().address())) {
            throw Draft.refusal(
                    INVALID, kind, field, nodeId, "must have a provider address of the paFamily " + network.paFamily());
        }
        LogicalNetwork reached = PhysicalPlans.logicalNetwork(draft, pool);
        if (!reached.id().equals(network.logicalNetworkId())) {
            String wanted =
                    draft.get(LogicalNetwork.class, network.logicalNetworkId()).name();
            throw Draft.refusal(
                    INVALID, kind, field, nodeId, "must have its provider address in logical-network '" + wanted + "'");
        }
    }
}
