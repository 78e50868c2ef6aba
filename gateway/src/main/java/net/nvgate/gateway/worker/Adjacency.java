package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * Where packets go next, with the headers to put before them ready-made: to a VM (outer Ethernet, IPv4 or IPv6, GRE and inner Ethernet)
 * or to a neighbour on the physical side (Ethernet). Four cache lines, of which packets read the first one and that of the headers:
 * the headers end at the end of the third one, so that all 64 bytes, with outer IPv6 88, can be copied to before the packet whatever
 * their length.
 *
 * <pre>
 *   0 key0: domain | CA, domain | number of an IPv6 CA, 0 | next hop, or an IPv6 next hop (i64)
 *   8 key1: what of these it is; or the second half of the next hop (i64)
 *  16 epoch at which it was resolved (i32)              32 sum of outer IP words, without TOS and length (i32)
 *  20 MAC of the neighbour is known (u8)                36 counters index of the VM's VSID (i32)
 *  21 kind (u8)                                         40 toward a CA: number of its NIC's limits, see SessionLimits (i32)
 *  22 header length (u16)                               44 time to look at the neighbour again, ms (i32)
 *  24 largest IP packet (i32)                           48 neighbour: port, see NeighborEntry.portOf (i32)
 *                                                       54 fault: ordinal of a DropReason + 1 (u16)
 *                                                       56 time at which the neighbour was last said to be needed, ms (i32)
 *                                                       64 neighbour's address, see Addresses (2 i64)
 *  28 bits of the TOS that outer headers take from inner ones (u8)
 *  29 bits that they have by themselves (u8)
 *  30 flows may go by another next hop (u8)
 * 104 .. 191 headers, right-aligned
 * </pre>
 */
final class Adjacency {

    static final int SHIFT = 8;
    static final int HEADERS = 64;
    /** With outer IPv6. */
    static final int HEADERS_IPV6 = 88;

    static final int HEADERS_END = 192;
    /** To a VM, inside NVGRE, by the PA port, with outer IPv4. */
    static final int TENANT = 1;
    /** To a neighbour on the physical side. */
    static final int EXTERNAL = 2;
    /** As {@link #TENANT}, with outer IPv6. */
    static final int TENANT_IPV6 = 5;

    /** To a neighbour on a tenant interface of the external port. */
    static final int FRONT_END = 3;
    /** To a neighbour on a tenant interface of the PA port. */
    static final int BACK_END = 4;

    /** Second word of the key of next hops in the PA network; no kind. */
    static final int PROVIDER_KEY = 5;
    /** To a host of NAT64: packets are translated, and sent by the adjacency of its IPv6 CA. Never complete. */
    static final int NAT64 = 6;

    private Adjacency() {}

    /** Whether the key is a CA of a tenant. */
    static boolean isTowardCa(long adjacency) {
        return Mem.i64(adjacency + 8) == TENANT;
    }

    /** Whether it leads to the VM with a CA itself, and to no other's CAs. */
    static boolean isToward(long adjacency, int domain, int ca) {
        return isTowardCa(adjacency) && Mem.i64(adjacency) == tenantKey(domain, ca);
    }

    /** First word of the key toward a CA of a tenant. */
    static long tenantKey(int domain, int ca) {
        return (long) domain << 32 | (ca & 0xffffffffL);
    }

    /** Of the key, toward a tenant. */
    static int domain(long adjacency) {
        return (int) (Mem.i64(adjacency) >>> 32);
    }

    /** Of the key, toward a tenant. */
    static int customerAddress(long adjacency) {
        return (int) Mem.i64(adjacency);
    }

    static int epoch(long adjacency) {
        return Mem.i32(adjacency + 16);
    }

    static void epoch(long adjacency, int epoch) {
        Mem.i32(adjacency + 16, epoch);
    }

    /** Packets can be sent: the route was found and the neighbour's MAC is known. */
    static boolean complete(long adjacency) {
        return Mem.u8(adjacency + 20) != 0;
    }

    static void complete(long adjacency, boolean complete) {
        Mem.u8(adjacency + 20, complete ? 1 : 0);
    }

    /** Whether it is {@link #complete} and of a kind. */
    static boolean isComplete(long adjacency, int kind) {
        return Mem.u16(adjacency + 20) == ((kind << Byte.SIZE) | 1);
    }

