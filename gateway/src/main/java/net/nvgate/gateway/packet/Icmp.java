package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * ICMP (RFC 792): type, code, checksum, then the identifier and sequence number of a query, or 32 bits and the embedded
 * datagram of an error.
 */
public final class Icmp {

    public static final int LENGTH = 8;
    public static final int CHECKSUM_OFFSET = 2;
    public static final int ECHO_REPLY = 0;
    public static final int UNREACHABLE = 3;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;
    public static final int TIMESTAMP_REQUEST = 13;
    public static final int TIMESTAMP_REPLY = 14;

    /** Codes of {@link #UNREACHABLE}. */
    public static final int CODE_NETWORK = 0;

    public static final int CODE_HOST = 1;
    public static final int CODE_PORT = 3;

    public static final int CODE_FRAGMENTATION_NEEDED = 4;
    public static final int CODE_SOURCE_ROUTE = 5;
    public static final int CODE_PROHIBITED = 13;

    private Icmp() {}

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

    public static int id(long icmp) {
        return Mem.u16Be(icmp + 4);
    }

    public static void id(long icmp, int id) {
        Mem.u16Be(icmp + 4, id);
    }

    /** Questions and answers with an identifier, which a NAT follows (RFC 5508 §3); the types that RFC 6918 deprecates aside. */
    public static boolean isQuery(int type) {
        return isRequest(type) || type == ECHO_REPLY || type == TIMESTAMP_REPLY;
    }

    /** Of {@link #isQuery}, those that ask. */
    public static boolean isRequest(int type) {
        return type == ECHO_REQUEST || type == TIMESTAMP_REQUEST;
    }

    /** The types that carry an embedded datagram and that a NAT must translate (RFC 5508 §4.2, REQ-11). */
    public static boolean isError(int type) {
        return type == UNREACHABLE || type == TIME_EXCEEDED || type == PARAMETER_PROBLEM;
    }
}
