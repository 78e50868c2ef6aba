package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * The fields of TCP (RFC 9293 §3.1) that a NAT reads: ports at 0 and 2, sequence number at 4, acknowledgement at 8, flags at 13,
 * window at 14, checksum at 16.
 */
public final class Tcp {

    public static final int MIN_LENGTH = 20;
    public static final int CHECKSUM_OFFSET = 16;
    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int ACK = 0x10;

    private Tcp() {}

    /** Modulo 2^32. */
    public static int sequence(long tcp) {
        return Mem.i32Be(tcp + 4);
    }

    /** Modulo 2^32; has a meaning with {@link #ACK}. */
    public static int acknowledgement(long tcp) {
        return Mem.i32Be(tcp + 8);
    }

    /** 0..65535, not scaled. */
    public static int window(long tcp) {
        return Mem.u16Be(tcp + 14);
    }

    public static int flags(long tcp) {
        return Mem.u8(tcp + 13);
    }

    /** In bytes, 0..60; below 20 is malformed. */
    public static int headerLength(long tcp) {
        return Mem.u8(tcp + 12) >>> 4 << 2;
    }
}
