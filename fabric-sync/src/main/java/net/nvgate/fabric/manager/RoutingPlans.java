package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.List;
import java.util.UUID;
import net.nvgate.fabric.manager.TenantSpec.TenantInterfaceSpec;
import net.nvgate.fabric.manager.TenantSpec.VmNetworkPeeringSpec;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Side;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Urpf;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;

/** Rules of a tenant's ways on its gateway: interfaces, peerings, routes and IPv6 prefixes. */
final class RoutingPlans {

    private RoutingPlans() {}

    static TenantInterface tenantInterface(Draft draft, TenantInterfaceSpec spec) {
        VmNetworkGateway attachment = draft.named(
                VmNetworkGateway.class, spec.vmNetworkGatewayId(), Kind.TENANT_INTERFACE, "vmNetworkGatewayId");
        TenantInterface made = new TenantInterface(
                draft.meta(spec),
                attachment.id(),
                spec.side(),
                spec.vlanId(),
                spec.addresses(),
                spec.urpf().orElse(Urpf.STRICT),
                spec.routes());
        check(draft, made);
        return draft.put(made);
    }

    static void check(Draft draft, TenantInterface tenant) {
        NatPlans.checkTargets(draft, tenant);
        VmNetworkGateway attachment = draft.get(VmNetworkGateway.class, tenant.vmNetworkGatewayId());
        Gateway gateway = draft.get(Gateway.class, attachment.gatewayId());
        UUID poolId = tenant.side() == Side.BACK_END ? gateway.paPoolId() : gateway.externalPoolId();
        if (PhysicalPlans.vlanId(draft, draft.get(IpPool.class, poolId)) == tenant.vlanId()) {
            throw Draft.refusal(
                    INVALID,
                    Kind.TENANT_INTERFACE,
                    "vlanId",
                    tenant.vlanId(),
                    "must not be the VLAN of gateway '" + gateway.name() + "' itself on that side");
        }
        for (IpPrefix subnet : tenant.subnets()) {
            TenantPlans.checkDisjoint(
                    draft, attachment.vmNetworkId(), tenant.id(), subnet, Kind.TENANT_INTERFACE, "addresses");
        }
    }

    static VmNetworkPeering vmNetworkPeering(Draft draft, VmNetworkPeeringSpec spec) {
        Kind kind = Kind.VM_NETWORK_PEERING;
        VmNetwork network = draft.named(VmNetwork.class, spec.vmNetworkId(), kind, "vmNetworkId");
        VmNetwork peer = draft.named(VmNetwork.class, spec.peerVmNetworkId(), kind, "peerVmNetworkId");
        VmNetworkPeering made = new VmNetworkPeering(
                draft.meta(spec),
                network.id(),
                peer.id(),
                chosen(draft, spec.prefixes(), network),
                chosen(draft, spec.peerPrefixes(), peer));
        check(draft, made);
        return draft.put(made);
    }

    private static List<IpPrefix> chosen(Draft draft, List<IpPrefix> wanted, VmNetwork network) {
        return wanted.isEmpty()
                ? TenantPlans.subnets(draft, network.id())
                        .flatMap(subnet -> subnet.prefixes().stream())
                        .sorted()
                        .toList()
                : wanted;
    }

