package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.Slab;

/**
 * What each inside address has in use: there as long as it has sessions or ports. While it has ports it keeps its connection, so that
 * all its mappings have one external address (RFC 4787 REQ-2: paired). Used by one worker.
 *
 * <pre>
 *  host, 64 bytes:  0 domain | CA (i64)   8 = 1 (i64)   16 sessions (i32)   20 ports (i32)   24 token bucket (i64)
 *                  32 connection's index (i32)   36 its generation (i32)   40 first of its port blocks + 1 (i32)
 * </pre>
 */
public final class HostUsage {

    static final int BUCKET = 24;
    private static final int SHIFT = 6;

    private final FlowIndex index;
    private final Slab slab;
    /** The one found last: a first packet asks for its host four times. A free one has no key. */
    private long last;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    public HostUsage(long memory, int hostsMax, long seed) {
        this.slab = new Slab(memory, SHIFT, hostsMax);
        this.index = new FlowIndex(memory + ((long) hostsMax << SHIFT), hostsMax, memory, SHIFT, seed);
    }

    public static long bytes(int hostsMax) {
        return ((long) hostsMax << SHIFT) + FlowIndex.bytes(hostsMax);
    }

    /** The host of an inside address, 0 when it has nothing in use. */
    long find(int domain, int ca) {
        long key = key(domain, ca);
        if (last != 0 && FlowIndex.hasKey(last, key, 1)) {
            return last;
        }
        long host = index.find(index.hash(key, 1), key, 1);
        last = host == 0 ? last : host;
        return host;
    }

    /** The next host asked for is probably this one, 0 = nobody knows. */
    void expect(long host) {
        last = host == 0 ? last : host;
    }

    /** Address of the bucket in which a host is looked for, to be touched ahead of use. */
    long bucket(int domain, int ca) {
        return index.bucket(index.hash(key(domain, ca), 1));
    }

    /** The line that most probably is a host's, to be touched ahead of use; 0 when it is not there or elsewhere. */
    long candidate(int domain, int ca) {
        return index.candidate(index.hash(key(domain, ca), 1));
    }

    /** A host that has nothing in use yet; 0 when there is no room. */
    long create(int domain, int ca) {
        int item = slab.allocate();
        if (item < 0) {
            return 0;
        }
        long key = key(domain, ca);
        if (!index.insert(index.hash(key, 1), item)) {
            slab.free(item);
            return 0;
        }
        long host = slab.address(item);
        Mem.i64(host, key);
        Mem.i64(host + 8, 1);
        return host;
    }

    void remove(long host) {
        int item = (int) ((host - slab.address(0)) >>> SHIFT);
        index.remove(index.hash(Mem.i64(host), 1), item);
        slab.free(item);
    }

    static int domain(long host) {
        return (int) (Mem.i64(host) >>> 32);
    }

    /** Inside address. */
    static int ca(long host) {
        return (int) Mem.i64(host);
    }

    static int sessions(long host) {
        return Mem.i32(host + 16);
    }

    static void sessions(long host, int change) {
        Mem.i32(host + 16, Mem.i32(host + 16) + change);
    }

    static int ports(long host) {
        return Mem.i32(host + 20);
    }

    static void ports(long host, int change) {
        Mem.i32(host + 20, Mem.i32(host + 20) + change);
    }

    static int connectionIndex(long host) {
        return Mem.i32(host + 32);
    }

    static int generation(long host) {
        return Mem.i32(host + 36);
    }

    static void connection(long host, int connectionIndex, int generation) {
        Mem.i32(host + 32, connectionIndex);
        Mem.i32(host + 36, generation);
    }

    /** Number of the first of its port blocks, -1 = none. */
    static int firstBlock(long host) {
        return Mem.i32(host + 40) - 1;
    }

    static void firstBlock(long host, int block) {
        Mem.i32(host + 40, block + 1);
    }

    /** Hosts with anything in use. */
    public int used() {
        return slab.used();
    }

    int capacity() {
        return slab.capacity();
    }

    private static long key(int domain, int ca) {
        return (long) domain << 32 | Integer.toUnsignedLong(ca);
    }
}
