package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import net.nvgate.fabric.manager.FabricSpec.GatewaySpec;
import net.nvgate.fabric.manager.FabricSpec.HostSpec;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.HostGroup;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.VmNetworkGateway;
import net.nvgate.fabric.store.UniqueKey;

/** Rules of hosts and gateways, and of the pools of their addresses. */
final class PhysicalPlans {

    private static final int ANY_FAMILY = 0;

    private PhysicalPlans() {}

    static Host host(Draft draft, HostSpec spec) {
        IpPool pool = paPool(draft, spec.paPoolId(), Kind.HOST);
        if (spec.hostType() == Host.HostType.LINUX_OVS
                && pool.prefix().address().bits() != 32) {
            throw Draft.refusal(
                    INVALID,
                    Kind.HOST,
                    "paPoolId",
                    pool.id(),
                    "must be the id of an IPv4 ip-pool for a LINUX_OVS host");
        }
        IpAddress address = providerAddress(draft, pool, spec.providerAddress(), Kind.HOST);
        Host host = new Host(
                draft.meta(spec),
                spec.hostType(),
                pool.id(),
                address,
                spec.hostGroupId(),
                spec.maintenance().orElse(false),
                spec.switches());
        HostGroups.check(draft, host);
        return draft.put(host);
    }

    static void checkTakesVms(Host host) {
        if (host.maintenance()) {
            throw Draft.refusal(
                    CONFLICT, Kind.VM, "hostId", host.name(), "must be the id of a host that is not in maintenance");
        }
    }

    static Gateway gateway(Draft draft, GatewaySpec spec) {
        IpPool pool = paPool(draft, spec.paPoolId(), Kind.GATEWAY);
        IpPool external = sitePool(draft, spec.externalPoolId(), false, 32, Kind.GATEWAY, "externalPoolId");
        boolean direct = spec.directRouting().orElse(false);
        Optional<IpPool> pool6 = second(draft, spec.paPool6Id(), pool, true, "paPool6Id");
        Optional<IpPool> external6 = second(draft, spec.externalPool6Id(), external, false, "externalPool6Id");
        Gateway gateway = new Gateway(
                draft.meta(spec),
                pool.id(),
                providerAddress(draft, pool, spec.providerAddress(), Kind.GATEWAY),
                external.id(),
                externalAddress(draft, external, spec.externalAddress(), Kind.GATEWAY),
                pool6.map(IpPool::id),
                pool6.map(second -> address(
                        draft, second, spec.providerAddress6(), UniqueKeys::providerAddress, "providerAddress6")),
                external6.map(IpPool::id),
                external6.map(second -> address(
                        draft, second, spec.externalAddress6(), UniqueKeys::externalAddress, "externalAddress6")),
                spec.maxVmNetworks().orElse(direct ? 1 : Gateway.MAX_VM_NETWORKS_DEFAULT),
                spec.hostGroupIds(),
                direct,
                spec.manufacturer().orElse(Gateway.MANUFACTURER_DEFAULT),
                spec.model().orElse(""),
                spec.draining().orElse(false));
        for (UUID group : gateway.hostGroupIds()) {
            draft.named(HostGroup.class, group, Kind.GATEWAY, "hostGroupIds");
        }
        return draft.put(gateway);
    }

    static void checkTakesNetworks(Gateway gateway) {
        if (gateway.draining()) {
            throw Draft.refusal(
                    CONFLICT,
                    Kind.VM_NETWORK_GATEWAY,
                    "gatewayId",
                    gateway.name(),
                    "must be the id of a gateway that is not draining");
        }
    }

