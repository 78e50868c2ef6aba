package net.nvgate.gateway.worker;

import net.nvgate.gateway.route.Fib6Entry;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;

/** Questions about a tenant's IPv6 routes that more than one step asks. */
final class Tenant6Routes {

    private final RouteTables tables;

    Tenant6Routes(RouteTables tables) {
        this.tables = tables;
    }

    /** The record of the VM that has an address or, by the tenant's routes, leads to it; 0 = there is none. */
    long recordToward(int domain, long high, long low) {
        long record = tables.records6.find(domain, high, low);
        if (record == 0) {
            long route = tables.tenantFib6.find(domain, high, low);
            if (route != 0 && FibEntry.kind(route) == FibEntry.VIA_CA) {
                record = tables.records6.find(domain, Fib6Entry.nextHopHigh(route), Fib6Entry.nextHopLow(route));
            }
        }
        return record != 0 && LookupEntry.isVm(record) ? record : 0;
    }

    /** Whether packets of an address may come from a PA: that of its VM, or of the VM that routes for it. */
    boolean isSourceTrue(int domain, long high, long low, int outerSource) {
        long record = recordToward(domain, high, low);
        return record != 0 && LookupEntry.pa(record) == outerSource && outerSource != 0;
    }
}
