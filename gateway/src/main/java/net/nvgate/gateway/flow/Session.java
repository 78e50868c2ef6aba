package net.nvgate.gateway.flow;

import net.nvgate.gateway.dpdk.Mem;

/**
 * A session in the flow table: two cache lines, one per direction, each with all that its direction's packets need. The
 * outbound line is at the session's address, the inbound line {@link #LINE} bytes behind it. A line's address names a session
 * and a direction; {@link #other} leads from one to the other.
 *
 * <pre>
 *      outbound line (packets from inside)          inbound line (packets from outside)
 *  0   key0: CA | remote                            remote | external address
 *  8   key1: CA port | remote port | domain | proto remote port | external port | 0 | proto
 * 16   new source address (i32)                     new destination address (i32): the CA
 * 20   new source port (u16)                        new destination port (u16)
 * 22   delta of the L4 checksum (u16)
 * 24   delta of the IP checksum, TTL included (u16)
 * 26   flags (u8), see HAIRPIN, STATIC
 * 27   state (u8), see SessionState; 0 = not in use. The same in both lines.
 * 28   adjacency + 1 (i32), 0 = to be resolved
 * 32   sum of the epochs at which the line was resolved (i32)
 * 36   PA the packets must come from (i32)          domain (i32)
 * 40   packets (48 bits)
 * 46   NAT generation, low half (u16)               NAT generation, high half (u16)
 * 48   bytes of IP (i64)
 * 56   time last used, ms (i32)
 * 60   timer wheel: next (i32)                      timer wheel: previous (i32)
 * </pre>
 */
public final class Session {

    public static final int LINE = 64;
    public static final int LINE_SHIFT = 6;
    public static final int SHIFT = 7;
    public static final int TIMER_NEXT = 60;
    public static final int TIMER_PREV = LINE + 60;

    /** The destination is a NAT address: the packet turns round and goes the inbound way. */
    public static final int HAIRPIN = 1;
    /** The external port belongs to a NAT rule, not to a mapping. */
    public static final int STATIC = 1 << 1;

    /** 325 days of one session at 10 million packets per second. */
    private static final long PACKETS_MASK = (1L << 48) - 1;

    private Session() {}

    public static long other(long line) {
        return line ^ LINE;
    }

    public static boolean isInbound(long line) {
        return (line & LINE) != 0;
    }

    /** The session of either line. */
    public static long outbound(long line) {
        return line & ~(long) LINE;
    }

    public static long key0(long line) {
        return Mem.i64(line);
    }

    public static long key1(long line) {
        return Mem.i64(line + 8);
    }

    public static void key(long line, long key0, long key1) {
        Mem.i64(line, key0);
        Mem.i64(line + 8, key1);
    }

    public static int newAddress(long line) {
        return Mem.i32(line + 16);
    }

    public static int newPort(long line) {
        return Mem.u16(line + 20);
    }

    public static int l4Delta(long line) {
        return Mem.u16(line + 22);
    }

    public static int ipDelta(long line) {
        return Mem.u16(line + 24);
    }

    public static void rewrite(long line, int address, int port, int ipDelta, int l4Delta) {
        Mem.i32(line + 16, address);
        Mem.u16(line + 20, port);
        Mem.u16(line + 22, l4Delta);
        Mem.u16(line + 24, ipDelta);
    }

    public static int flags(long line) {
        return Mem.u8(line + 26);
    }

    public static void flags(long line, int flags) {
        Mem.u8(line + 26, flags);
    }

    public static int state(long line) {
        return Mem.u8(line + 27);
    }

    /** Sets the state of both lines. */
    public static void state(long line, int state) {
        Mem.u8(line + 27, state);
        Mem.u8(other(line) + 27, state);
    }

    public static int adjacency(long line) {
        return Mem.i32(line + 28) - 1;
    }

    public static int epoch(long line) {
        return Mem.i32(line + 32);
    }

    public static void resolved(long line, int adjacency, int epoch) {
        Mem.i32(line + 28, adjacency + 1);
        Mem.i32(line + 32, epoch);
    }

    /** Of the outbound line. */
    public static int providerAddress(long line) {
        return Mem.i32(line + 36);
    }

    public static void providerAddress(long line, int address) {
        Mem.i32(line + 36, address);
    }

    /** Of the inbound line. */
    public static int domain(long line) {
        return Mem.i32(line + 36);
    }

    public static void domain(long line, int domain) {
        Mem.i32(line + 36, domain);
    }

    /** Of the NAT connection whose external address the session has, see {@code NatEntry.generation}; by the outbound line. */
    public static int natGeneration(long session) {
        return Mem.u16(session + 46) | Mem.u16(session + LINE + 46) << 16;
    }

    public static void natGeneration(long session, int generation) {
        Mem.u16(session + 46, generation);
        Mem.u16(session + LINE + 46, generation >>> 16);
    }

    public static long packets(long line) {
        return Mem.i64(line + 40) & PACKETS_MASK;
    }

    public static long bytes(long line) {
        return Mem.i64(line + 48);
    }

    public static void count(long line, int bytes, int nowMs) {
        Mem.i64(line + 40, Mem.i64(line + 40) + 1);
        Mem.i64(line + 48, Mem.i64(line + 48) + bytes);
        Mem.i32(line + 56, nowMs);
    }

    public static int lastUsedMs(long line) {
        return Mem.i32(line + 56);
    }

    public static void lastUsedMs(long line, int nowMs) {
        Mem.i32(line + 56, nowMs);
    }

    /** Milliseconds since a packet went either way; time wraps after 24 days, far beyond every timer. */
    public static int idleMs(long line, int nowMs) {
        return Math.min(nowMs - lastUsedMs(line), nowMs - lastUsedMs(other(line)));
    }
}
