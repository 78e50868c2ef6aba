package net.nvgate.gateway.pcp;

/** The MAP request at hand: one object per worker, filled anew for each (RFC 6887 §11). Addresses and ports in host order. */
public final class PcpMapRequest {

    public static final int FILTERS_MAX = 4;

    public int domain;
    public int client;
    public int protocol;
    public int internalPort;
    /** The client's secret: only who knows it may renew or end the mapping. */
    public long nonceHigh;

    public int nonceLow;
    /** Seconds; requested, then granted. */
    public long lifetime;
    /** Suggested, then assigned; 0 = no wish. */
    public int externalPort;

    public int externalAddress;
    public boolean preferFailure;
    /** Remote prefixes and ports that may come in, none = any; the port 0 = any. */
    public int filters;

    public final int[] filterAddress = new int[FILTERS_MAX];
    public final int[] filterLength = new int[FILTERS_MAX];
    public final int[] filterPort = new int[FILTERS_MAX];
}