    /** A forwarding gateway leaves the addresses of its VM network as they are. */
    static void checkTranslates(Draft draft, VmNetworkGateway attachment, Kind kind, String field) {
        Gateway gateway = draft.get(Gateway.class, attachment.gatewayId());
        if (gateway.directRouting()) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    field,
                    attachment.name(),
                    "must not be on gateway '" + gateway.name() + "', which has directRouting and translates nothing");
        }
    }

    /** A pool of IPv6 addresses on the same segment as the first. */
    private static Optional<IpPool> second(
            Draft draft, Optional<UUID> id, IpPool first, boolean virtualization, String field) {
        Optional<IpPool> pool = id.map(wanted -> sitePool(draft, wanted, virtualization, 128, Kind.GATEWAY, field));
        pool.filter(second -> first.prefix().address().bits() == 128
                        || !logicalNetwork(draft, second).equals(logicalNetwork(draft, first))
                        || vlanId(draft, second) != vlanId(draft, first))
                .ifPresent(second -> {
                    throw Draft.refusal(
                            INVALID,
                            Kind.GATEWAY,
                            field,
                            second.id(),
                            "must be the id of an IPv6 ip-pool on the logical-network and VLAN of the IPv4 ip-pool '"
                                    + first.name() + "'");
                });
        return pool;
    }

    private static IpAddress address(
            Draft draft, IpPool pool, Optional<IpAddress> wanted, Function<IpAddress, UniqueKey> key, String field) {
        return wanted.map(address -> inPool(pool, address, Kind.GATEWAY, field))
                .orElseGet(() -> draft.allocation().address(pool, key, Kind.GATEWAY, field));
    }

    /** The pool of a node's first PA. IPv6 adds 20 bytes more, which must be left to the inner packet's 1280. */
    private static IpPool paPool(Draft draft, UUID id, Kind kind) {
        IpPool pool = sitePool(draft, id, true, ANY_FAMILY, kind, "paPoolId");
        NetworkSite site = draft.get(NetworkSite.class, pool.networkSiteId().orElseThrow());
        if (site.vmMtu(pool.prefix().address().bits()) < NetworkSite.VM_MTU_MIN) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    "paPoolId",
                    id,
                    "must be the id of an ip-pool of a network-site whose mtu leaves " + NetworkSite.VM_MTU_MIN
                            + " bytes to inner packets");
        }
        return pool;
    }

    static IpAddress providerAddress(Draft draft, IpPool pool, Optional<IpAddress> wanted, Kind kind) {
        return wanted.map(address -> inPool(pool, address, kind, "providerAddress"))
                .orElseGet(
                        () -> draft.allocation().address(pool, UniqueKeys::providerAddress, kind, "providerAddress"));
    }

    /** An address on the front end that nobody else has. */
    static IpAddress externalAddress(Draft draft, IpPool pool, Optional<IpAddress> wanted, Kind kind) {
        IpAddress address = externalChoice(draft, pool, wanted, kind);
        draft.guard("external", address);
        draft.index().external().owners(address).stream().findFirst().ifPresent(owner -> {
            throw Draft.refusal(
                    CONFLICT, kind, "externalAddress", address, "is already used by " + draft.describe(owner));
        });
        return address;
    }

    /** An address of the pool: the one asked for, or a free one. */
    static IpAddress externalChoice(Draft draft, IpPool pool, Optional<IpAddress> wanted, Kind kind) {
        return wanted.map(address -> inPool(pool, address, kind, "externalAddress"))
                .orElseGet(() -> draft.allocation()
                        .address(
                                pool,
                                UniqueKeys::externalAddress,
                                free -> draft.index().external().owners(free).isEmpty(),
                                kind,
                                "externalAddress"));
    }

    /** An address a caller chose: also a reserved one, but none of a router. */
    static IpAddress inPool(IpPool pool, IpAddress address, Kind kind, String field) {
        if (address.compareTo(pool.rangeStart()) < 0 || address.compareTo(pool.rangeEnd()) > 0) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    field,
                    address,
                    "must be in " + pool.rangeStart() + "-" + pool.rangeEnd() + " of ip-pool '" + pool.name() + "'");
        }
        if (pool.defaultGateways().contains(address) || pool.vips().contains(address)) {
            String what = pool.vips().contains(address) ? "VIP" : "default gateway";
            throw Draft.refusal(
                    INVALID, kind, field, address, "must not be a " + what + " of ip-pool '" + pool.name() + "'");
        }
        return address;
    }

    /**
     * A pool of a site whose logical network has, or has not, network virtualization.
     *
     * @param bits of its addresses: 32, 128 or {@link #ANY_FAMILY}
     */
    static IpPool sitePool(Draft draft, UUID id, boolean virtualization, int bits, Kind kind, String field) {
        IpPool pool = draft.named(IpPool.class, id, kind, field);
        boolean fits = pool.networkSiteId().isPresent()
                && !pool.multicast()
                && logicalNetwork(draft, pool).networkVirtualization() == virtualization
                && (bits == ANY_FAMILY || pool.prefix().address().bits() == bits);
        if (!fits) {
            String which = virtualization ? "with" : "without";
            String family = bits == ANY_FAMILY ? "ip-pool" : bits == 32 ? "IPv4 ip-pool" : "IPv6 ip-pool";
            throw Draft.refusal(
                    INVALID,
                    kind,
                    field,
                    id,
                    "must be the id of an " + family + " of a logical-network " + which + " networkVirtualization");
        }
        return pool;
    }

    static LogicalNetwork logicalNetwork(Draft draft, IpPool sitePool) {
        NetworkSite site = draft.get(NetworkSite.class, sitePool.networkSiteId().orElseThrow());
        return draft.get(LogicalNetwork.class, site.logicalNetworkId());
    }

    /** VLAN of the site's subnet that the pool is in. */
    static int vlanId(Draft draft, IpPool sitePool) {
        NetworkSite site = draft.get(NetworkSite.class, sitePool.networkSiteId().orElseThrow());
        return site.subnet(sitePool.prefix()).orElseThrow().vlanId();
    }

    static IpAddress firstUsable(IpPrefix prefix) {
        return prefix.length() >= prefix.address().bits() - 1
                ? prefix.address()
                : prefix.address().plus(1);
    }

    static IpAddress lastUsable(IpPrefix prefix) {
        boolean broadcast = prefix.address().bits() == 32 && prefix.length() < 31;
        return broadcast ? prefix.last().plus(-1) : prefix.last();
    }
}
