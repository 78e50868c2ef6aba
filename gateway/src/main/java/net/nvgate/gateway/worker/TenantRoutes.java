package net.nvgate.gateway.worker;

import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;

/** Questions about a tenant's routes that more than one step asks. Slow path: what it says is kept in sessions. */
final class TenantRoutes {

    private final RouteTables tables;
    private final Adjacencies adjacencies;

    TenantRoutes(RouteTables tables, Adjacencies adjacencies) {
        this.tables = tables;
        this.adjacencies = adjacencies;
    }

    /** Whether packets of a tenant to an address go out to the physical side that tenants share, where they need NAT. */
    boolean leadsOut(int domain, int destination) {
        long route = tables.tenantFib.find(domain, destination);
        return route != 0 && FibEntry.kind(route) == FibEntry.GATEWAY && tables.records.find(domain, destination) == 0;
    }

    /**
     * Next hop toward a CA of a tenant, whether a VM has it or it lies behind one.
     *
     * @param entropy hash of the flow, by which one of several equal routes is chosen
     * @return number of an adjacency, -1 when there is no room
     */
    int toward(int domain, int ca, int entropy) {
        return adjacencies.toTenant(domain, ca);
    }

    /** Outer source that packets of a CA must come with; 0 when there is no such CA. */
    int outerSource(int domain, int ca) {
        long record = tables.records.find(domain, ca);
        return record == 0 ? 0 : LookupEntry.pa(record);
    }

    /** Whether packets of a CA may come with an outer source. */
    boolean isSourceTrue(int domain, int ca, int outerSource) {
        return outerSource != 0 && outerSource(domain, ca) == outerSource;
    }
}
