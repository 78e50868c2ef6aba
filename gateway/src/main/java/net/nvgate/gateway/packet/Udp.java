package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/** UDP (RFC 768): ports at 0 and 2, length at 4, checksum at 6 (0: none). Ports lie the same way in TCP. */
public final class Udp {

    public static final int LENGTH = 8;
    public static final int CHECKSUM_OFFSET = 6;

    private Udp() {}

    public static int sourcePort(long l4) {
        return Mem.u16Be(l4);
    }

    public static void sourcePort(long l4, int port) {
        Mem.u16Be(l4, port);
    }

    public static int destinationPort(long l4) {
        return Mem.u16Be(l4 + 2);
    }

    public static void destinationPort(long l4, int port) {
        Mem.u16Be(l4 + 2, port);
    }

    /** Both ports as one int, source high. */
    public static int ports(long l4) {
        return Mem.i32Be(l4);
    }

    public static int length(long udp) {
        return Mem.u16Be(udp + 4);
    }

    public static void length(long udp, int length) {
        Mem.u16Be(udp + 4, length);
    }

    /**
     * Whether the length and checksum of a whole datagram over IPv4 are right.
     *
     * @param available bytes behind the IP header
     */
    public static boolean isRight(long ip, long udp, int available) {
        int length = available < LENGTH ? 0 : length(udp);
        if (length < LENGTH || length > available) {
            return false;
        }
        return Mem.u16Be(udp + CHECKSUM_OFFSET) == 0 || Checksum.fold(sum(ip, udp, length)) == 0xffff;
    }

    /** Computes the checksum of a datagram over IPv4 whose header is complete. */
    public static void fillChecksum(long ip, long udp) {
        Mem.u16Be(udp + CHECKSUM_OFFSET, 0);
        int checksum = ~Checksum.fold(sum(ip, udp, length(udp))) & 0xffff;
        Mem.u16Be(udp + CHECKSUM_OFFSET, checksum == 0 ? 0xffff : checksum);
    }

    private static long sum(long ip, long udp, int length) {
        return Checksum.pseudoHeader(Ipv4.source(ip), Ipv4.destination(ip), Ipv4.UDP, length)
                + Checksum.sum(udp, length);
    }
}
