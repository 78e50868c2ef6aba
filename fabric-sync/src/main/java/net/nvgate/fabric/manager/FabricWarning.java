package net.nvgate.fabric.manager;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.alloc.AddressSpace;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Gateway;
import net.nvgate.fabric.model.Host;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.model.LogicalNetwork.ProviderAddressing;
import net.nvgate.fabric.model.NetworkSite;
import net.nvgate.fabric.model.UplinkPortProfile;
import net.nvgate.fabric.model.VmNetwork;
import net.nvgate.fabric.model.VmSubnet;

/**
 * Something that will be refused before long, or is advised against, and is better mended now.
 *
 * @param code for programs
 * @param object what to mend, if it is an object
 */
public record FabricWarning(Code code, Optional<ObjectUser> object, String message) {

    public enum Code {
        /** Nothing is free. */
        POOL_EXHAUSTED,
        /** Less than a tenth is free. */
        POOL_LOW,
        /** A PA pool is too small for all VSIDs on all its hosts (PER_HOST_AND_VSID). */
        POOL_TOO_SMALL,
        /** An uplink port profile has several sites of one logical network: which one a host is at, nobody can tell. */
        SEVERAL_SITES,
        /** A gateway or host has not applied a change for too long. */
        NODE_LATE
    }

    /** Cost: the pools of sites, and the VM subnets of networks with a PA per host and VSID. */
    static List<FabricWarning> all(FabricIndex index) {
        List<FabricWarning> warnings = new ArrayList<>();
        PoolLevel.all(index).stream()
                .filter(PoolLevel::isLow)
                .map(FabricWarning::low)
                .forEach(warnings::add);
        for (FabricObject object : index.all(Kind.LOGICAL_NETWORK)) {
            if (((LogicalNetwork) object).providerAddressing() == ProviderAddressing.PER_HOST_AND_VSID) {
                addTooSmall(warnings, index, object);
            }
        }
        for (FabricObject object : index.all(Kind.UPLINK_PORT_PROFILE)) {
            severalSites(index, (UplinkPortProfile) object).ifPresent(warnings::add);
        }
        return List.copyOf(warnings);
    }

    private static Optional<FabricWarning> severalSites(FabricIndex index, UplinkPortProfile profile) {
        Set<UUID> seen = new HashSet<>();
        return profile.networkSiteIds().stream()
                .map(id -> index.get(NetworkSite.class, id).logicalNetworkId())
                .filter(network -> !seen.add(network))
                .findFirst()
                .map(network -> new FabricWarning(
                        Code.SEVERAL_SITES,
                        Optional.of(ObjectUser.of(profile)),
                        "uplink-port-profile '" + profile.name() + "' has several sites of logical-network '"
                                + index.get(LogicalNetwork.class, network).name() + "'; one is advised"));
    }

    private static FabricWarning low(PoolLevel level) {
        String what = level.kind().equals("vsid") ? "the fabric" : level.kind() + " '" + level.name() + "'";
        return level.free() == 0
                ? new FabricWarning(
                        Code.POOL_EXHAUSTED,
                        level.pool(),
                        what + " has nothing free: " + level.allocated() + " allocated")
                : new FabricWarning(
                        Code.POOL_LOW,
                        level.pool(),
                        what + " has " + level.free() + " free, " + level.allocated() + " allocated");
    }

    private static void addTooSmall(List<FabricWarning> warnings, FabricIndex index, FabricObject network) {
        long vsids = index.users(VmNetwork.class, network.id())
                .flatMap(tenant -> index.users(VmSubnet.class, tenant.id()))
                .count();
        index.users(NetworkSite.class, network.id())
                .flatMap(site -> index.users(IpPool.class, site.id()))
                .forEach(pool -> tooSmall(index, pool, vsids).ifPresent(warnings::add));
    }

    /** Every host keeps an address of its own besides those of its VSIDs. */
    private static Optional<FabricWarning> tooSmall(FabricIndex index, IpPool pool, long vsids) {
        long hosts = index.users(Host.class, pool.id()).count();
        long gateways = index.users(Gateway.class, pool.id()).count();
        AddressSpace space = index.space(pool.id());
        long wanted = hosts * (1 + vsids) + gateways;
        long size = space.free() == Long.MAX_VALUE ? Long.MAX_VALUE : space.free() + space.used();
        return wanted <= size
                ? Optional.empty()
                : Optional.of(new FabricWarning(
                        Code.POOL_TOO_SMALL,
                        Optional.of(ObjectUser.of(pool)),
                        "ip-pool '" + pool.name() + "' has " + size + " addresses; " + hosts + " hosts with " + vsids
                                + " VSIDs each need up to " + wanted));
    }
}