    /** What a network reaches in its peer must mean nothing else to it. */
    static void check(Draft draft, VmNetworkPeering peering) {
        Kind kind = Kind.VM_NETWORK_PEERING;
        VmNetworkGateway mine = gatewayOf(draft, peering.vmNetworkId(), "vmNetworkId");
        VmNetworkGateway other = gatewayOf(draft, peering.peerVmNetworkId(), "peerVmNetworkId");
        if (!mine.gatewayId().equals(other.gatewayId())) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    "peerVmNetworkId",
                    other.vmNetworkId(),
                    "must be the id of a vm-network on the same gateway, " + draft.describe(mine.gatewayId()));
        }
        for (IpPrefix prefix : peering.peerPrefixes()) {
            TenantPlans.checkDisjoint(draft, peering.vmNetworkId(), peering.id(), prefix, kind, "peerPrefixes");
        }
        for (IpPrefix prefix : peering.prefixes()) {
            TenantPlans.checkDisjoint(draft, peering.peerVmNetworkId(), peering.id(), prefix, kind, "prefixes");
        }
    }

    private static VmNetworkGateway gatewayOf(Draft draft, UUID vmNetworkId, String field) {
        return draft.index()
                .gatewayOf(vmNetworkId)
                .orElseThrow(() -> Draft.refusal(
                        INVALID,
                        Kind.VM_NETWORK_PEERING,
                        field,
                        vmNetworkId,
                        "must be the id of a vm-network with a vm-network-gateway"));
    }

    /** Routes and IPv6 prefixes of a VM network gateway; its subnets are checked where it is made. */
    static void check(Draft draft, VmNetworkGateway gateway) {
        Kind kind = Kind.VM_NETWORK_GATEWAY;
        if (gateway.nat64Prefix().isPresent()) {
            PhysicalPlans.checkTranslates(draft, gateway, kind, "nat64Prefix");
        }
        if (!gateway.nptv6Prefixes().isEmpty()) {
            PhysicalPlans.checkTranslates(draft, gateway, kind, "nptv6Prefixes");
        }
        gateway.nat64Prefix()
                .ifPresent(prefix -> TenantPlans.checkDisjoint(
                        draft, gateway.vmNetworkId(), gateway.id(), prefix, kind, "nat64Prefix"));
        Nat64Plans.check(draft, gateway);
        if (!gateway.nptv6Prefixes().isEmpty()) {
            draft.guard("outside-prefixes", "all");
        }
        for (VmNetworkGateway.Nptv6 pair : gateway.nptv6Prefixes()) {
            draft.index().outsideOverlapping(pair.outsidePrefix(), gateway.id()).ifPresent(other -> {
                throw Draft.refusal(
                        CONFLICT,
                        kind,
                        "nptv6Prefixes.outsidePrefix",
                        pair.outsidePrefix(),
                        "must not overlap an outside prefix of " + draft.describe(other));
            });
        }
        List<VmNetworkGateway.Route> before = draft.index()
                .find(VmNetworkGateway.class, gateway.id())
                .map(VmNetworkGateway::routes)
                .orElse(List.of());
        for (VmNetworkGateway.Route route : gateway.routes()) {
            if (!before.contains(route)) {
                draft.guard(TenantPlans.PREFIXES, gateway.vmNetworkId());
                checkRoute(draft, gateway, route);
            }
        }
    }

    /** A new VM subnet has no address to which a route leads elsewhere. */
    static void checkUnrouted(Draft draft, UUID vmNetworkId, IpPrefix subnet, String field) {
        draft.index()
                .gatewayOf(vmNetworkId)
                .ifPresent(gateway -> gateway.routes().stream()
                        .map(VmNetworkGateway.Route::destinationPrefix)
                        .filter(subnet::contains)
                        .findFirst()
                        .ifPresent(destination -> {
                            throw Draft.refusal(
                                    CONFLICT,
                                    Kind.VM_SUBNET,
                                    field,
                                    subnet,
                                    "must not hold " + destination + ", to which " + draft.describe(gateway.id())
                                            + " has a route");
                        }));
    }

    private static void checkRoute(Draft draft, VmNetworkGateway gateway, VmNetworkGateway.Route route) {
        Kind kind = Kind.VM_NETWORK_GATEWAY;
        IpPrefix destination = route.destinationPrefix();
        if (destination.length() == 0 && !route.blackhole()) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    "routes.destinationPrefix",
                    destination,
                    "must not be the way to the gateway itself");
        }
        gateway.routingSubnets().stream()
                .filter(subnet -> subnet.contains(destination))
                .findFirst()
                .ifPresent(subnet -> {
                    throw Draft.refusal(
                            INVALID,
                            kind,
                            "routes.destinationPrefix",
                            destination,
                            "must not be inside the gateway's own subnet " + subnet);
                });
        draft.index()
                .subnetHolding(gateway.vmNetworkId(), destination.address())
                .filter(subnet -> subnet.prefixes().stream().anyMatch(prefix -> prefix.contains(destination)))
                .ifPresent(subnet -> {
                    throw Draft.refusal(
                            INVALID,
                            kind,
                            "routes.destinationPrefix",
                            destination,
                            "must not be inside " + draft.describe(subnet.id()));
                });
        for (IpAddress nextHop : route.nextHops()) {
            boolean vm = draft.index()
                    .subnetHolding(gateway.vmNetworkId(), nextHop)
                    .filter(subnet ->
                            isVm(subnet, nextHop) && !gateway.addresses().contains(nextHop))
                    .isPresent();
            if (!vm) {
                throw Draft.refusal(
                        INVALID,
                        kind,
                        "routes.nextHops",
                        nextHop,
                        "must be the address of a VM in a subnet of " + draft.describe(gateway.vmNetworkId()));
            }
        }
    }

    private static boolean isVm(VmSubnet subnet, IpAddress address) {
        return !subnet.isRouter(address);
    }
}
