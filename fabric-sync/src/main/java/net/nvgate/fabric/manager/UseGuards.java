package net.nvgate.fabric.manager;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.MacGrant;
import net.nvgate.fabric.model.NatConnection;
import net.nvgate.fabric.model.NatExemption;
import net.nvgate.fabric.model.NatOneToOne;
import net.nvgate.fabric.model.TenantInterface;
import net.nvgate.fabric.model.Vm;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.model.VmNetworkPeering;
import net.nvgate.fabric.model.VmSubnet;
import net.nvgate.fabric.store.ObjectChange;

/**
 * Guards of what many use and few change. Who takes an address of a pool, or puts a VM on a host, shares the guard with all
 * others who do, so that they are not in each other's way; who changes the pool or the host passes the guard itself, so that
 * nobody comes to it on the terms of before. A MAC from a MAC pool is the fabric's only one: who takes it passes its guard.
 */
final class UseGuards {

    static final String POOL = "pool";
    static final String HOST = "host";
    private static final String MAC = "mac";

    /** Of what a VM network has on its gateway, which it takes along when it moves to another. */
    private static final String PLACE = "gateway-place";

    private UseGuards() {}

    static void pass(Draft draft) {
        for (ObjectChange change : draft.unchecked()) {
            change.after().ifPresent(after -> {
                use(draft, change.before(), after);
                change.before().ifPresent(before -> alter(draft, before, after));
            });
        }
    }

    private static void use(Draft draft, Optional<FabricObject> before, FabricObject after) {
        Set<PoolUse> had = new HashSet<>();
        before.ifPresent(object -> had.addAll(PoolUse.of(object, draft.index())));
        PoolUse.of(after, draft).stream()
                .filter(use -> !had.contains(use))
                .forEach(use -> draft.share(POOL, use.poolId()));
        Optional<UUID> hostBefore = before.flatMap(UseGuards::host);
        host(after).filter(id -> !hostBefore.equals(Optional.of(id))).ifPresent(id -> draft.share(HOST, id));
        attachments(after, draft).forEach(id -> draft.share(PLACE, id));
        Set<MacAddress> macs = new HashSet<>();
        macs(after).forEach(macs::add);
        before.ifPresent(object -> macs(object).forEach(macs::remove));
        if (!macs.isEmpty()) {
            List<MacRange> ranges = MacRange.all(draft.index());
            macs.stream()
                    .filter(mac -> ranges.stream().anyMatch(range -> range.contains(mac)))
                    .forEach(mac -> draft.guard(MAC, mac));
        }
    }

    /** Whose VMs are looked at when the host changes. */
    private static Optional<UUID> host(FabricObject object) {
        return object instanceof Vm vm ? Optional.of(vm.hostId()) : Optional.empty();
    }

    /** VM network gateways whose gateway was looked at. */
    private static Stream<UUID> attachments(FabricObject object, Draft draft) {
        return switch (object) {
            case NatConnection connection -> Stream.of(connection.vmNetworkGatewayId());
            case NatOneToOne one -> Stream.of(one.vmNetworkGatewayId());
            case NatExemption exemption -> Stream.of(exemption.vmNetworkGatewayId());
            case TenantInterface tenant -> Stream.of(tenant.vmNetworkGatewayId());
            case VmNetworkPeering peering ->
                Stream.of(peering.vmNetworkId(), peering.peerVmNetworkId())
                        .flatMap(id -> draft.index().gatewayOf(id).stream())
                        .map(VmNetworkGateway::id);
            default -> Stream.of();
        };
    }

    private static Stream<MacAddress> macs(FabricObject object) {
        return switch (object) {
            case Vm vm -> vm.nics().stream().map(Vm.Nic::mac);
            case VmSubnet subnet -> Stream.of(subnet.defaultGatewayMac());
            case VmNetworkGateway gateway -> Stream.of(gateway.mac(), gateway.routerMac());
            case MacGrant grant -> Stream.of(grant.mac());
            default -> Stream.of();
        };
    }

    private static void alter(Draft draft, FabricObject before, FabricObject after) {
        if (before instanceof IpPool was && after instanceof IpPool pool && !sameAddresses(was, pool)) {
            draft.guard(POOL, pool.id());
        }
        if (before instanceof Host was && after instanceof Host host && !sameTerms(was, host)) {
            draft.guard(HOST, host.id());
        }
        if (before instanceof Gateway was && after instanceof Gateway gateway && was.draining() != gateway.draining()) {
            draft.guard(TenantPlans.GATEWAY_NETWORKS, gateway.id());
        }
        if (before instanceof VmNetworkGateway was
                && after instanceof VmNetworkGateway gateway
                && !was.gatewayId().equals(gateway.gatewayId())) {
            draft.guard(PLACE, gateway.id());
        }
    }

    private static boolean sameAddresses(IpPool one, IpPool other) {
        return one.rangeStart().equals(other.rangeStart())
                && one.rangeEnd().equals(other.rangeEnd())
                && one.reserved().equals(other.reserved())
                && one.vips().equals(other.vips());
    }

    private static boolean sameTerms(Host one, Host other) {
        return one.maintenance() == other.maintenance()
                && one.hostGroupId().equals(other.hostGroupId())
                && one.switches().equals(other.switches());
    }
}
