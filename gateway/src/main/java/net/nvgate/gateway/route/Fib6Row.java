package net.nvgate.gateway.route;

import java.util.List;
import net.nvgate.fabric.model.Ipv6Address;

/**
 * A row of an IPv6 FIB as the control thread handles it. Fields as in {@link FibEntry} and {@link Fib6Entry}.
 *
 * @param peer index of the tenant that a route of kind {@link FibEntry#PEER} leads to, else 0
 * @param link {@link TenantLinks#link} of a route out of a tenant interface, else 0
 * @param hops every next hop, the first one included, when there are several; empty when there is one or none
 */
public record Fib6Row(
        int rdid,
        Ipv6Address prefix,
        int prefixLength,
        int kind,
        Ipv6Address nextHop,
        int vsid,
        int vlan,
        Ipv6Address source,
        int metric,
        int peer,
        int link,
        List<Ipv6Address> hops) {

    public Fib6Row {
        hops = List.copyOf(hops);
        if (hops.size() == 1 || hops.size() > FibEntry.HOPS_MAX) {
            throw new IllegalArgumentException(hops.size() + " next hops");
        }
    }

    /** A route to no peer and out of no tenant interface, with one next hop or none. */
    public Fib6Row(
            int rdid,
            Ipv6Address prefix,
            int prefixLength,
            int kind,
            Ipv6Address nextHop,
            int vsid,
            int vlan,
            Ipv6Address source,
            int metric) {
        this(rdid, prefix, prefixLength, kind, nextHop, vsid, vlan, source, metric, 0, 0, List.of());
    }

    /** The row with other next hops of the same metric beside its own. */
    public Fib6Row withHops(List<Ipv6Address> all) {
        return new Fib6Row(
                rdid,
                prefix,
                prefixLength,
                kind,
                nextHop,
                vsid,
                vlan,
                source,
                metric,
                peer,
                link,
                all.size() > 1 ? all : List.of());
    }

    /** The row out of a tenant interface. */
    public Fib6Row outOf(int out) {
        return new Fib6Row(rdid, prefix, prefixLength, kind, nextHop, vsid, vlan, source, metric, peer, out, hops);
    }
}
