package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * IPv4 (RFC 791). Addresses are ints, first byte on the wire highest.
 *
 * <pre>
 *  0          1           2              4         6              8     9          10         12       16            20
 * +----------+-----------+--------------+---------+--------------+-----+----------+----------+--------+-------------+
 * | ver, IHL | DSCP, ECN | total length | id      | flags+offset | TTL | protocol | checksum | source | destination |
 * +----------+-----------+--------------+---------+--------------+-----+----------+----------+--------+-------------+
 * </pre>
 */
public final class Ipv4 {

    public static final int MIN_LENGTH = 20;
    public static final int MAX_LENGTH = 60;
    public static final int DONT_FRAGMENT = 0x4000;
    public static final int MORE_FRAGMENTS = 0x2000;
    public static final int OFFSET_MASK = 0x1fff;
    public static final int ICMP = 1;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int GRE = 47;
    public static final int TTL_DEFAULT = 64;
    /** The limited broadcast address 255.255.255.255. */
    public static final int BROADCAST = -1;

    /** Of 0xffff, modulo 2^64. */
    private static final long INVERSE_OF_ALL_ONES = 0xfffe_fffe_fffe_ffffL;

    private Ipv4() {}

    public static int version(long ip) {
        return Mem.u8(ip) >>> 4;
    }

    /** In bytes, 0..60; below 20 is malformed. */
    public static int headerLength(long ip) {
        return (Mem.u8(ip) & 15) << 2;
    }

    public static int tos(long ip) {
        return Mem.u8(ip + 1);
    }

    public static void tos(long ip, int tos) {
        Mem.u8(ip + 1, tos);
    }

    public static int totalLength(long ip) {
        return Mem.u16Be(ip + 2);
    }

    public static void totalLength(long ip, int length) {
        Mem.u16Be(ip + 2, length);
    }

    public static int id(long ip) {
        return Mem.u16Be(ip + 4);
    }

    public static void id(long ip, int id) {
        Mem.u16Be(ip + 4, id);
    }

    /** The word of reserved bit, DF, MF and the fragment offset in units of 8 bytes. */
    public static int fragment(long ip) {
        return Mem.u16Be(ip + 6);
    }

    public static void fragment(long ip, int word) {
        Mem.u16Be(ip + 6, word);
    }

    public static boolean isFragment(int fragmentWord) {
        return (fragmentWord & (MORE_FRAGMENTS | OFFSET_MASK)) != 0;
    }

    public static int ttl(long ip) {
        return Mem.u8(ip + 8);
    }

    public static void ttl(long ip, int ttl) {
        Mem.u8(ip + 8, ttl);
    }

    public static int protocol(long ip) {
        return Mem.u8(ip + 9);
    }

    public static int checksum(long ip) {
        return Mem.u16Be(ip + 10);
    }

    public static void checksum(long ip, int checksum) {
        Mem.u16Be(ip + 10, checksum);
    }

    public static int source(long ip) {
        return Mem.i32Be(ip + 12);
    }

    public static void source(long ip, int address) {
        Mem.i32Be(ip + 12, address);
    }

    public static int destination(long ip) {
        return Mem.i32Be(ip + 16);
    }

    public static void destination(long ip, int address) {
        Mem.i32Be(ip + 16, address);
    }

    /** Source and destination as one long, source high. */
    public static long addresses(long ip) {
        return Mem.i64Be(ip + 12);
    }

    /** Whether the header's checksum is right; the header's bytes have been bounds-checked. */
    public static boolean checksumIsRight(long ip, int headerLength) {
        long sum = (Mem.i64(ip) & 0xffffffffL)
                + (Mem.i64(ip) >>> 32)
                + (Mem.i64(ip + 8) & 0xffffffffL)
                + (Mem.i64(ip + 8) >>> 32)
                + (Mem.i32(ip + 16) & 0xffffffffL);
        // The one's-complement sum is the same in either byte order, as far as "all ones" goes (RFC 1071 §2 B).
        for (int i = MIN_LENGTH; i < headerLength; i += 4) {
            sum += Mem.i32(ip + i) & 0xffffffffL;
        }
        // "All ones" are the multiples of 0xffff but 0. A product with the inverse is the quotient, which is small, if
        // there is no remainder.
        return ((sum * INVERSE_OF_ALL_ONES) - 1) >>> Integer.SIZE == 0;
    }

    /** Writes the checksum of a complete header. */
    public static void fillChecksum(long ip, int headerLength) {
        checksum(ip, 0);
        checksum(ip, Checksum.of(ip, headerLength));
    }

    /** Writes a 20-byte header, id 0, with its checksum. */
    public static void write(long ip, int totalLength, int fragment, int protocol, int source, int destination) {
        Mem.u16Be(ip, 0x4500);
        Mem.u16Be(ip + 2, totalLength);
        Mem.u16Be(ip + 4, 0);
        Mem.u16Be(ip + 6, fragment);
        Mem.u8(ip + 8, TTL_DEFAULT);
        Mem.u8(ip + 9, protocol);
        Mem.i32Be(ip + 12, source);
        Mem.i32Be(ip + 16, destination);
        fillChecksum(ip, MIN_LENGTH);
    }

    /** 224.0.0.0/4, 240.0.0.0/4 and the broadcast address: never the source or destination of a unicast packet. */
    public static boolean isGroupOrReserved(int address) {
        return address >>> 29 == 7;
    }

    /** "This network" 0.0.0.0/8 or loopback 127.0.0.0/8 (RFC 1122 §3.2.1.3). */
    public static boolean isNeverOnTheWire(int address) {
        return address >>> 24 == 0 || address >>> 24 == 127;
    }
}
