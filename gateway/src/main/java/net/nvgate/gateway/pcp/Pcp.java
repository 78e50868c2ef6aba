package net.nvgate.gateway.pcp;

import net.nvgate.gateway.dpdk.Mem;

/**
 * Layout of PCP messages (RFC 6887 §7, §11, §13), all fields in network byte order. IPv4 addresses are IPv4-mapped.
 *
 * <pre>
 *  request header, 24 bytes             response header, 24 bytes          MAP, 36 bytes behind either
 *  0 version   1 R = 0 | opcode         0 version   1 R = 1 | opcode        0 mapping nonce (96 bits)
 *  2 reserved (16)                      2 reserved  3 result code          12 protocol   13 reserved (24)
 *  4 requested lifetime, s (32)         4 lifetime, s (32)                 16 internal port (16)
 *  8 client's address (128)             8 epoch, s (32)  12 reserved (96)  18 suggested or assigned external port (16)
 *                                                                          20 suggested or assigned external address (128)
 * </pre>
 */
final class Pcp {

    static final int PORT = 5351;
    static final int VERSION = 2;
    static final int HEADER = 24;
    static final int LENGTH_MAX = 1100;

    static final int ANNOUNCE = 0;
    static final int MAP = 1;
    static final int RESPONSE = 0x80;

    static final int MAP_LENGTH = 36;
    static final int NONCE_LENGTH = 12;

    /** Options: code, reserved, length (16), data to a multiple of four. Codes below 128 must be understood. */
    static final int OPTION_HEADER = 4;

    static final int OPTION_OPTIONAL = 128;
    static final int PREFER_FAILURE = 2;
    static final int FILTER = 3;
    static final int FILTER_LENGTH = 20;

    private static final int V4_MAPPED = 0xffff;

    private Pcp() {}

    static int version(long message) {
        return Mem.u8(message);
    }

    static int opcode(long message) {
        return Mem.u8(message + 1) & 0x7f;
    }

    static boolean isResponse(long message) {
        return (Mem.u8(message + 1) & RESPONSE) != 0;
    }

    /** Seconds, unsigned. */
    static long lifetime(long message) {
        return Mem.i32Be(message + 4) & 0xffff_ffffL;
    }

    static boolean isV4Mapped(long address) {
        return Mem.i64(address) == 0 && Mem.i32Be(address + 8) == V4_MAPPED;
    }

    /** The IPv4 address in an IPv4-mapped one, host order. */
    static int v4(long address) {
        return Mem.i32Be(address + 12);
    }

    static void v4Mapped(long address, int v4) {
        Mem.i64(address, 0);
        Mem.i32Be(address + 8, V4_MAPPED);
        Mem.i32Be(address + 12, v4);
    }

    /** Makes a response of the request at the same place; what follows the header stays. */
    static void respond(long message, int opcode, int result, long lifetime, int epoch) {
        Mem.u8(message, VERSION);
        Mem.u8(message + 1, RESPONSE | opcode);
        Mem.u8(message + 2, 0);
        Mem.u8(message + 3, result);
        Mem.i32Be(message + 4, (int) lifetime);
        Mem.i32Be(message + 8, epoch);
        Mem.i32(message + 12, 0);
        Mem.i64(message + 16, 0);
    }
}
