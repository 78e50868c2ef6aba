package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.CONFLICT;
import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.manager.FabricSpec.GatewaySpec;
import net.nvgate.fabric.manager.FabricSpec.HostSpec;
import net.nvgate.fabric.manager.FabricSpec.IpPoolSpec;
import net.nvgate.fabric.manager.FabricSpec.LogicalNetworkSpec;
import net.nvgate.fabric.manager.FabricSpec.NetworkSiteSpec;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.VmSubnet;

/** Rules of the objects an administrator makes: networks, sites, pools, hosts, gateways. */
final class PhysicalPlans {

    private PhysicalPlans() {}

    static LogicalNetwork logicalNetwork(Draft draft, LogicalNetworkSpec spec) {
        return draft.put(new LogicalNetwork(
                draft.newId(),
                spec.name(),
                spec.description(),
                spec.networkVirtualization().orElse(false),
                0,
                0));
    }

    static NetworkSite networkSite(Draft draft, NetworkSiteSpec spec) {
        Kind kind = Kind.NETWORK_SITE;
        LogicalNetwork network = draft.named(LogicalNetwork.class, spec.logicalNetworkId(), kind, "logicalNetworkId");
        List<NetworkSite.Subnet> subnets = spec.subnets().stream()
                .map(subnet ->
                        new NetworkSite.Subnet(subnet.prefix(), subnet.vlanId().orElse(0)))
                .toList();
        if (network.networkVirtualization() && subnets.isEmpty()) {
            throw Draft.refusal(
                    INVALID, kind, "subnets", "[]", "must have one entry at least in a network with virtualization");
        }
        draft.guard("site-prefixes", "all");
        for (NetworkSite.Subnet subnet : subnets) {
            draft.index().siteOverlapping(subnet.prefix()).ifPresent(other -> {
                throw Draft.refusal(
                        CONFLICT,
                        kind,
                        "subnets.prefix",
                        subnet.prefix(),
                        "must not overlap a subnet of " + draft.describe(other));
            });
        }
        int mtu = spec.mtu().orElse(NetworkSite.MTU_DEFAULT);
        return draft.put(
                new NetworkSite(draft.newId(), spec.name(), spec.description(), network.id(), subnets, mtu, 0, 0));
    }

    static IpPool ipPool(Draft draft, IpPoolSpec spec) {
        IpPool pool = new IpPool(
                draft.newId(),
                spec.name(),
                spec.description(),
                spec.networkSiteId(),
                spec.vmSubnetId(),
                spec.prefix(),
                spec.rangeStart().orElse(firstUsable(spec.prefix())),
                spec.rangeEnd().orElse(lastUsable(spec.prefix())),
                spec.reserved(),
                spec.defaultGateways(),
                spec.dnsServers(),
                0,
                0);
        checkParent(draft, pool);
        UUID parent = pool.networkSiteId().or(pool::vmSubnetId).orElseThrow();
        draft.guard("pool-ranges", parent);
        draft.index().poolOverlapping(pool).ifPresent(other -> {
            throw Draft.refusal(
                    CONFLICT,
                    Kind.IP_POOL,
                    "rangeStart",
                    pool.rangeStart() + "-" + pool.rangeEnd(),
                    "must not overlap " + draft.describe(other));
        });
        return draft.put(pool);
    }

    private static void checkParent(Draft draft, IpPool pool) {
        pool.networkSiteId().ifPresent(id -> {
            NetworkSite site = draft.named(NetworkSite.class, id, Kind.IP_POOL, "networkSiteId");
            if (site.subnet(pool.prefix()).isEmpty()) {
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
            if (!subnet.prefix().equals(pool.prefix())) {
                throw Draft.refusal(INVALID, Kind.IP_POOL, "prefix", pool.prefix(), "must be " + subnet.prefix());
            }
        });
    }

    static Host host(Draft draft, HostSpec spec) {
        IpPool pool = sitePool(draft, spec.paPoolId(), true, Kind.HOST, "paPoolId");
        IpAddress address = providerAddress(draft, pool, spec.providerAddress(), Kind.HOST);
        return draft.put(
                new Host(draft.newId(), spec.name(), spec.description(), spec.hostType(), pool.id(), address, 0, 0));
    }

    static Gateway gateway(Draft draft, GatewaySpec spec) {
        IpPool pool = sitePool(draft, spec.paPoolId(), true, Kind.GATEWAY, "paPoolId");
        IpPool external = sitePool(draft, spec.externalPoolId(), false, Kind.GATEWAY, "externalPoolId");
        return draft.put(new Gateway(
                draft.newId(),
                spec.name(),
                spec.description(),
                pool.id(),
                providerAddress(draft, pool, spec.providerAddress(), Kind.GATEWAY),
                external.id(),
                externalAddress(draft, external, spec.externalAddress(), Kind.GATEWAY),
                spec.maxVmNetworks().orElse(Gateway.MAX_VM_NETWORKS_DEFAULT),
                0,
                0));
    }

    private static IpAddress providerAddress(Draft draft, IpPool pool, Optional<IpAddress> wanted, Kind kind) {
        return wanted.map(address -> inPool(pool, address, kind, "providerAddress"))
                .orElseGet(
                        () -> draft.allocation().address(pool, UniqueKeys::providerAddress, kind, "providerAddress"));
    }

    static IpAddress externalAddress(Draft draft, IpPool pool, Optional<IpAddress> wanted, Kind kind) {
        return wanted.map(address -> inPool(pool, address, kind, "externalAddress"))
                .orElseGet(
                        () -> draft.allocation().address(pool, UniqueKeys::externalAddress, kind, "externalAddress"));
    }

    /** An address a caller chose: also a reserved one, but none of a router. */
    private static IpAddress inPool(IpPool pool, IpAddress address, Kind kind, String field) {
        if (address.compareTo(pool.rangeStart()) < 0 || address.compareTo(pool.rangeEnd()) > 0) {
            throw Draft.refusal(
                    INVALID,
                    kind,
                    field,
                    address,
                    "must be in " + pool.rangeStart() + "-" + pool.rangeEnd() + " of ip-pool '" + pool.name() + "'");
        }
        if (pool.defaultGateways().contains(address)) {
            throw Draft.refusal(
                    INVALID, kind, field, address, "must not be a default gateway of ip-pool '" + pool.name() + "'");
        }
        return address;
    }

    /** A pool of a site whose logical network has, or has not, network virtualization. */
    static IpPool sitePool(Draft draft, UUID id, boolean virtualization, Kind kind, String field) {
        IpPool pool = draft.named(IpPool.class, id, kind, field);
        boolean fits = pool.networkSiteId().isPresent()
                && logicalNetwork(draft, pool).networkVirtualization() == virtualization
                && pool.prefix().address().bits() == 32;
        if (!fits) {
            String which = virtualization ? "with" : "without";
            throw Draft.refusal(
                    INVALID,
                    kind,
                    field,
                    id,
                    "must be the id of an IPv4 ip-pool of a logical-network " + which + " networkVirtualization");
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
