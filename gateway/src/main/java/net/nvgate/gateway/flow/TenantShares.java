package net.nvgate.gateway.flow;

/**
 * How many entries of a bounded table each tenant has. It may have at most three times as many as are free (dynamic thresholds, Choudhury
 * and Hahne, 1998): one alone gets three quarters, and whoever comes later finds room. Tenants beyond the limit share one count. Used by
 * one thread.
 */
public final class TenantShares {

    private static final int SHARE = 3;
    private static final int TENANTS_MAX = 1 << 14;

    private final int[] held = new int[TENANTS_MAX + 1];

    /** Whether a tenant may take one of the free entries. */
    public boolean mayTake(int domain, int free) {
        return held[index(domain)] < (long) SHARE * free;
    }

    /** A tenant has taken entries, or with a negative number given them back. */
    public void add(int domain, int change) {
        held[index(domain)] += change;
    }

    private static int index(int domain) {
        return Math.min(domain, TENANTS_MAX);
    }
}
