package net.nvgate.gateway.nvgre;

import net.nvgate.gateway.dpdk.Mem;

/**
 * The GRE header of NVGRE (RFC 7637 §3.2, on RFC 2784 and RFC 2890).
 *
 * <pre>
 *  0                                   2               4                          7        8
 * +-+-+-+-+---------------+-----------+---------------+--------------------------+--------+
 * |C|0|K|S| Reserved0     | Ver       | 0x6558        | VSID                     | FlowID |
 * |0|0|1|0| 0             | 0         |               | 24 bits                  | 8 bits |
 * +-+-+-+-+---------------+-----------+---------------+--------------------------+--------+
 * </pre>
 */
public final class Nvgre {

    public static final int LENGTH = 8;
    /** C=0 K=1 S=0, version 0, protocol type Transparent Ethernet Bridging. */
    public static final int FLAGS_AND_TYPE = 0x2000_6558;

    public static final int PROTOCOL_TYPE = 0x6558;
    public static final int CHECKSUM_PRESENT = 0x8000;
    public static final int KEY_PRESENT = 0x2000;
    public static final int SEQUENCE_PRESENT = 0x1000;
    public static final int VERSION_MASK = 0x0007;
    public static final int RESERVED_MASK = 0x4ff8;

    /** 0..0xFFF are reserved, 0xFFFFFF is for vendors (RFC 7637 §3.3). */
    public static final int VSID_MIN = 0x1000;

    public static final int VSID_MAX = 0xfffffe;

    /** Outer IPv4, GRE and inner Ethernet: what the tunnel adds to an inner IP packet. */
    public static final int OVERHEAD = 20 + LENGTH + 14;

    /** As {@link #OVERHEAD}, with outer IPv6. */
    public static final int OVERHEAD_IPV6 = 40 + LENGTH + 14;

    private Nvgre() {}

    /** The first 32 bits: flags, version and protocol type. */
    public static int flagsAndType(long gre) {
        return Mem.i32Be(gre);
    }

    public static int vsid(long gre) {
        return Mem.i32Be(gre + 4) >>> 8;
    }

    public static int flowId(long gre) {
        return Mem.u8(gre + 7);
    }

    public static void flowId(long gre, int flowId) {
        Mem.u8(gre + 7, flowId);
    }

    public static boolean isReserved(int vsid) {
        return vsid < VSID_MIN || vsid > VSID_MAX;
    }

    public static void write(long gre, int vsid, int flowId) {
        Mem.i32Be(gre, FLAGS_AND_TYPE);
        Mem.i32Be(gre + 4, (vsid << 8) | (flowId & 0xff));
    }
}
