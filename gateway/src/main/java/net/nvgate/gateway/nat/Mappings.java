package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Slab;

/**
 * Endpoint-independent mappings (RFC 4787 REQ-1, RFC 5382 REQ-1; RFC 7857 §6: each protocol for itself): (domain, CA, port, protocol)
 * has one external port at one external address. A mapping is found from both sides, and lives while sessions use it or, if somebody
 * asked for it (RFC 6887), until its deadline. Used by one worker.
 *
 * <p>What only explicit ones have, a deadline, lies in {@link Deadlines}.
 *
 * <pre>
 *  mapping, 32 bytes: two lines of 16, each of which begins with the key of its side
 *   0 CA | external address (i64)                   16 external address | external port | protocol | 0xff (i64)
 *   8 port | flags 16 | domain | protocol (i64)     24 sessions 24 | generation 24 | connection's index 16 (i64)
 * </pre>
 *
 * What is no key in a line is masked when keys are compared.
 */
public final class Mappings {

    /** A session ended without both sides' FIN: late packets may come. */
    static final int UNCLEAN = 1;
    /** The port is of its host's computed range. */
    static final int DETERMINISTIC = 1 << 1;

    /** It has a deadline. */
    static final int EXPLICIT = 1 << 2;

    /** The largest number of a connection: a mapping has 16 bits for it. */
    public static final int CONNECTION_MAX = 0xffff;
    /** Most sessions that a mapping can count. */
    public static final int SESSIONS_MAX = 0xffffff;

    private static final int SHIFT = 5;
    private static final int LINE_SHIFT = 4;
    private static final int OUTSIDE = 16;
    private static final int FLAGS = 12;
    private static final int USE = 24;
    private static final int GENERATION_SHIFT = 24;
    private static final int CONNECTION_SHIFT = 48;
    private static final int LOW_24 = 0xffffff;
    private static final long INSIDE_KEY = 0xffff_0000_ffff_ffffL;
    private static final long OUTSIDE_MARK = 0xff;
    /** One of so many mappings may be explicit, and no more than are ever asked for. */
    private static final int EXPLICIT_PART = 8;

    private static final int EXPLICIT_MAX = 1 << 13;

    private final FlowIndex index;
    private final Slab slab;
    private final Deadlines deadlines;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    public Mappings(long memory, int mappingsMax, long seed, long nowMs) {
        this.slab = new Slab(memory, SHIFT, mappingsMax);
        long indexMemory = memory + lineBytes(mappingsMax);
        this.index = new FlowIndex(indexMemory, 2 * mappingsMax, memory, LINE_SHIFT, INSIDE_KEY, 0, seed);
        long deadlineMemory = indexMemory + FlowIndex.bytes(2 * mappingsMax);
        this.deadlines = new Deadlines(deadlineMemory, explicitMax(mappingsMax), seed, nowMs);
    }

    public static long bytes(int mappingsMax) {
        return lineBytes(mappingsMax) + FlowIndex.bytes(2 * mappingsMax) + Deadlines.bytes(explicitMax(mappingsMax));
    }

    private static long lineBytes(int mappingsMax) {
        return Math.ceilDiv((long) mappingsMax << SHIFT, 64L) * 64;
    }

    private static int explicitMax(int mappingsMax) {
        return Math.clamp(mappingsMax / EXPLICIT_PART, 1, EXPLICIT_MAX);
    }

    /** The mapping of an inside endpoint at an external address, 0 = none. */
    long find(int domain, int ca, int port, int protocol, int external) {
        long key0 = FlowKey.addresses(ca, external);
        long key1 = FlowKey.rest(FlowKey.ports(port, 0), domain, protocol);
        return index.find(index.hash(key0, key1), key0, key1);
    }

    /** The mapping that has an external port, 0 = none. */
    long findOutside(int external, int externalPort, int protocol) {
        long key = outsideKey(external, externalPort, protocol);
        long line = index.find(index.hash(key, 0), key, 0);
        return line == 0 ? 0 : line - OUTSIDE;
    }

    /** Address of the first bucket of an inside key, to be touched ahead of use. */
    long bucket(long key0, long key1) {
        return index.bucket(index.hash(key0, key1));
    }

    /** Address of the first bucket of an outside key, to be touched ahead of use. */
    long outsideBucket(int external, int externalPort, int protocol) {
        return index.bucket(index.hash(outsideKey(external, externalPort, protocol), 0));
    }

