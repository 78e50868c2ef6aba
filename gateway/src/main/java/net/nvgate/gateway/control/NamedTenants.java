package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import net.nvgate.fabric.sync.PolicyRejectedException;

/** The tenants and subnets of policy, which are there as long as an object of policy names them. */
final class NamedTenants {

    final SortedMap<UUID, Tenant> tenants = new TreeMap<>();

    /** Each VSID's one subnet. */
    final Map<Integer, Subnet> subnets = new HashMap<>();

    /** The tenant of an RDID, made if nothing has named it yet. */
    Tenant tenant(UUID rdid) {
        return tenants.computeIfAbsent(rdid, Tenant::new);
    }

    /** The tenant's subnet for a VSID that no other tenant has. */
    Subnet claim(String key, UUID rdid, int vsid) throws PolicyRejectedException {
        Subnet there = subnets.get(vsid);
        if (there != null && !there.tenant.rdid.equals(rdid)) {
            throw new PolicyRejectedException(
                    key, "VSID " + vsid + " belongs to RDID " + there.tenant.rdid + ", not to " + rdid);
        }
        Tenant tenant = tenant(rdid);
        return tenant.subnets.computeIfAbsent(vsid, _ -> new Subnet(tenant, vsid));
    }

    Subnet existing(UUID rdid, int vsid) {
        Subnet subnet = tenant(rdid).subnets.get(vsid);
        if (subnet == null) {
            throw new IllegalStateException("VSID " + vsid + " of RDID " + rdid + " is not indexed");
        }
        return subnet;
    }

    void refer(UUID rdid, int change, Dirty dirty) {
        refer(tenant(rdid), change, dirty);
    }

    /** A subnet without references stays with its tenant until {@link #dropUnreferenced}, to keep its counters index. */
    void refer(Subnet subnet, int change, Dirty dirty) {
        subnet.references += change;
        refer(subnet.tenant, change, dirty);
        if (subnet.references == 0) {
            subnets.remove(subnet.vsid, subnet);
            dirty.vsids.add(subnet.vsid);
        } else if (subnet.references == 1) {
            // The first, or the last but one.
            subnets.put(subnet.vsid, subnet);
            dirty.vsids.add(subnet.vsid);
        }
    }

    @SuppressWarnings("ReferenceEquality") // A token is its identity.
    static void refer(Tenant tenant, int change, Dirty dirty) {
        tenant.references += change;
        if (tenant.touchedBy != dirty.token) {
            tenant.touchedBy = dirty.token;
            dirty.tenants.add(tenant);
        }
    }

    /** Forgets tenants and subnets that nothing names any more, and returns them for their indexes to be freed. */
    Dropped dropUnreferenced(Iterable<Tenant> candidates) {
        List<Tenant> goneTenants = new ArrayList<>();
        List<Subnet> goneSubnets = new ArrayList<>();
        for (Tenant tenant : candidates) {
            tenant.subnets.values().removeIf(subnet -> subnet.references == 0 && goneSubnets.add(subnet));
            if (tenant.references == 0 && tenants.remove(tenant.rdid, tenant)) {
                goneTenants.add(tenant);
            }
        }
        return new Dropped(goneTenants, goneSubnets);
    }

    record Dropped(List<Tenant> tenants, List<Subnet> subnets) {}
}
