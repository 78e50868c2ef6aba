package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Slab;

/**
 * Endpoint-independent mappings (RFC 4787 REQ-1, RFC 5382 REQ-1): (domain, CA, port, protocol) has one external port at one
 * external address, for as long as one session uses it. Used by one worker.
 *
 * <pre>
 *  mapping, 32 bytes:  0 key0: CA | external address (i64)   16 sessions (i32)   20 external port (u16)
 *                      8 key1: port | 0 | domain | protocol (i64)               24 NAT generation (i32)
 * </pre>
 */
public final class Mappings {

    private static final int SHIFT = 5;

    private final FlowIndex index;
    private final Slab slab;

    /** Zeroed memory of {@link #bytes}. */
    public Mappings(long memory, int mappingsMax, long seed) {
        this.slab = new Slab(memory, SHIFT, mappingsMax);
        this.index = new FlowIndex(memory + lineBytes(mappingsMax), mappingsMax, memory, SHIFT, seed);
    }

    public static long bytes(int mappingsMax) {
        return lineBytes(mappingsMax) + FlowIndex.bytes(mappingsMax);
    }

    /** External port of an inside endpoint, -1 when it has none. */
    public int port(int domain, int ca, int port, int protocol, int external) {
        long mapping = find(domain, ca, port, protocol, external);
        return mapping == 0 ? -1 : Mem.u16(mapping + 20);
    }

    /** Makes a mapping that no session uses yet; false when there is no room. */
    public boolean create(int domain, int ca, int port, int protocol, int external, int externalPort, int generation) {
        int item = slab.allocate();
        if (item < 0) {
            return false;
        }
        long key0 = FlowKey.addresses(ca, external);
        long key1 = FlowKey.rest(FlowKey.ports(port, 0), domain, protocol);
        if (!index.insert(index.hash(key0, key1), item)) {
            slab.free(item);
            return false;
        }
        long mapping = slab.address(item);
        Mem.i64(mapping, key0);
        Mem.i64(mapping + 8, key1);
        Mem.u16(mapping + 20, externalPort);
        Mem.i32(mapping + 24, generation);
        return true;
    }

    /** One more session uses the mapping. */
    public void acquire(int domain, int ca, int port, int protocol, int external) {
        long mapping = find(domain, ca, port, protocol, external);
        Mem.i32(mapping + 16, Mem.i32(mapping + 16) + 1);
    }

    /**
     * One session fewer uses the mapping, which ends with the last one. A session of another generation never did.
     *
     * @return the external port that is free now, -1 when the mapping stays
     */
    public int release(int domain, int ca, int port, int protocol, int external, int generation) {
        long mapping = find(domain, ca, port, protocol, external);
        if (mapping == 0 || Mem.i32(mapping + 24) != generation) {
            return -1;
        }
        int sessions = Mem.i32(mapping + 16) - 1;
        if (sessions > 0) {
            Mem.i32(mapping + 16, sessions);
            return -1;
        }
        return remove(mapping);
    }

    /**
     * Ends the mapping of an inside endpoint if it is of another generation.
     *
     * @return the external port that is free now, -1 when there was none
     */
    public int removeOlder(int domain, int ca, int port, int protocol, int external, int generation) {
        long mapping = find(domain, ca, port, protocol, external);
        return mapping == 0 || Mem.i32(mapping + 24) == generation ? -1 : remove(mapping);
    }

    private int remove(long mapping) {
        int externalPort = Mem.u16(mapping + 20);
        int item = (int) ((mapping - slab.address(0)) >>> SHIFT);
        index.remove(index.hash(Mem.i64(mapping), Mem.i64(mapping + 8)), item);
        slab.free(item);
        return externalPort;
    }

    public int used() {
        return slab.used();
    }

    private long find(int domain, int ca, int port, int protocol, int external) {
        long key0 = FlowKey.addresses(ca, external);
        long key1 = FlowKey.rest(FlowKey.ports(port, 0), domain, protocol);
        return index.find(index.hash(key0, key1), key0, key1);
    }

    private static long lineBytes(int mappingsMax) {
        return Math.ceilDiv((long) mappingsMax << SHIFT, 64L) * 64;
    }
}