    static int kind(long adjacency) {
        return Mem.u8(adjacency + 21);
    }

    static void kind(long adjacency, int kind) {
        Mem.u8(adjacency + 21, kind);
    }

    static int headerLength(long adjacency) {
        return Mem.u16(adjacency + 22);
    }

    static void headerLength(long adjacency, int length) {
        Mem.u16(adjacency + 22, length);
    }

    /** Bytes of the largest IP packet that may be sent. */
    static int mtu(long adjacency) {
        return Mem.i32(adjacency + 24);
    }

    static void mtu(long adjacency, int mtu) {
        Mem.i32(adjacency + 24, mtu);
    }

    /** TOS of an outer header, by RFC 2983 and RFC 6040 §4.1. */
    static int outerTos(long adjacency, int inner) {
        int bits = Mem.u16(adjacency + 28);
        return (inner & bits) | (bits >>> 8);
    }

    /** All of the inner TOS goes outside: the uniform model. */
    static void copyTos(long adjacency) {
        Mem.u16(adjacency + 28, 0xff);
    }

    /** ECN alone goes outside, beside a DSCP of 0..63: the pipe model. */
    static void fixDscp(long adjacency, int dscp) {
        Mem.u16(adjacency + 28, dscp << 10 | 3);
    }

    /** One of several equal next hops, so that flows can go by another one when it does not answer. */
    static boolean isOneOfSeveral(long adjacency) {
        return Mem.u8(adjacency + 30) != 0;
    }

    static void oneOfSeveral(long adjacency, boolean several) {
        Mem.u8(adjacency + 30, several ? 1 : 0);
    }

    static int outerSum(long adjacency) {
        return Mem.i32(adjacency + 32);
    }

    static void outerSum(long adjacency, int sum) {
        Mem.i32(adjacency + 32, sum);
    }

    static int countersIndex(long adjacency) {
        return Mem.i32(adjacency + 36);
    }

    static void countersIndex(long adjacency, int index) {
        Mem.i32(adjacency + 36, index);
    }

    /** Of {@link #NAT64}: the host. */
    static int handle(long adjacency) {
        return (int) neighborLow(adjacency);
    }

    /** Toward a CA: what {@link SessionLimits} says of it, as of the last session that was resolved. */
    static int nic(long adjacency) {
        return Mem.i32(adjacency + 40);
    }

    static void nic(long adjacency, int nic) {
        Mem.i32(adjacency + 40, nic);
    }

    static long neighborHigh(long adjacency) {
        return Mem.i64(adjacency + 64);
    }

    static long neighborLow(long adjacency) {
        return Mem.i64(adjacency + 72);
    }

    static void neighbor(long adjacency, long high, long low) {
        Mem.i64(adjacency + 64, high);
        Mem.i64(adjacency + 72, low);
    }

    /** Port id of the neighbour, with its VLAN if that is a tenant's; a key of the neighbour table. */
    static int neighborPort(long adjacency) {
        return Mem.i32(adjacency + 48);
    }

    static void neighborPort(long adjacency, int port) {
        Mem.i32(adjacency + 48, port);
    }

    static int checkMs(long adjacency) {
        return Mem.i32(adjacency + 44);
    }

    static void checkMs(long adjacency, int ms) {
        Mem.i32(adjacency + 44, ms);
    }

    static int neededMs(long adjacency) {
        return Mem.i32(adjacency + 56);
    }

    static void neededMs(long adjacency, int ms) {
        Mem.i32(adjacency + 56, ms);
    }

    /** Why nothing can be sent here at all, null when that is not so. */
    static @Nullable DropReason fault(long adjacency) {
        int value = Mem.u16(adjacency + 54);
        return value == 0 ? null : DropReason.of(value - 1);
    }

    @SuppressWarnings("EnumOrdinal") // Read back with DropReason.of.
    static void fault(long adjacency, @Nullable DropReason reason) {
        Mem.u16(adjacency + 54, reason == null ? 0 : reason.ordinal() + 1);
    }

    /** The last bytes of the headers, in host order. */
    static long lastHeaders(long adjacency) {
        return Mem.i64(adjacency + HEADERS_END - 8);
    }

    /** Address of the first header byte. */
    static long headers(long adjacency) {
        return adjacency + HEADERS_END - headerLength(adjacency);
    }
}
