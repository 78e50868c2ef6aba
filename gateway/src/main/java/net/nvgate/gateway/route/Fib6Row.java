package net.nvgate.gateway.route;

import net.nvgate.fabric.model.Ipv6Address;

/** A row of an IPv6 FIB as the control thread handles it. Fields as in {@link FibEntry} and {@link Fib6Entry}. */
public record Fib6Row(
        int rdid,
        Ipv6Address prefix,
        int prefixLength,
        int kind,
        Ipv6Address nextHop,
        int vsid,
        int vlan,
        Ipv6Address source,
        int metric) {}
