package net.nvgate.gateway.control;

import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.route.NatTable;

/** What must hold for the number of things, once a change set is in the index and before it is written. */
final class LimitRules {

    private LimitRules() {}

    static void check(
            PolicyIndex index,
            TableLimits limits,
            Dirty dirty,
            NatTable nats,
            int freeRdids,
            int freeCounters,
            int freeNats)
            throws PolicyRejectedException {
        require("lookup", "lookup records", index.recordCount(), limits.records());
        require("route", "customer routes", index.routeCount(), limits.routes());
        require("nat-rule", "NAT rules", index.nat.ruleCount(), limits.natRules());
        require(
                "rdid",
                "routing domains at a time (some may still be in use by workers)",
                newTenants(dirty),
                freeRdids);
        require("vsid", "new virtual subnets at a time", newSubnets(index, dirty), freeCounters);
        require("nat", "new NAT connections at a time", newConnections(index, nats, dirty), freeNats);
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

    /** An address that changes hands takes a second index until workers have let go of the first. */
    private static long newConnections(PolicyIndex index, NatTable nats, Dirty dirty) {
        return dirty.connections.stream()
                .filter(address -> takesIndex(index, nats, address))
                .count();
    }

    private static boolean takesIndex(PolicyIndex index, NatTable nats, int address) {
        NatConnection wanted = index.nat.byAddress.get(address);
        if (wanted == null) {
            return false;
        }
        NatTable.Connection there = nats.connectionRow(address);
        Tenant tenant = index.tenants.get(wanted.rdid());
        return there == null || tenant == null || tenant.index != there.rdid();
    }

    private static void require(String key, String what, long count, int most) throws PolicyRejectedException {
        if (count > most) {
            throw new PolicyRejectedException(key, count + " " + what + ", this gateway has room for " + most);
        }
    }
}
