package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.EXHAUSTED;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;
import static net.nvgate.fabric.manager.FabricException.Code.IN_USE;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.nvgate.fabric.manager.FabricSpec.IpPoolSpec;
import net.nvgate.fabric.manager.PhysicalSpec.AddressGrantSpec;
import net.nvgate.fabric.model.AddressGrant;
import net.nvgate.fabric.model.AllocatedTo;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.VmSubnet;

/** Rules of IP pools, and of addresses that are granted to what is outside the fabric. */
final class PoolPlans {

    private PoolPlans() {}

    static IpPool ipPool(Draft draft, IpPoolSpec spec) {
        IpPool pool = new IpPool(
                draft.meta(spec),
                spec.networkSiteId(),
                spec.vmSubnetId(),
                spec.prefix(),
                spec.rangeStart().orElse(PhysicalPlans.firstUsable(spec.prefix())),
                spec.rangeEnd().orElse(PhysicalPlans.lastUsable(spec.prefix())),
                spec.reserved(),
                spec.defaultGateways(),
                spec.dnsServers(),
                spec.vips(),
                spec.gatewayMetrics(),
                spec.dnsSuffix().orElse(""),
                spec.dnsSearchSuffixes(),
                spec.winsServers(),
                spec.netbiosOverTcpip().orElse(false),
                spec.routes(),
                spec.multicast().orElse(false));
        if (pool.prefix().address().isMulticast() && !pool.multicast()) {
            throw Draft.refusal(INVALID, Kind.IP_POOL, "prefix", pool.prefix(), "must not be multicast");
        }
        checkParent(draft, pool);
        checkRange(draft, pool);
        checkDisjoint(draft, pool);
        return draft.put(pool);
    }

    private static void checkParent(Draft draft, IpPool pool) {
        pool.networkSiteId().ifPresent(id -> {
            NetworkSite site = draft.named(NetworkSite.class, id, Kind.IP_POOL, "networkSiteId");
            if (!pool.multicast() && site.subnet(pool.prefix()).isEmpty()) {
                throw Draft.refusal(
                        INVALID,
                        Kind.IP_POOL,
                        "prefix",
                        pool.prefix(),
                        "must be a subnet of network-site '" + site.name() + "'");
            }
        });
        pool.vmSubnetId().ifPresent(id -> {
            VmSubnet subnet = draft.named(VmSubnet.class, id, Kind.IP_POOL, "vmSubnetId");
            if (!subnet.prefixes().contains(pool.prefix())) {
                String prefixes =
                        subnet.prefixes().stream().map(IpPrefix::toString).collect(Collectors.joining(" or "));
                throw Draft.refusal(INVALID, Kind.IP_POOL, "prefix", pool.prefix(), "must be " + prefixes);
            }
        });
    }

    /** Policy knows the records of the distributed router by its PA. */
    private static void checkRange(Draft draft, IpPool pool) {
        boolean provides = pool.networkSiteId().isPresent()
                && PhysicalPlans.logicalNetwork(draft, pool).networkVirtualization();
        if (provides && pool.inRange(IpPool.DISTRIBUTED_ROUTER_PA)) {
            throw Draft.refusal(
                    INVALID,
                    Kind.IP_POOL,
                    "rangeStart",
                    pool.rangeStart() + "-" + pool.rangeEnd(),
                    "must not hold " + IpPool.DISTRIBUTED_ROUTER_PA
                            + ", the provider address of the distributed router");
        }
    }

    private static void checkDisjoint(Draft draft, IpPool pool) {
        draft.guard("pool-ranges", pool.networkSiteId().or(pool::vmSubnetId).orElseThrow());
        draft.index().poolOverlapping(pool).ifPresent(other -> {
            throw Draft.refusal(
                    CONFLICT,
                    Kind.IP_POOL,
                    "rangeStart",
                    pool.rangeStart() + "-" + pool.rangeEnd(),
                    "must not overlap " + draft.describe(other));
        });
    }

