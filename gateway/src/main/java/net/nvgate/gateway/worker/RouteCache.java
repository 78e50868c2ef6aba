package net.nvgate.gateway.worker;

import net.nvgate.gateway.acl.AclTable;
import net.nvgate.gateway.dpdk.Mem;

/**
 * What {@link TenantRoutes} have said of addresses of late, for packets that no session has: where packets to a tenant's address go, and where those from
 * it may come from. A tenant's records and its two tables of routes are looked up once per address, not up to six times per packet.
 *
 * <p>{@link TenantRouter} and {@link FrontEndInput} fill it, and only with what is the same for all flows: neither one of several next hops nor what a peer
 * has. An entry is void when the epoch of the tenant has moved on, which each change of policy does, and never there for a tenant with port ACLs.
 * An address that is not there, or no longer, costs its packet the complete path, which enters it again.
 *
 * <pre>
 *  set of an address, a cache line:  two entries, the one entered last first
 *  entry:  0 domain | address (i64)   8 epoch (i32)   12 adjacency toward it + 1, 0 = unknown (i32)
 *         16 outer source that it comes from, 0 = unknown (i32)   20 front-end interface that it comes by, 0 = unknown (i32)   24 unused
 * </pre>
 */
final class RouteCache {

    private static final int SET_SHIFT = 6;
    private static final int ENTRY = 32;
    /** So few of the addresses in use share a set with two others that it does not matter. */
    private static final int SETS_PER_ADJACENCY = 4;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long memory;
    private final int shift;
    private final long seed;
    private final Adjacencies adjacencies;
    private final AclTable acls;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    RouteCache(long memory, int adjacenciesMax, long seed, Adjacencies adjacencies, AclTable acls) {
        this.memory = memory;
        this.shift = Long.SIZE - bits(adjacenciesMax);
        this.seed = seed;
        this.adjacencies = adjacencies;
        this.acls = acls;
    }

    static long bytes(int adjacenciesMax) {
        return 1L << (SET_SHIFT + bits(adjacenciesMax));
    }

    private static int bits(int adjacenciesMax) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(SETS_PER_ADJACENCY * adjacenciesMax - 1);
    }

    /** What entries are compared by; read before the tables that are to be remembered. */
    int epoch(int domain) {
        return adjacencies.epoch(domain) + version();
    }

    /** The part of {@link #epoch} that is of port ACLs. */
    int version() {
        return acls.version();
    }

    /** Address of the set that an address of a tenant is in, to be touched ahead of use. */
    long set(int domain, int address) {
        return memory + ((((key(domain, address) ^ seed) * GOLDEN) >>> shift) << SET_SHIFT);
    }

    /**
     * The entry of an address.
     *
     * @param set of it
     * @param epoch of its tenant, as of now
     * @return for the static readers here; 0 = nothing is known
     */
    static long find(long set, int domain, int address, int epoch) {
        long entry = withKey(set, key(domain, address));
        return entry != 0 && Mem.i32(entry + 8) == epoch ? entry : 0;
    }

    private static long withKey(long set, long key) {
        return Mem.i64(set) == key ? set : Mem.i64(set + ENTRY) == key ? set + ENTRY : 0;
    }

    /** Number of the adjacency toward an address, -1 when it is not known. */
    static int adjacency(long entry) {
        return Mem.i32(entry + 12) - 1;
    }

    /** Whether it is known that packets from an address may come from an outer source. */
    static boolean comesFrom(long entry, int outerSource) {
        return outerSource != 0 && Mem.i32(entry + 16) == outerSource;
    }

    /** Whether it is known that packets from an address may come in by a front-end interface. */
    static boolean comesBy(long entry, int link) {
        return Mem.i32(entry + 20) == link;
    }

    /** All packets to an address go by an adjacency, whatever their flow and where they come from. */
    void leadsTo(int domain, int address, int adjacency, int epoch) {
        Mem.i32(entered(domain, address, epoch) + 12, adjacency + 1);
    }

    /** {@link TenantRoutes#isSourceTrue} of an address. */
    void comesFrom(int domain, int address, int outerSource, int epoch) {
        Mem.i32(entered(domain, address, epoch) + 16, outerSource);
    }

    /** {@link TenantRoutes#passesReversePath} of an address. */
    void comesBy(int domain, int address, int link, int epoch) {
        Mem.i32(entered(domain, address, epoch) + 20, link);
    }

    private long entered(int domain, int address, int epoch) {
        long set = set(domain, address);
        long key = key(domain, address);
        long entry = withKey(set, key);
        if (entry == 0) {
            Mem.copy(set, set + ENTRY, ENTRY);
            entry = set;
        } else if (Mem.i32(entry + 8) == epoch) {
            return entry;
        }
        Mem.i64(entry, key);
        Mem.i32(entry + 8, epoch);
        Mem.i32(entry + 12, 0);
        Mem.i64(entry + 16, 0);
        return entry;
    }

    private static long key(int domain, int address) {
        return (long) domain << Integer.SIZE | Integer.toUnsignedLong(address);
    }
}
