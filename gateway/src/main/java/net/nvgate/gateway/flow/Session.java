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
 * 16   new source address                           new destination address: the CA     (these as on the wire)
 * 20   new source port (u16)                        new destination port (u16)
 * 22   delta of the L4 checksum (u16)
 * 24   delta of the IP checksum, TTL included (u16)
 * 26   flags (u8), see HAIRPIN, STATIC
 * 27   state (u8), see SessionState; 0 = not in use. The same in both lines.
 * 28   adjacency + 1 (24 bits), 0 = to be resolved
 * 31   NAT generation, bits 0-7 (u8)                NAT generation, bits 8-15 (u8)
 * 32   sum of the epochs at which the line was resolved (i32)
 * 36   PA the packets must come from (i32)          domain (24 bits)
 * 39                                                NAT generation, bits 16-23 (u8)
 * 40   time last used, 16 ms (24 bits)
 * 43   packets (40 bits)
 * 48   1: related to another (bit 0), number of       TCP window scales + 1: outbound 4 bits, inbound 4 bits high;
 *      its NIC's limits, 0 = none (14 bits)           7 bits free
 *      bytes of IP (the upper 49 bits of 64)
 * 56   TCP: log2 of the window + 1 (u8), 0 = nothing seen
 * 57   TCP: highest acknowledgement without its low 8 bits (24 bits)
 * 60   timer wheel: next (i32)                      timer wheel: previous (i32)
 * </pre>
 *
 * Packets wrap after 30 hours at 10 million per second, bytes after 12 hours at 100 Gbit/s, of one session.
 */
public final class Session {

    public static final int LINE = 64;
    public static final int LINE_SHIFT = 6;
    public static final int SHIFT = 7;
    public static final int TIMER_NEXT = 60;
    public static final int TIMER_PREV = LINE + 60;

    /** The destination is a NAT address: the packet turns round and goes the inbound way. */
    public static final int HAIRPIN = 1;
    /**
     * Of an inbound line, which never has {@link #HAIRPIN}: the tenant has limits of traffic, and its packets go by a next hop that is not its VM's own, of
     * which nobody can tell the VM's limits.
     */
    public static final int LIMITED_VIA = HAIRPIN;
    /** The external port belongs to a NAT rule, not to a mapping. */
    public static final int STATIC = 1 << 1;
    /** The tenant has limits of traffic. */
    public static final int LIMITED = 1 << 3;
    /** Exempt from NAT: the external address and port are the inside ones. */
    public static final int IDENTITY = 1 << 4;
    /** Of a protocol without ports: followed by its addresses, with no mapping. */
    public static final int BY_ADDRESS = 1 << 7;
    /** The external address is its host's alone. */
    public static final int ONE_TO_ONE = 1 << 5;
    /** Its first packet came from outside. */
    public static final int FROM_OUTSIDE = 1 << 6;
    /** A control connection that an application level gateway reads. */
    public static final int ALG = 1 << 2;

    /** Generations of NAT connections that a session can tell apart, see {@link #natGeneration}. */
    public static final int GENERATION_MASK = 0xffffff;