    /** A pool that changes keeps the addresses that somebody has. */
    static void check(Draft draft, IpPool pool) {
        IpPool before = draft.index().get(IpPool.class, pool.id());
        if (!pool.rangeStart().equals(before.rangeStart()) || !pool.rangeEnd().equals(before.rangeEnd())) {
            checkRange(draft, pool);
        }
        checkDisjoint(draft, pool);
        draft.index()
                .poolUsers(before)
                .flatMap(user -> PoolUse.of(user, draft).stream()
                        .filter(use -> use.poolId().equals(pool.id()))
                        .filter(use -> before.inRange(use.address()) && !pool.inRange(use.address()))
                        .map(use -> use.address() + " of " + draft.describe(user.id())))
                .findFirst()
                .ifPresent(cut -> {
                    throw Draft.refusal(
                            IN_USE,
                            Kind.IP_POOL,
                            "rangeStart",
                            pool.rangeStart() + "-" + pool.rangeEnd(),
                            "must not cut off " + cut);
                });
    }

    static AddressGrant addressGrant(Draft draft, AddressGrantSpec spec) {
        IpPool pool = draft.named(IpPool.class, spec.ipPoolId(), Kind.ADDRESS_GRANT, "ipPoolId");
        AllocatedTo to = spec.allocatedTo().orElse(AllocatedTo.NOBODY);
        boolean vip = to.type() == AllocatedTo.Type.VIP;
        IpAddress address = vip
                ? vip(draft, pool, spec.address())
                : spec.address()
                        .map(wanted -> PhysicalPlans.inPool(pool, wanted, Kind.ADDRESS_GRANT, "address"))
                        .orElseGet(() -> draft.allocation()
                                .address(
                                        pool,
                                        free -> UniqueKeys.pooled(pool, free, draft),
                                        free -> isUnshared(draft, pool, free),
                                        Kind.ADDRESS_GRANT,
                                        "address"));
        AddressGrant grant = new AddressGrant(
                draft.meta(spec), pool.id(), address, to, spec.state().orElse(AllocatedTo.State.ALLOCATED));
        if (UniqueKeys.isExternal(grant, draft)) {
            checkUnshared(draft, address);
        }
        return draft.put(grant);
    }

    private static boolean isUnshared(Draft draft, IpPool pool, IpAddress address) {
        return !UniqueKeys.pooled(pool, address, draft).equals(UniqueKeys.externalAddress(address))
                || draft.index().external().owners(address).isEmpty();
    }

    /** NAT connections share external addresses by ports; a granted one is not for sharing. */
    private static void checkUnshared(Draft draft, IpAddress address) {
        draft.guard("external", address);
        draft.index().external().owners(address).stream().findFirst().ifPresent(owner -> {
            throw Draft.refusal(
                    CONFLICT, Kind.ADDRESS_GRANT, "address", address, "is already used by " + draft.describe(owner));
        });
    }

    /** One of the pool's VIPs: the one asked for, or the first that nobody has. */
    private static IpAddress vip(Draft draft, IpPool pool, Optional<IpAddress> wanted) {
        wanted.filter(address -> !pool.vips().contains(address)).ifPresent(address -> {
            throw Draft.refusal(
                    INVALID,
                    Kind.ADDRESS_GRANT,
                    "address",
                    address,
                    "must be one of the vips of ip-pool '" + pool.name() + "'");
        });
        List<IpAddress> choice = wanted.map(List::of).orElse(pool.vips());
        return choice.stream()
                .filter(vip -> wanted.isPresent()
                        || draft.index()
                                .owner(UniqueKeys.pooled(pool, vip, draft))
                                .isEmpty())
                .findFirst()
                .orElseThrow(() -> new FabricException(
                        EXHAUSTED,
                        Kind.ADDRESS_GRANT.label(),
                        "address",
                        "ip-pool '" + pool.name() + "' has no free VIP"));
    }
}
