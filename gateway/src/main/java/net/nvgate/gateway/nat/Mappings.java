package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Slab;
import net.nvgate.gateway.flow.TimerWheel;

/**
 * Endpoint-independent mappings (RFC 4787 REQ-1, RFC 5382 REQ-1; RFC 7857 §6: each protocol for itself): (domain, CA, port, protocol)
 * has one external port at one external address. A mapping is found from both sides, and lives while sessions use it or, if somebody
 * asked for it (RFC 6887), until its deadline. Used by one worker.
 *
 * <pre>
 *  mapping, 64 bytes: two lines of 32, each of which begins with the key of its side
 *   0 CA | external address (i64)            32 external address | 0 (i64)
 *   8 port | 0 | domain | protocol (i64)     40 0 | external port | OUTSIDE | protocol (i64)
 *  16 sessions (i32)                         48 deadline, ms (i64), 0 = none
 *  20 external port (u16)   22 flags (u16)   56 timer wheel: next (i32)
 *  24 generation (i32)                       60 timer wheel: previous (i32)
 *  28 connection's index (i32)
 * </pre>
 */
public final class Mappings {

    /** A session ended without both sides' FIN: late packets may come. */
    static final int UNCLEAN = 1;
    /** The port is of its host's computed range. */
    static final int DETERMINISTIC = 1 << 1;

    private static final int SHIFT = 6;
    private static final int LINE_SHIFT = 5;
    private static final int OUTSIDE = 32;
    private static final int TICK_MS = 1_000;
    private static final int WHEEL_SLOTS = 1 << 12;

    private final FlowIndex index;
    private final Slab slab;
    private final TimerWheel wheel;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    public Mappings(long memory, int mappingsMax, long seed, long nowMs) {
        this.slab = new Slab(memory, SHIFT, mappingsMax);
        long indexMemory = memory + ((long) mappingsMax << SHIFT);
        this.index = new FlowIndex(indexMemory, 2 * mappingsMax, memory, LINE_SHIFT, seed);
        this.wheel = new TimerWheel(memory, SHIFT, 56, 60, TICK_MS, WHEEL_SLOTS, nowMs);
    }

    public static long bytes(int mappingsMax) {
        return ((long) mappingsMax << SHIFT) + FlowIndex.bytes(2 * mappingsMax);
    }

    /** The mapping of an inside endpoint at an external address, 0 = none. */
    long find(int domain, int ca, int port, int protocol, int external) {
        long key0 = FlowKey.addresses(ca, external);
        long key1 = FlowKey.rest(FlowKey.ports(port, 0), domain, protocol);
        return index.find(index.hash(key0, key1), key0, key1);
    }

    /** The mapping that has an external port, 0 = none. */
    long findOutside(int external, int externalPort, int protocol) {
        long key0 = FlowKey.addresses(external, 0);
        long key1 = FlowKey.rest(FlowKey.ports(0, externalPort), FlowKey.OUTSIDE, protocol);
        long line = index.find(index.hash(key0, key1), key0, key1);
        return line == 0 ? 0 : line - OUTSIDE;
    }

    /** Makes a mapping that nobody uses yet; 0 when there is no room. */
    long create(int domain, int ca, int port, int protocol, int external, int externalPort) {
        int item = slab.allocate();
        if (item < 0) {
            return 0;
        }
        long mapping = slab.address(item);
        long key0 = FlowKey.addresses(ca, external);
        long key1 = FlowKey.rest(FlowKey.ports(port, 0), domain, protocol);
        long outKey0 = FlowKey.addresses(external, 0);
        long outKey1 = FlowKey.rest(FlowKey.ports(0, externalPort), FlowKey.OUTSIDE, protocol);
        long hash = index.hash(key0, key1);
        if (!index.insert(hash, 2 * item)) {
            slab.free(item);
            return 0;
        }
        if (!index.insert(index.hash(outKey0, outKey1), 2 * item + 1)) {
            index.remove(hash, 2 * item);
            slab.free(item);
            return 0;
        }
        Mem.i64(mapping, key0);
        Mem.i64(mapping + OUTSIDE, outKey0);
        Mem.i64(mapping + OUTSIDE + 8, outKey1);
        Mem.u16(mapping + 20, externalPort);
        Mem.i64(mapping + 8, key1);
        return mapping;
    }

