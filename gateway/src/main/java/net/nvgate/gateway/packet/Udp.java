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
}