    private static final int LOW_24 = 0xffffff;
    private static final int HIGH_8 = 0xff000000;
    private static final int USED_SHIFT = 4;
    private static final long ONE_PACKET = 1L << 24;
    private static final long PACKETS = -ONE_PACKET;
    private static final int BYTES_SHIFT = 15;
    private static final int RELATED = 1;
    private static final int NIC_SHIFT = 1;
    private static final int NIC_MASK = 0x3fff;
    private static final int SCALE_MAX = 14;

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
        return Mem.i32Be(line + 16);
    }

    public static int newPort(long line) {
        return Mem.u16Be(line + 20);
    }

    public static int l4Delta(long line) {
        return Mem.u16Be(line + 22);
    }

    public static int ipDelta(long line) {
        return Mem.u16Be(line + 24);
    }

    /** {@link #newAddress}, {@link #newPort} and {@link #l4Delta}, from the low end, each as on the wire. */
    public static long rewriteAsOnWire(long line) {
        return Mem.i64(line + 16);
    }

    /** {@link #ipDelta} as on the wire. */
    public static int ipDeltaAsOnWire(long line) {
        return Mem.u16(line + 24);
    }

    public static void rewrite(long line, int address, int port, int ipDelta, int l4Delta) {
        Mem.i32Be(line + 16, address);
        Mem.u16Be(line + 20, port);
        Mem.u16Be(line + 22, l4Delta);
        Mem.u16Be(line + 24, ipDelta);
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
        return (Mem.i32(line + 28) & LOW_24) - 1;
    }

    public static int epoch(long line) {
        return Mem.i32(line + 32);
    }

    /** @param adjacency -1 = none, below 2^24 - 1 */
    public static void resolved(long line, int adjacency, int epoch) {
        Mem.i32(line + 28, (Mem.i32(line + 28) & HIGH_8) | (adjacency + 1));
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
        return Mem.i32(line + 36) & LOW_24;
    }

    public static void domain(long line, int domain) {
        Mem.i32(line + 36, (Mem.i32(line + 36) & HIGH_8) | domain);
    }

    /**
     * Of the NAT connection whose external address the session has, by the outbound line: {@code NatEntry.generation} within
     * {@link #GENERATION_MASK}.
     */
    public static int natGeneration(long session) {
        return Mem.u8(session + 31) | Mem.u8(session + LINE + 31) << 8 | Mem.u8(session + LINE + 39) << 16;
    }

    public static void natGeneration(long session, int generation) {
        Mem.u8(session + 31, generation);
        Mem.u8(session + LINE + 31, generation >>> 8);
        Mem.u8(session + LINE + 39, generation >>> 16);
    }

    /** Announced by another session, e.g. FTP's data connection by its control connection: port ACLs judge that one alone. */
    public static boolean isRelated(long session) {
        return (Mem.u8(session + 48) & RELATED) != 0;
    }

    /** By the outbound line, when it is made. */
    public static void related(long session, boolean related) {
        Mem.u8(session + 48, (Mem.u8(session + 48) & ~RELATED) | (related ? RELATED : 0));
    }

    /** Of the outbound line: what its worker has found out of its VM's NIC when it was resolved, 0..{@link #NIC_MASK}. */
    public static int nic(long session) {
        return (Mem.i32(session + 48) >>> NIC_SHIFT) & NIC_MASK;
    }

    public static void nic(long session, int nic) {
        Mem.i32(session + 48, (Mem.i32(session + 48) & ~(NIC_MASK << NIC_SHIFT)) | nic << NIC_SHIFT);
    }

    public static long packets(long line) {
        return Mem.i64(line + 40) >>> 24;
    }

    public static long bytes(long line) {
        return Mem.i64(line + 48) >>> BYTES_SHIFT;
    }

    /** A packet went this way now. */
    public static void count(long line, int bytes, int nowMs) {
        Mem.i64(line + 40, ((Mem.i64(line + 40) + ONE_PACKET) & PACKETS) | used(nowMs));
        Mem.i64(line + 48, Mem.i64(line + 48) + ((long) bytes << BYTES_SHIFT));
    }

    /** A packet went this way that does not keep the session alive. */
    public static void countOnly(long line, int bytes) {
        Mem.i64(line + 40, Mem.i64(line + 40) + ONE_PACKET);
        Mem.i64(line + 48, Mem.i64(line + 48) + ((long) bytes << BYTES_SHIFT));
    }

    public static void lastUsedMs(long line, int nowMs) {
        Mem.i64(line + 40, (Mem.i64(line + 40) & PACKETS) | used(nowMs));
    }

    /** Milliseconds since a packet went either way, in steps of 16; time wraps after 37 hours, beyond every timer. */
    public static int idleMs(long line, int nowMs) {
        return Math.min(idleMsOf(line, nowMs), idleMsOf(other(line), nowMs));
    }

    private static int idleMsOf(long line, int nowMs) {
        int ticks = (used(nowMs) - Mem.i32(line + 40)) & LOW_24;
        // Other threads read the time before they look here: a packet may have come since.
        return ticks > LOW_24 >>> 1 ? 0 : ticks << USED_SHIFT;
    }

    private static int used(int nowMs) {
        return (nowMs >>> USED_SHIFT) & LOW_24;
    }

    /**
     * Of TCP: what the sender of this line's packets has acknowledged and the window it offers, by which the other side's
     * segments are judged. Older acknowledgements than the highest are passed over.
     *
     * @param window as in the header, not scaled
     */
    public static void acknowledged(long line, int acknowledgement, int window) {
        int seen = Mem.i32(line + 56);
        int now = (acknowledgement & ~0xff) | (Integer.SIZE + 1 - Integer.numberOfLeadingZeros(window));
        if ((now & ~0xff) - (seen & ~0xff) >= 0 || seen == 0) {
            Mem.i32(line + 56, now);
        }
    }

    /**
     * Whether a sequence number lies in the window that the sender of this line's packets offers (RFC 5961 §3.2), as far as the
     * line knows it: to 256 bytes downward and the next power of two upward. True when nothing is known.
     */
    public static boolean isInWindow(long line, int sequence) {
        int seen = Mem.i32(line + 56);
        if (seen == 0) {
            return true;
        }
        int scale = windowScale(line);
        long window = 1L << Math.min(30, (seen & 0xff) - 1 + scale);
        long offset = Integer.toUnsignedLong(sequence - (seen & ~0xff));
        return offset <= window + 0xff;
    }

    /** Begins a connection: nothing of the windows of an earlier one is true any more. By the outbound line. */
    public static void forgetWindows(long session) {
        Mem.i32(session + 56, 0);
        Mem.i32(session + LINE + 56, 0);
        Mem.u8(session + LINE + 48, 0);
    }

    /** What a SYN of this line's sender says of its windows' scale, 0..14; 0 also if it says nothing (RFC 7323 §2.2). */
    public static void windowScale(long line, int scale) {
        long at = inboundOf(line) + 48;
        int shift = isInbound(line) ? 4 : 0;
        Mem.u8(at, (Mem.u8(at) & ~(0xf << shift)) | ((scale + 1) << shift));
    }

    /** The scale of the windows this line's sender offers; the largest there is when its SYN was not seen. */
    private static int windowScale(long line) {
        int known = (Mem.u8(inboundOf(line) + 48) >>> (isInbound(line) ? 4 : 0)) & 0xf;
        return known == 0 ? SCALE_MAX : known - 1;
    }

    /** Of both sides, as one byte: what {@link #windowScale} was told. By the outbound line. */
    public static int windowScales(long session) {
        return Mem.u8(session + LINE + 48);
    }

    /** What is known of the window of a line's sender, as one word. */
    public static int window(long line) {
        return Mem.i32(line + 56);
    }

    /** Sets what {@link #windowScales} and {@link #window} gave, by the outbound line. */
    public static void windows(long session, int scales, int outbound, int inbound) {
        Mem.u8(session + LINE + 48, scales);
        Mem.i32(session + 56, outbound);
        Mem.i32(session + LINE + 56, inbound);
    }

    private static long inboundOf(long line) {
        return line | LINE;
    }
}
