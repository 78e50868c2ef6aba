package net.nvgate.gateway.route;

import java.util.List;

/**
 * A row of a FIB as the control thread handles it. Fields as in {@link FibEntry}.
 *
 * @param link {@link TenantLinks#link} of a route out of a tenant interface, else 0
 * @param hops every next hop, the first one included, when there are several; empty when there is one or none
 */
public record FibRow(
        int rdid,
        int prefix,
        int prefixLength,
        int kind,
        int nextHop,
        int vsid,
        int vlan,
        int source,
        int metric,
        int link,
        List<Integer> hops) {

    public FibRow {
        hops = List.copyOf(hops);
        if (hops.size() == 1 || hops.size() > FibEntry.HOPS_MAX) {
            throw new IllegalArgumentException(hops.size() + " next hops");
        }
    }

    /** A route that is out of no tenant interface and has one next hop or none. */
    public FibRow(
            int rdid, int prefix, int prefixLength, int kind, int nextHop, int vsid, int vlan, int source, int metric) {
        this(rdid, prefix, prefixLength, kind, nextHop, vsid, vlan, source, metric, 0, List.of());
    }

    /** The row with other next hops of the same metric beside its own. */
    public FibRow withHops(List<Integer> all) {
        return new FibRow(
                rdid,
                prefix,
                prefixLength,
                kind,
                nextHop,
                vsid,
                vlan,
                source,
                metric,
                link,
                all.size() > 1 ? all : List.of());
    }
}
