package net.nvgate.gateway.route;

import net.nvgate.fabric.model.Ipv6Address;

/** A row of {@link Lookup6Table} as the control thread handles it. Fields as in {@link LookupEntry}. */
public record Lookup6Row(
        int rdid, Ipv6Address ca, int vsid, long mac, int pa, int type, int flags, int countersIndex) {}
