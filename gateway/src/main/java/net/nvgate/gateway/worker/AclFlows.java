package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Ipv4;

/**
 * Flows that port ACLs have judged and that have no session: between VMs, to and from tenants' own networks, and all of IPv6; so that
 * answers of what was allowed pass. And sessions that a change of lists has cut, so that what is still under way from the side that did not
 * open them does not open them again. A set-associative cache: a set that is full gives way by the longest unused, of the same tenants
 * first.
 *
 * <pre>
 *   0 address of the side that opened the flow (2 i64)    16 address of the other side (2 i64)
 *  32 ports (opener's << 16 | other's)                    36 ICMP type and code of the first packet (i32)
 *  40 opener's domain (24 bits) | protocol << 24          44 other's domain (24 bits) | state << 24: 0 free, 1 allowed, 2 blocked
 *  48 version of the lists that it was judged by (i32)    52 idle time, seconds (i32)
 *  56 last used, ms on the worker's clock (i64): what lies unused for weeks must not come back with a clock that has gone round
 * </pre>
 *
 * One thread.
 */
final class AclFlows {

    static final int FREE = 0;
    static final int ALLOWED = 1;
    static final int BLOCKED = 2;

    private static final int SHIFT = 6;
    private static final int WAYS = 8;
    private static final int TCP_SECONDS = 7_440;
    private static final int OTHER_SECONDS = 300;
    private static final int ICMP_SECONDS = 60;
    private static final int LOW_24 = 0xffffff;

    private final long memory;
    private final int setMask;
    private final long seed;
    private boolean opener;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    AclFlows(long memory, int flowsMax, long seed) {
        this.memory = memory;
        this.setMask = Integer.highestOneBit(flowsMax / WAYS) - 1;
        this.seed = seed;
    }

    static long bytes(int flowsMax) {
        return ((long) Integer.highestOneBit(flowsMax / WAYS) * WAYS) << SHIFT;
    }

    /**
     * The flow of a packet, whichever side sends it; 0 = none. {@link #isOpener} then says which.
     *
     * @param from domain of the sender, 0 = outside
     */
    long find(
            int from,
            int to,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort,
            int protocol,
            long nowMs) {
        long set = set(sourceHigh, sourceLow, destinationHigh, destinationLow, sourcePort, destinationPort, protocol);
        for (int i = 0; i < WAYS; i++) {
            long flow = set + ((long) i << SHIFT);
            if (state(flow) == FREE || isOver(flow, nowMs)) {
                continue;
            }
            if (is(flow, from, to, sourceHigh, sourceLow, destinationHigh, destinationLow)
                    && Mem.i32(flow + 32) == (sourcePort << 16 | destinationPort)
                    && protocol(flow) == protocol) {
                opener = true;
                return flow;
            }
            if (is(flow, to, from, destinationHigh, destinationLow, sourceHigh, sourceLow)
                    && Mem.i32(flow + 32) == (destinationPort << 16 | sourcePort)
                    && protocol(flow) == protocol) {
                opener = false;
                return flow;
            }
        }
        return 0;
    }

    private static boolean is(long flow, int from, int to, long highA, long lowA, long highB, long lowB) {
        return Mem.i64(flow + 8) == lowA
                && Mem.i64(flow + 24) == lowB
                && Mem.i64(flow) == highA
                && Mem.i64(flow + 16) == highB
                && fromDomain(flow) == from
                && toDomain(flow) == to;
    }

    /** Whether the packet of the last {@link #find} goes the way of the first one. */
    boolean isOpener() {
        return opener;
    }

    /** Remembers a flow, opened by the source; what the set has no room for is forgotten. */
    long add(
            int from,
            int to,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort,
            int protocol,
            int typeAndCode,
            int state,
            int version,
            long nowMs) {
        long set = set(sourceHigh, sourceLow, destinationHigh, destinationLow, sourcePort, destinationPort, protocol);
        long flow = victim(set, from, to, nowMs);
        Mem.i64(flow, sourceHigh);
        Mem.i64(flow + 8, sourceLow);
        Mem.i64(flow + 16, destinationHigh);
        Mem.i64(flow + 24, destinationLow);
        Mem.i32(flow + 32, sourcePort << 16 | destinationPort);
        Mem.i32(flow + 40, from | protocol << 24);
        Mem.i32(flow + 44, to | state << 24);
        Mem.i32(flow + 52, seconds(protocol));
        Mem.i32(flow + 36, typeAndCode);
        judged(flow, state, version);
        used(flow, nowMs);
        return flow;
    }

    private static int seconds(int protocol) {
        return protocol == Ipv4.TCP ? TCP_SECONDS : AclGate.isIcmp(protocol) ? ICMP_SECONDS : OTHER_SECONDS;
    }

    private long victim(long set, int from, int to, long nowMs) {
        long own = 0;
        long ownIdle = -1;
        int owns = 0;
        long oldest = set;
        long oldestIdle = -1;
        for (int i = 0; i < WAYS; i++) {
            long flow = set + ((long) i << SHIFT);
            if (state(flow) == FREE || isOver(flow, nowMs)) {
                return flow;
            }
            long idle = nowMs - Mem.i64(flow + 56);
            boolean same = fromDomain(flow) == from || toDomain(flow) == to;
            owns += same ? 1 : 0;
            if (same && idle > ownIdle) {
                own = flow;
                ownIdle = idle;
            }
            if (idle > oldestIdle) {
                oldest = flow;
                oldestIdle = idle;
            }
        }
        return owns > 1 ? own : oldest;
    }

    private static boolean isOver(long flow, long nowMs) {
        return nowMs - Mem.i64(flow + 56) > Mem.i32(flow + 52) * 1_000L;
    }

    private long set(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int sourcePort,
            int destinationPort,
            int protocol) {
        // The same for both directions: a sum of one hash of each side.
        long h = side(sourceHigh, sourceLow, sourcePort) + side(destinationHigh, destinationLow, destinationPort);
        h = (h ^ protocol ^ h >>> 29) * 0xff51_afd7_ed55_8ccdL;
        return memory + ((((h >>> 32) & setMask) * WAYS) << SHIFT);
    }

    private long side(long high, long low, int port) {
        long h = (high ^ seed) * 0x9e37_79b9_7f4a_7c15L ^ Long.rotateLeft(low, 23) ^ port;
        h = (h ^ h >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return h ^ h >>> 31;
    }

    static int state(long flow) {
        return Mem.i32(flow + 44) >>> 24;
    }

    static int version(long flow) {
        return Mem.i32(flow + 48);
    }

    static void judged(long flow, int state, int version) {
        Mem.i32(flow + 44, (Mem.i32(flow + 44) & LOW_24) | state << 24);
        Mem.i32(flow + 48, version);
    }

    static void used(long flow, long nowMs) {
        Mem.i64(flow + 56, nowMs);
    }

    /** The connection has ended: its last packets pass for a while. */
    static void closing(long flow) {
        Mem.i32(flow + 52, OTHER_SECONDS);
    }

    static int fromDomain(long flow) {
        return Mem.i32(flow + 40) & LOW_24;
    }

    static int toDomain(long flow) {
        return Mem.i32(flow + 44) & LOW_24;
    }

    static int protocol(long flow) {
        return Mem.i32(flow + 40) >>> 24;
    }

    static int typeAndCode(long flow) {
        return Mem.i32(flow + 36);
    }
}