    /** Address of the {@code i}-th mapping to be made next, to be touched ahead of use. */
    long upcoming(int i) {
        return slab.upcoming(i);
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
        long outside = outsideKey(external, externalPort, protocol);
        // The index reads keys of lines that it moves.
        Mem.i64(mapping, key0);
        Mem.i64(mapping + OUTSIDE, outside);
        Mem.i64(mapping + 8, key1);
        long hash = index.hash(key0, key1);
        if (!index.insert(hash, 2 * item)) {
            slab.free(item);
            return 0;
        }
        if (!index.insert(index.hash(outside, 0), 2 * item + 1)) {
            index.remove(hash, 2 * item);
            slab.free(item);
            return 0;
        }
        return mapping;
    }

    /** No key of an inside line has its second half 0. */
    private static long outsideKey(int external, int externalPort, int protocol) {
        return (long) external << 32 | (long) externalPort << 16 | (long) protocol << 8 | OUTSIDE_MARK;
    }

    /** Whether two words at 8 of a mapping have the same key: its flags may have changed meanwhile. */
    static boolean isSameKey(long one, long other) {
        return ((one ^ other) & INSIDE_KEY) == 0;
    }

    /** Of the connection, see {@code NatEntry}. */
    static void owner(long mapping, int connectionIndex, int generation) {
        long use = Mem.i64(mapping + USE) & LOW_24;
        Mem.i64(
                mapping + USE,
                use | (long) (generation & LOW_24) << GENERATION_SHIFT | (long) connectionIndex << CONNECTION_SHIFT);
    }

    /** Takes a mapping out; its port is the caller's to free. */
    void remove(long mapping) {
        int item = item(mapping);
        if (isExplicit(mapping)) {
            deadlines.clear(item);
        }
        index.remove(index.hash(Mem.i64(mapping), Mem.i64(mapping + 8) & INSIDE_KEY), 2 * item);
        index.remove(index.hash(Mem.i64(mapping + OUTSIDE), 0), 2 * item + 1);
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
        return Mem.u16(mapping + OUTSIDE + 2);
    }

    /** Sessions that use it. */
    public static int sessions(long mapping) {
        return (int) Mem.i64(mapping + USE) & LOW_24;
    }

    static void sessions(long mapping, int sessions) {
        Mem.i64(mapping + USE, (Mem.i64(mapping + USE) & ~(long) LOW_24) | Math.max(0, sessions));
    }

    /** Of the NAT connection it was made under. */
    public static int generation(long mapping) {
        return (int) (Mem.i64(mapping + USE) >>> GENERATION_SHIFT) & LOW_24;
    }

    static int connectionIndex(long mapping) {
        return (int) (Mem.i64(mapping + USE) >>> CONNECTION_SHIFT);
    }

    static boolean is(long mapping, int flag) {
        return (Mem.u16(mapping + FLAGS) & flag) != 0;
    }

    static int flags(long mapping) {
        return Mem.u16(mapping + FLAGS);
    }

    static void mark(long mapping, int flag) {
        Mem.u16(mapping + FLAGS, Mem.u16(mapping + FLAGS) | flag);
    }

    /** Whether somebody has asked for it: then it has a deadline. */
    public static boolean isExplicit(long mapping) {
        return is(mapping, EXPLICIT);
    }

    /** When an explicit mapping ends, ms of the worker's clock; 0 = it is not explicit. */
    long deadline(long mapping) {
        return isExplicit(mapping) ? deadlines.of(item(mapping)) : 0;
    }

    /** Makes a mapping explicit until a time, or moves that; false when there are as many as there may be. */
    boolean explicit(long mapping, long deadlineMs) {
        boolean done = deadlines.set(item(mapping), deadlineMs);
        if (done) {
            mark(mapping, EXPLICIT);
        }
        return done;
    }

    /** An explicit mapping lives by its sessions alone from now on. */
    void implicit(long mapping) {
        deadlines.clear(item(mapping));
        unmark(mapping);
    }

    /** The next explicit mapping whose deadline has come; it is explicit no longer. 0 = none now. */
    long pollExpired(long nowMs) {
        int item = deadlines.pollExpired(nowMs);
        if (item < 0) {
            return 0;
        }
        unmark(slab.address(item));
        return slab.address(item);
    }

    private static void unmark(long mapping) {
        Mem.u16(mapping + FLAGS, Mem.u16(mapping + FLAGS) & ~EXPLICIT);
    }

    /** Explicit mappings there may be. */
    int explicitMax() {
        return deadlines.capacity();
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
