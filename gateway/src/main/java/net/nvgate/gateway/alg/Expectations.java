package net.nvgate.gateway.alg;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Slab;
import net.nvgate.gateway.flow.TenantShares;

/**
 * Connections from outside that an inside host has announced: a remote address, any port of it, may open one to an external
 * endpoint. Each stands for two minutes at most and for one connection; whoever makes and takes them holds the endpoint's mapping
 * meanwhile. Used by one worker.
 *
 * <pre>
 *  expectation, 64 bytes:   0 key0: remote | external (i64)            16 CA (i32)           28 next by age + 1 (i32)
 *                           8 key1: external port | protocol (i64)     20 port (i32)         32 previous by age + 1 (i32)
 *                                                                      24 domain (i32)       36 time it ends, ms (i32)
 *                                                                                            40 generation of the connection (i32)
 * </pre>
 */
public final class Expectations {

    public static final int LIFETIME_MS = 120_000;

    private static final int SHIFT = 6;

    private final Slab slab;
    private final TenantShares shares = new TenantShares();
    private final FlowIndex index;
    private int oldest;
    private int newest;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    public Expectations(long memory, int expectationsMax, long seed) {
        this.slab = new Slab(memory, SHIFT, expectationsMax);
        this.index = new FlowIndex(memory + ((long) expectationsMax << SHIFT), expectationsMax, memory, SHIFT, seed);
    }

    public static long bytes(int expectationsMax) {
        return ((long) expectationsMax << SHIFT) + FlowIndex.bytes(expectationsMax);
    }

    /** The expectation that a packet from outside fulfils, 0 when there is none. */
    public long find(int remote, int external, int externalPort, int protocol) {
        long key0 = FlowKey.addresses(remote, external);
        long key1 = FlowKey.rest(externalPort, 0, protocol);
        return index.find(index.hash(key0, key1), key0, key1);
    }

    /** Makes one that is not there; 0 when there is no room, or none for this tenant. */
    public long create(
            int remote,
            int external,
            int externalPort,
            int protocol,
            int domain,
            int ca,
            int port,
            int generation,
            int nowMs) {
        int item = shares.mayTake(domain, slab.capacity() - slab.used()) ? slab.allocate() : -1;
        if (item < 0) {
            return 0;
        }
        long key0 = FlowKey.addresses(remote, external);
        long key1 = FlowKey.rest(externalPort, 0, protocol);
        if (!index.insert(index.hash(key0, key1), item)) {
            slab.free(item);
            return 0;
        }
        long expectation = slab.address(item);
        Mem.i64(expectation, key0);
        Mem.i64(expectation + 8, key1);
        Mem.i32(expectation + 16, ca);
        Mem.i32(expectation + 20, port);
        Mem.i32(expectation + 24, domain);
        Mem.i32(expectation + 40, generation);
        link(item, nowMs);
        shares.add(domain, 1);
        return expectation;
    }

    /** It was announced once more. */
    public void refresh(long expectation, int nowMs) {
        int item = item(expectation);
        unlink(item);
        link(item, nowMs);
    }

    /** The oldest one whose time is over, 0 when there is none. */
    public long expired(int nowMs) {
        if (oldest == 0) {
            return 0;
        }
        long expectation = slab.address(oldest - 1);
        return nowMs - Mem.i32(expectation + 36) >= 0 ? expectation : 0;
    }

    public void remove(long expectation) {
        int item = item(expectation);
        unlink(item);
        index.remove(index.hash(Mem.i64(expectation), Mem.i64(expectation + 8)), item);
        shares.add(domain(expectation), -1);
        slab.free(item);
    }

    public int used() {
        return slab.used();
    }

    public static int remote(long expectation) {
        return FlowKey.source(Mem.i64(expectation));
    }

    public static int external(long expectation) {
        return FlowKey.destination(Mem.i64(expectation));
    }

    public static int externalPort(long expectation) {
        return FlowKey.destinationPort(Mem.i64(expectation + 8));
    }

    public static int protocol(long expectation) {
        return FlowKey.protocol(Mem.i64(expectation + 8));
    }

    public static int ca(long expectation) {
        return Mem.i32(expectation + 16);
    }

    /** Of the inside host. */
    public static int port(long expectation) {
        return Mem.i32(expectation + 20);
    }

    public static int domain(long expectation) {
        return Mem.i32(expectation + 24);
    }

    /** Of the NAT connection that the external endpoint belongs to. */
    public static int generation(long expectation) {
        return Mem.i32(expectation + 40);
    }

    private int item(long expectation) {
        return (int) ((expectation - slab.address(0)) >>> SHIFT);
    }

    private void link(int item, int nowMs) {
        long expectation = slab.address(item);
        Mem.i32(expectation + 36, nowMs + LIFETIME_MS);
        Mem.i32(expectation + 28, 0);
        Mem.i32(expectation + 32, newest);
        if (newest == 0) {
            oldest = item + 1;
        } else {
            Mem.i32(slab.address(newest - 1) + 28, item + 1);
        }
        newest = item + 1;
    }

    private void unlink(int item) {
        long expectation = slab.address(item);
        int next = Mem.i32(expectation + 28);
        int previous = Mem.i32(expectation + 32);
        if (previous == 0) {
            oldest = next;
        } else {
            Mem.i32(slab.address(previous - 1) + 28, next);
        }
        if (next == 0) {
            newest = previous;
        } else {
            Mem.i32(slab.address(next - 1) + 32, previous);
        }
    }
}
