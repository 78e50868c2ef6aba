package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * IPv6 (RFC 8200). An address is two longs, the first byte on the wire highest.
 *
 * <pre>
 *  0                                   4                6             7           8          24              40
 * +------+---------------+------------+----------------+-------------+-----------+----------+---------------+
 * | 6    | traffic class | flow label | payload length | next header | hop limit | source   | destination   |
 * | 4 b  | 8 bits        | 20 bits    | 16             | 8           | 8         | 128      | 128           |
 * +------+---------------+------------+----------------+-------------+-----------+----------+---------------+
 * </pre>
 *
 * What lies between this header and the transport header is {@link Ipv6Chain}'s.
 */
public final class Ipv6 {

    public static final int LENGTH = 40;
    /** Every link of IPv6 carries packets of this many bytes (RFC 8200 §5). */
    public static final int MTU_MIN = 1280;

    public static final int HOP_BY_HOP = 0;
    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int ESP = 50;
    public static final int AUTHENTICATION = 51;
    public static final int ICMPV6 = 58;
    public static final int NO_NEXT_HEADER = 59;
    public static final int DESTINATION_OPTIONS = 60;
    public static final int HOP_LIMIT_DEFAULT = 64;
    /** What neighbour discovery is sent with and must arrive with (RFC 4861 §7.1). */
    public static final int HOP_LIMIT_LINK = 255;

    public static final int SOURCE_OFFSET = 8;
    public static final int DESTINATION_OFFSET = 24;

    private static final int FLOW_LABEL_MASK = 0xfffff;

    private Ipv6() {}

    public static int version(long ip) {
        return Mem.u8(ip) >>> 4;
    }

    /** DSCP and ECN, 0..255. */
    public static int trafficClass(long ip) {
        return Mem.u16Be(ip) >>> 4 & 0xff;
    }

    public static void trafficClass(long ip, int trafficClass) {
        Mem.u16Be(ip, (Mem.u16Be(ip) & 0xf00f) | (trafficClass << 4));
    }

    /** 0..0xfffff. */
    public static int flowLabel(long ip) {
        return Mem.i32Be(ip) & FLOW_LABEL_MASK;
    }

    /** Bytes behind this header. */
    public static int payloadLength(long ip) {
        return Mem.u16Be(ip + 4);
    }

    public static void payloadLength(long ip, int length) {
        Mem.u16Be(ip + 4, length);
    }

    /** Bytes of the packet, this header included. */
    public static int totalLength(long ip) {
        return LENGTH + payloadLength(ip);
    }

    public static int nextHeader(long ip) {
        return Mem.u8(ip + 6);
    }

    public static void nextHeader(long ip, int protocol) {
        Mem.u8(ip + 6, protocol);
    }

    public static int hopLimit(long ip) {
        return Mem.u8(ip + 7);
    }

    public static void hopLimit(long ip, int hopLimit) {
        Mem.u8(ip + 7, hopLimit);
    }

    public static long sourceHigh(long ip) {
        return Mem.i64Be(ip + 8);
    }

    public static long sourceLow(long ip) {
        return Mem.i64Be(ip + 16);
    }

    public static long destinationHigh(long ip) {
        return Mem.i64Be(ip + 24);
    }

    public static long destinationLow(long ip) {
        return Mem.i64Be(ip + 32);
    }

    public static void source(long ip, long high, long low) {
        Mem.i64Be(ip + 8, high);
        Mem.i64Be(ip + 16, low);
    }

    public static void destination(long ip, long high, long low) {
        Mem.i64Be(ip + 24, high);
        Mem.i64Be(ip + 32, low);
    }

    /** Writes all 40 bytes. */
    public static void write(
            long ip,
            int trafficClass,
            int flowLabel,
            int payloadLength,
            int nextHeader,
            int hopLimit,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow) {
        Mem.i32Be(ip, (6 << 28) | (trafficClass << 20) | (flowLabel & FLOW_LABEL_MASK));
        Mem.u16Be(ip + 4, payloadLength);
        Mem.u8(ip + 6, nextHeader);
        Mem.u8(ip + 7, hopLimit);
        source(ip, sourceHigh, sourceLow);
        destination(ip, destinationHigh, destinationLow);
    }

    /**
     * The sum of the pseudo header of TCP, UDP and ICMPv6 (RFC 8200 §8.1), unfolded.
     *
     * @param length bytes of the transport header and its payload
     */
    public static long pseudoHeader(long ip, int length, int protocol) {
        return Checksum.sum(ip + SOURCE_OFFSET, 32) + length + protocol;
    }

    /** ff00::/8. */
    public static boolean isMulticast(long high) {
        return high >>> 56 == 0xff;
    }

    /** fe80::/10. */
    public static boolean isLinkLocal(long high) {
        return high >>> 54 == 0xfe80 >>> 6;
    }

    /** :: or ::1, which no packet that is routed may carry (RFC 4291 §2.5.2, §2.5.3). */
    public static boolean isUnspecifiedOrLoopback(long high, long low) {
        return high == 0 && low >>> 1 == 0;
    }

    /** The second half of the solicited-node multicast address ff02::1:ffXX:XXXX (RFC 4291 §2.7.1). */
    public static long solicitedNodeLow(long low) {
        return 0x1_ff00_0000L | (low & 0xff_ffffL);
    }

    /** fe80::/64. */
    public static final long LINK_LOCAL_HIGH = 0xfe80_0000_0000_0000L;

    /** The interface identifier that follows from a MAC (RFC 4291 appendix A). */
    public static long interfaceId(long mac) {
        return (mac >>> 24 ^ 0x2_0000L) << 40 | 0xff_fe00_0000L | (mac & 0xff_ffffL);
    }

    /** First half of ff02::/16, the multicast addresses of the link. */
    public static final long LINK_MULTICAST_HIGH = 0xff02_0000_0000_0000L;

    /** Second half of ff02::1, all nodes. */
    public static final long ALL_NODES_LOW = 1;

    /** Ethernet address of a multicast address (RFC 2464 §7). */
    public static long multicastMac(long low) {
        return 0x3333_0000_0000L | (low & 0xffff_ffffL);
    }
}
