package net.nvgate.fabric.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.alloc.AddressSpace;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpPool;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Vsid;

/**
 * How full something is that values are allocated from: an IP pool of a site, a MAC pool, or the VSIDs of the fabric. Pools
 * of VM subnets are the tenants' and many, so they are not among them.
 *
 * @param pool absent for the VSIDs, and for the default MAC pool while it is no object
 * @param allocated to somebody, granted ones that are inactive among them
 * @param reserved and nobody has them
 */
record PoolLevel(String kind, String name, Optional<ObjectUser> pool, long free, long reserved, long allocated) {

    static List<PoolLevel> all(FabricIndex index) {
        List<PoolLevel> levels = new ArrayList<>();
        for (FabricObject object : index.all(Kind.IP_POOL)) {
            IpPool pool = (IpPool) object;
            if (pool.networkSiteId().isPresent()) {
                AddressSpace space = index.space(pool.id());
                levels.add(new PoolLevel(
                        Kind.IP_POOL.label(),
                        pool.name(),
                        Optional.of(ObjectUser.of(pool)),
                        space.free(),
                        space.reserved(),
                        space.used()));
            }
        }
        MacRange.all(index).forEach(range -> levels.add(macs(index, range)));
        long vsids = index.vsids().used();
        levels.add(new PoolLevel("vsid", "vsids", Optional.empty(), Vsid.MAX - Vsid.MIN + 1 - vsids, 0, vsids));
        return levels;
    }

    private static PoolLevel macs(FabricIndex index, MacRange range) {
        long used = index.macs().used(range.first(), range.last());
        long size = range.last().value() - range.first().value() + 1;
        return new PoolLevel(Kind.MAC_POOL.label(), range.name(), range.pool(), size - used, 0, used);
    }

    /** Less than a tenth is free. */
    boolean isLow() {
        return free < (free + allocated) / 10 || free == 0;
    }
}
