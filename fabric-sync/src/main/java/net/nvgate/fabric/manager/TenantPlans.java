package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;
import static net.nvgate.fabric.manager.FabricException.Code.QUOTA;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.alloc.Uuids;
import net.nvgate.fabric.manager.FabricSpec.VmNetworkGatewaySpec;
import net.nvgate.fabric.manager.FabricSpec.VmNetworkSpec;
import net.nvgate.fabric.manager.FabricSpec.VmSubnetSpec;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.Rules;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.model.Vsid;

/** Rules of a tenant's network: the VM network, its subnets and its gateway. */
final class TenantPlans {

    private TenantPlans() {}

    static VmNetwork vmNetwork(Draft draft, VmNetworkSpec spec) {
        LogicalNetwork network =
                draft.named(LogicalNetwork.class, spec.logicalNetworkId(), Kind.VM_NETWORK, "logicalNetworkId");
        if (!network.networkVirtualization()) {
            throw Draft.refusal(
                    INVALID,
                    Kind.VM_NETWORK,
                    "logicalNetworkId",
                    network.id(),
                    "must be the id of a logical-network with networkVirtualization");
        }
        UUID rdid = spec.rdid().orElseGet(() -> Uuids.random(draft.allocation().random()));
        return draft.put(new VmNetwork(draft.newId(), spec.name(), spec.description(), network.id(), rdid, 0, 0));
    }

    static VmSubnet vmSubnet(Draft draft, VmSubnetSpec spec) {
        Kind kind = Kind.VM_SUBNET;
        VmNetwork network = draft.named(VmNetwork.class, spec.vmNetworkId(), kind, "vmNetworkId");
        Vsid vsid = spec.vsid().orElseGet(() -> draft.allocation().vsid(kind));
        UUID poolId = draft.newId();
        VmSubnet subnet = new VmSubnet(
                draft.newId(),
                spec.name(),
                spec.description(),
                network.id(),
                spec.prefix(),
                vsid,
                PhysicalPlans.firstUsable(spec.prefix()),
                spec.defaultGatewayMac().orElseGet(() -> draft.allocation().mac(kind, "defaultGatewayMac")),
                poolId,
                0,
                0);
        checkDisjoint(draft, network, spec.prefix(), kind, "prefix");
        draft.put(subnetPool(draft, subnet));
        return draft.put(subnet);
    }

    /** The pool of a VM subnet: all of it but the default gateway. Its name has the VSID, which is unique. */
    private static IpPool subnetPool(Draft draft, VmSubnet subnet) {
        String suffix = "-" + subnet.vsid();
        String name =
                subnet.name().substring(0, Math.min(subnet.name().length(), Rules.NAME_LENGTH_MAX - suffix.length()))
                        + suffix;
        boolean taken = draft.index().owner(UniqueKeys.name(Kind.IP_POOL, name)).isPresent();
        return new IpPool(
                subnet.ipPoolId(),
                taken ? "pool-" + subnet.ipPoolId() : name,
                "",
                Optional.empty(),
                Optional.of(subnet.id()),
                subnet.prefix(),
                subnet.defaultGateway().plus(1),
                PhysicalPlans.lastUsable(subnet.prefix()),
                List.of(),
                List.of(subnet.defaultGateway()),
                List.of(),
                0,
                0);
    }

    private static void checkDisjoint(Draft draft, VmNetwork network, IpPrefix prefix, Kind kind, String field) {
        draft.guard("domain-prefixes", network.id());
        draft.index().domainOverlapping(network.id(), prefix).ifPresent(other -> {
            throw Draft.refusal(
                    CONFLICT, kind, field, prefix, "must not overlap the prefix of " + draft.describe(other));
        });
    }

    static VmNetworkGateway vmNetworkGateway(Draft draft, VmNetworkGatewaySpec spec) {
        Kind kind = Kind.VM_NETWORK_GATEWAY;
        VmNetwork network = draft.named(VmNetwork.class, spec.vmNetworkId(), kind, "vmNetworkId");
        Gateway gateway = draft.named(Gateway.class, spec.gatewayId(), kind, "gatewayId");
        checkReach(draft, network, gateway.paPoolId(), gateway.id(), kind, "gatewayId");
        IpPrefix routing = spec.routingSubnet().orElse(VmNetworkGateway.ROUTING_SUBNET_DEFAULT);
        IpAddress router = PhysicalPlans.firstUsable(routing);
        VmNetworkGateway made = new VmNetworkGateway(
                draft.newId(),
                spec.name(),
                spec.description(),
                network.id(),
                gateway.id(),
                routing,
                spec.vsid().orElseGet(() -> draft.allocation().vsid(kind)),
                router.plus(1),
                spec.mac().orElseGet(() -> draft.allocation().mac(kind, "mac")),
                router,
                spec.routerMac().orElseGet(() -> draft.allocation().mac(kind, "routerMac")),
                0,
                0);
        checkRoom(draft, network, gateway);
        checkDisjoint(draft, network, routing, kind, "routingSubnet");
        return draft.put(made);
    }

    private static void checkRoom(Draft draft, VmNetwork network, Gateway gateway) {
        draft.guard("gateway-networks", gateway.id());
        long served = draft.index().users(gateway.id()).stream()
                .filter(id -> draft.find(id).orElseThrow() instanceof VmNetworkGateway)
                .count();
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
        LogicalNetwork reached = PhysicalPlans.logicalNetwork(draft, draft.get(IpPool.class, paPoolId));
        if (!reached.id().equals(network.logicalNetworkId())) {
            String wanted =
                    draft.get(LogicalNetwork.class, network.logicalNetworkId()).name();
            throw Draft.refusal(
                    INVALID, kind, field, nodeId, "must have its provider address in logical-network '" + wanted + "'");
        }
    }
}
