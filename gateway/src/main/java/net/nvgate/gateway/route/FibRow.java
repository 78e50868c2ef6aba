package net.nvgate.gateway.route;

/** A row of a FIB as the control thread handles it. Fields as in {@link FibEntry}. */
public record FibRow(
        int rdid, int prefix, int prefixLength, int kind, int nextHop, int vsid, int vlan, int source, int metric) {}
