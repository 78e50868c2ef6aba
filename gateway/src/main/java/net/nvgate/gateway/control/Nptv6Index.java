package net.nvgate.gateway.control;

import java.util.HashMap;
import java.util.Map;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.policy.PolicyObject.Nptv6Prefix;
import net.nvgate.fabric.sync.PolicyRejectedException;

/** Prefix pairs of NPTv6. Packets from outside find their tenant by the outside prefix, so that one pair has it. */
final class Nptv6Index {

    /** A pair and whose it is. */
    record Pair(Tenant tenant, IpPrefix inside, IpPrefix outside) {}

    private final Map<IpPrefix, Pair> byOutside = new HashMap<>();

    /** @throws PolicyRejectedException if another pair has the outside prefix */
    void add(Nptv6Prefix object, Tenant tenant, Dirty dirty) throws PolicyRejectedException {
        Pair pair = new Pair(tenant, object.insidePrefix(), object.outsidePrefix());
        Pair there = byOutside.putIfAbsent(object.outsidePrefix(), pair);
        if (there != null) {
            throw new PolicyRejectedException(
                    object.key(),
                    "outside prefix " + object.outsidePrefix() + " is already that of " + there.inside + " of RDID "
                            + there.tenant.rdid);
        }
        dirty.nptv6.add(pair);
    }

    void remove(Nptv6Prefix object, Tenant tenant, Dirty dirty) {
        Pair pair = new Pair(tenant, object.insidePrefix(), object.outsidePrefix());
        byOutside.remove(object.outsidePrefix(), pair);
        dirty.nptv6.add(pair);
    }

    boolean has(Pair pair) {
        return pair.equals(byOutside.get(pair.outside));
    }
}
