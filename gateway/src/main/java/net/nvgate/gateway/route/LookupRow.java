package net.nvgate.gateway.route;

/** A row of {@link LookupTable} as the control thread handles it. Fields as in {@link LookupEntry}. */
public record LookupRow(int rdid, int ca, int vsid, long mac, int pa, int type, int flags, int countersIndex) {}
