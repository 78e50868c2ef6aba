package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.QUOTA;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.store.UniqueKey;

/**
 * VM networks that go from one gateway to another. What they have stays theirs: VSID, addresses, MACs, external addresses and ports;
 * so the new gateway must have, and be on, all that the old one had and was on. Used for one operation.
 */
final class GatewayMoves {

    private final Draft draft;

    /** VM networks of each gateway that was asked about, with those that have moved. */
    private final Map<UUID, Long> served = new HashMap<>();

    GatewayMoves(Draft draft) {
        this.draft = draft;
    }

    /** What a patch moves, besides the VM network gateway itself, which is as the patch leaves it. */
    static void patch(Draft draft, VmNetworkGateway before, VmNetworkGateway after) {
        Kind kind = Kind.VM_NETWORK_GATEWAY;
        Gateway to = draft.named(Gateway.class, after.gatewayId(), kind, "gatewayId");
        Map<UUID, VmNetworkGateway> group = together(draft, before);
        group.put(after.id(), after);
        new GatewayMoves(draft).move(group.values(), to);
    }

    /**
     * What must be on one gateway with a VM network: those that it is peered with, and those with which it shares an external
     * address, and so on.
     */
    static Map<UUID, VmNetworkGateway> together(Draft draft, VmNetworkGateway first) {
        Map<UUID, VmNetworkGateway> group = new LinkedHashMap<>();
        Deque<VmNetworkGateway> open = new ArrayDeque<>();
        open.add(first);
        while (!open.isEmpty()) {
            VmNetworkGateway next = open.remove();
            if (group.putIfAbsent(next.id(), next) == null) {
                Stream.concat(peers(draft, next), sharers(draft, next)).forEach(open::add);
            }
        }
        return group;
    }

    private static Stream<VmNetworkGateway> peers(Draft draft, VmNetworkGateway attachment) {
        return draft.users(VmNetworkPeering.class, attachment.vmNetworkId())
                .flatMap(peering -> Stream.of(peering.vmNetworkId(), peering.peerVmNetworkId()))
                .flatMap(network -> draft.index().gatewayOf(network).stream());
    }

    private static Stream<VmNetworkGateway> sharers(Draft draft, VmNetworkGateway attachment) {
        return draft.users(NatConnection.class, attachment.id())
                .flatMap(connection -> draft.index().external().owners(connection.externalAddress()).stream())
                .flatMap(owner -> draft.find(NatConnection.class, owner).stream())
                .map(connection -> draft.get(VmNetworkGateway.class, connection.vmNetworkGatewayId()));
    }

    /**
     * All of them or none.
     *
     * @throws FabricException if the gateway cannot take one of them; then the draft is as before
     */
    void move(Collection<VmNetworkGateway> group, Gateway to) {
        PhysicalPlans.checkTakesNetworks(to);
        draft.guard(TenantPlans.GATEWAY_NETWORKS, to.id());
        long present = served(to);
        if (present + group.size() > to.maxVmNetworks()) {
            throw Draft.refusal(
                    QUOTA,
                    Kind.VM_NETWORK_GATEWAY,
                    "gatewayId",
                    to.name(),
                    "serves at most maxVmNetworks = " + to.maxVmNetworks() + " VM networks, and has " + present);
        }
        Map<UUID, FabricObject> put = new HashMap<>();
        try {
            group.stream()
                    .map(attachment -> attachment.movedTo(to.id()))
                    .forEach(moved -> put.put(moved.id(), draft.put(moved)));
            for (VmNetworkGateway attachment : group) {
                check(draft.get(VmNetworkGateway.class, attachment.id()), to, put);
            }
        } catch (RuntimeException e) {
            draft.takeBack(put.keySet());
            throw e;
        }
        served.put(to.id(), present + group.size());
    }

    long served(Gateway gateway) {
        return served.computeIfAbsent(
                gateway.id(), id -> draft.users(VmNetworkGateway.class, id).count());
    }

    private void check(VmNetworkGateway moved, Gateway to, Map<UUID, FabricObject> put) {
        TenantPlans.checkPlace(draft, draft.get(VmNetwork.class, moved.vmNetworkId()), to);
        RoutingPlans.check(draft, moved);
        draft.users(NatConnection.class, moved.id())
                .forEach(connection -> needed(to, connection, () -> {
                    PhysicalPlans.checkTranslates(draft, moved, Kind.NAT_CONNECTION, "vmNetworkGatewayId");
                    NatPlans.pool(draft, moved, Optional.of(connection.externalPoolId()), Kind.NAT_CONNECTION);
                    NatPlans.check(draft, connection);
                }));
        draft.users(NatOneToOne.class, moved.id())
                .forEach(one -> needed(to, one, () -> {
                    PhysicalPlans.checkTranslates(draft, moved, Kind.NAT_ONE_TO_ONE, "vmNetworkGatewayId");
                    NatPlans.pool(draft, moved, Optional.of(one.externalPoolId()), Kind.NAT_ONE_TO_ONE);
                }));
        draft.users(NatExemption.class, moved.id())
                .forEach(exemption -> needed(to, exemption, () -> NatPlans.check(draft, exemption)));
        draft.users(TenantInterface.class, moved.id())
                .forEach(tenant -> needed(to, tenant, () -> {
                    RoutingPlans.check(draft, tenant);
                    checkVlanFree(tenant);
                    // Its VLAN is now one of the other gateway's: the store has to know.
                    put.put(tenant.id(), draft.put(tenant));
                }));
    }

    private void checkVlanFree(TenantInterface tenant) {
        UniqueKey vlan = UniqueKeys.tenantVlan(tenant, draft);
        draft.index().owner(vlan).filter(owner -> !owner.equals(tenant.id())).ifPresent(owner -> {
            throw UniqueKeys.conflict(tenant, vlan, draft.describe(owner));
        });
    }

    private void needed(Gateway to, FabricObject object, Runnable check) {
        try {
            check.run();
        } catch (FabricException e) {
            throw Draft.refusal(
                    CONFLICT,
                    Kind.VM_NETWORK_GATEWAY,
                    "gatewayId",
                    to.name(),
                    "must be the id of a gateway for " + draft.describe(object.id()) + ", too (" + e.getMessage()
                            + ")");
        }
    }
}
