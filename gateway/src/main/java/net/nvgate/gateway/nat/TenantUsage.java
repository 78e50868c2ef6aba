package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;

/**
 * What each tenant has in use, by the dense index of its RDID, and how often it was refused. The worker writes, any thread reads.
 *
 * <pre>
 *  tenant, 128 bytes:  0 sessions (i32)   4 ports (i32)   8 hosts (i32)   12 explicit mappings (i32)   16 token bucket (i64)
 *                     32 refusals, 8 bytes per NatRefusal
 * </pre>
 *
 * Tenants beyond the limit share the last one.
 */
@SuppressWarnings("EnumOrdinal") // The layout is the enum's order; labels leave the process.
public final class TenantUsage {

    static final int BUCKET = 16;
    private static final int REFUSALS = 32;
    private static final int SHIFT = 7;

    private final long memory;
    private final int tenantsMax;

    /** Zeroed memory of {@link #bytes}. */
    public TenantUsage(long memory, int tenantsMax) {
        this.memory = memory;
        this.tenantsMax = tenantsMax;
    }

    public static long bytes(int tenantsMax) {
        return (tenantsMax + 1L) << SHIFT;
    }

    /** Index of the tenant of a session's domain. */
    public static int tenant(int domain) {
        return domain;
    }

    long at(int domain) {
        return memory + ((long) Math.min(tenant(domain), tenantsMax) << SHIFT);
    }

    public int sessions(int tenant) {
        return Mem.i32(at(tenant));
    }

    /** External ports and ICMP identifiers. */
    public int ports(int tenant) {
        return Mem.i32(at(tenant) + 4);
    }

    /** Inside addresses with sessions or mappings. */
    public int hosts(int tenant) {
        return Mem.i32(at(tenant) + 8);
    }

    /** Mappings that somebody asked for (RFC 6887). */
    public int explicitMappings(int tenant) {
        return Mem.i32(at(tenant) + 12);
    }

    public long refusals(int tenant, NatRefusal refusal) {
        return Mem.i64(at(tenant) + REFUSALS + 8L * refusal.ordinal());
    }

    void sessions(int domain, int change) {
        add(at(domain), change);
    }

    void ports(int domain, int change) {
        add(at(domain) + 4, change);
    }

    void hosts(int domain, int change) {
        add(at(domain) + 8, change);
    }

    void explicitMappings(int domain, int change) {
        add(at(domain) + 12, change);
    }

    void refused(int domain, NatRefusal refusal) {
        long at = at(domain) + REFUSALS + 8L * refusal.ordinal();
        Mem.i64(at, Mem.i64(at) + 1);
    }

    private static void add(long at, int change) {
        Mem.i32(at, Mem.i32(at) + change);
    }
}
