package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * ICMPv6 (RFC 4443): type, code, checksum over a pseudo header, then a 32-bit word (identifier and sequence number of an echo, MTU of
 * "packet too big", pointer of a parameter problem) and, in an error, as much of the packet as fits 1280 bytes.
 */
public final class Icmpv6 {

    public static final int LENGTH = 8;
    public static final int CHECKSUM_OFFSET = 2;

    public static final int UNREACHABLE = 1;
    public static final int TOO_BIG = 2;
    public static final int TIME_EXCEEDED = 3;
    public static final int PARAMETER_PROBLEM = 4;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int REDIRECT = 137;

    /** Codes of {@link #UNREACHABLE}. */
    public static final int CODE_NO_ROUTE = 0;

    public static final int CODE_PROHIBITED = 1;
    public static final int CODE_ADDRESS = 3;
    public static final int CODE_PORT = 4;
    /** "Source address failed ingress/egress policy". */
    public static final int CODE_POLICY = 5;
    /** Reject route to destination. */
    public static final int CODE_REJECT = 6;

    private Icmpv6() {}

    public static int type(long icmp) {
        return Mem.u8(icmp);
    }

    public static int code(long icmp) {
        return Mem.u8(icmp + 1);
    }

    public static void typeAndCode(long icmp, int type, int code) {
        Mem.u8(icmp, type);
        Mem.u8(icmp + 1, code);
    }

    public static int checksum(long icmp) {
        return Mem.u16Be(icmp + 2);
    }

    public static void checksum(long icmp, int checksum) {
        Mem.u16Be(icmp + 2, checksum);
    }

    /** Identifier of an echo. */
    public static int id(long icmp) {
        return Mem.u16Be(icmp + 4);
    }

    public static void id(long icmp, int id) {
        Mem.u16Be(icmp + 4, id);
    }

    /** The word behind the checksum: MTU, pointer, or 0. */
    public static int word(long icmp) {
        return Mem.i32Be(icmp + 4);
    }

    public static boolean isEcho(int type) {
        return type == ECHO_REQUEST || type == ECHO_REPLY;
    }

    /** Types below 128 are errors, with a packet embedded (RFC 4443 §2.1). */
    public static boolean isError(int type) {
        return type < 128;
    }

    /** Whether the checksum is right, for a message whose IPv6 header is at {@code ip}. */
    public static boolean checksumIsRight(long ip, long icmp, int length) {
        return Checksum.fold(Ipv6.pseudoHeader(ip, length, Ipv6.ICMPV6) + Checksum.sum(icmp, length)) == 0xffff;
    }

    /** Computes and writes the checksum of a complete message. */
    public static void fillChecksum(long ip, long icmp, int length) {
        checksum(icmp, 0);
        long sum = Ipv6.pseudoHeader(ip, length, Ipv6.ICMPV6) + Checksum.sum(icmp, length);
        checksum(icmp, ~Checksum.fold(sum) & 0xffff);
    }
}
