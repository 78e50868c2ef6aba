package net.nvgate.gateway.control;

import net.nvgate.fabric.sync.PolicyRejectedException;

/** What must hold for the number of things, once a change set is in the index and before it is written. */
final class LimitRules {

    /** Workers look through all of a tenant for the first packet of a session. */
    private static final int PER_TENANT_MAX = 256;

    private static final int PREFIXES_MAX = 1024;

    private LimitRules() {}

    static void check(
            PolicyIndex index,
            TableLimits limits,
            Dirty dirty,
            long newNats,
            long newInterfaces,
            int freeRdids,
            int freeCounters,
            int freeNats)
            throws PolicyRejectedException {
        require("lookup", "lookup records", index.recordCount(), limits.records());
        require("route", "customer routes", index.routeCount(), limits.routes());
        require("nat-rule", "NAT rules", index.nat.rules.count(), limits.natRules());
        require(
                "rdid",
                "routing domains at a time (some may still be in use by workers)",
                newTenants(dirty),
                freeRdids);
        require(
                "vsid",
                "new virtual subnets and tenant interfaces at a time",
                newSubnets(index, dirty) + newInterfaces,
                freeCounters);
        require("nat", "new NAT connections at a time", newNats, freeNats);
        perTenant(dirty);
    }

    private static long newTenants(Dirty dirty) {
        return dirty.tenants.stream()
                .filter(tenant -> tenant.references > 0 && tenant.index == Tenant.NO_INDEX)
                .count();
    }

    private static long newSubnets(PolicyIndex index, Dirty dirty) {
        return dirty.vsids.stream()
                .map(index.subnets::get)
                .filter(subnet -> subnet != null && subnet.countersIndex == Subnet.NO_INDEX)
                .count();
    }

    private static void perTenant(Dirty dirty) throws PolicyRejectedException {
        for (Tenant tenant : dirty.tenants) {
            String key = "rdid/" + tenant.rdid;
            require(key, "NAT connections of a tenant", tenant.connections.size(), PER_TENANT_MAX);
            long prefixes = tenant.connections.stream()
                    .mapToLong(connection -> connection.sourcePrefixes().size())
                    .sum();
            require(key, "source prefixes of a tenant's NAT connections", prefixes, PREFIXES_MAX);
            require(key, "NAT exemptions of a tenant", tenant.exemptions.size(), PER_TENANT_MAX);
        }
    }

    private static void require(String key, String what, long count, int most) throws PolicyRejectedException {
        if (count > most) {
            throw new PolicyRejectedException(key, count + " " + what + ", this gateway has room for " + most);
        }
    }
}