    /** Of the connection, see {@code NatEntry}. */
    static void owner(long mapping, int connectionIndex, int generation) {
        Mem.i32(mapping + 24, generation);
        Mem.i32(mapping + 28, connectionIndex);
    }

    /** Takes a mapping out; its port is the caller's to free. */
    void remove(long mapping) {
        int item = item(mapping);
        if (deadline(mapping) != 0) {
            wheel.cancel(item);
        }
        index.remove(index.hash(Mem.i64(mapping), Mem.i64(mapping + 8)), 2 * item);
        long outside = mapping + OUTSIDE;
        index.remove(index.hash(Mem.i64(outside), Mem.i64(outside + 8)), 2 * item + 1);
        slab.free(item);
    }

    public static int ca(long mapping) {
        return FlowKey.source(Mem.i64(mapping));
    }

    public static int externalAddress(long mapping) {
        return FlowKey.destination(Mem.i64(mapping));
    }

    public static int port(long mapping) {
        return FlowKey.sourcePort(Mem.i64(mapping + 8));
    }

    public static int domain(long mapping) {
        return FlowKey.domain(Mem.i64(mapping + 8));
    }

    public static int protocol(long mapping) {
        return FlowKey.protocol(Mem.i64(mapping + 8));
    }

    public static int externalPort(long mapping) {
        return Mem.u16(mapping + 20);
    }

    /** Sessions that use it. */
    public static int sessions(long mapping) {
        return Mem.i32(mapping + 16);
    }

    static void sessions(long mapping, int sessions) {
        Mem.i32(mapping + 16, sessions);
    }

    /** Of the NAT connection it was made under. */
    public static int generation(long mapping) {
        return Mem.i32(mapping + 24);
    }

    static int connectionIndex(long mapping) {
        return Mem.i32(mapping + 28);
    }

    static boolean is(long mapping, int flag) {
        return (Mem.u16(mapping + 22) & flag) != 0;
    }

    static int flags(long mapping) {
        return Mem.u16(mapping + 22);
    }

    static void mark(long mapping, int flag) {
        Mem.u16(mapping + 22, Mem.u16(mapping + 22) | flag);
    }

    /** When an explicit mapping ends, ms of the worker's clock; 0 = it is not explicit. */
    public static long deadline(long mapping) {
        return Mem.i64(mapping + 48);
    }

    /** Makes a mapping explicit until a time, or moves that, or with 0 makes it live by its sessions alone. */
    void deadline(long mapping, long deadlineMs) {
        if (deadline(mapping) != 0) {
            wheel.cancel(item(mapping));
        }
        Mem.i64(mapping + 48, deadlineMs);
        if (deadlineMs != 0) {
            wheel.schedule(item(mapping), deadlineMs);
        }
    }

    /** The next explicit mapping whose deadline has come; it is explicit no longer. 0 = none now. */
    long pollExpired(long nowMs) {
        for (int item = wheel.poll(nowMs); item >= 0; item = wheel.poll(nowMs)) {
            long mapping = slab.address(item);
            if (deadline(mapping) <= nowMs) {
                Mem.i64(mapping + 48, 0);
                return mapping;
            }
            wheel.schedule(item, deadline(mapping));
        }
        return 0;
    }

    /** Mappings in use. */
    public int used() {
        return slab.used();
    }

    int capacity() {
        return slab.capacity();
    }

    private int item(long mapping) {
        return (int) ((mapping - slab.address(0)) >>> SHIFT);
    }

    /** Mappings that were ever in use: all others are zero. */
    int touched() {
        return slab.touched();
    }

    long address(int item) {
        return slab.address(item);
    }
}
