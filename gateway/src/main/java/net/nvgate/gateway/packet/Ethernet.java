package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * Ethernet II. MAC addresses are longs with the 48 bits at the right, first byte on the wire highest.
 *
 * <pre>
 *  0                6                12          14
 * +----------------+----------------+-----------+
 * | destination    | source         | EtherType |
 * +----------------+----------------+-----------+
 * </pre>
 */
public final class Ethernet {

    public static final int LENGTH = 14;
    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_ARP = 0x0806;
    public static final int TYPE_IPV6 = 0x86dd;
    public static final int TYPE_VLAN = 0x8100;
    public static final int TYPE_QINQ = 0x88a8;
    public static final long BROADCAST = 0xffff_ffff_ffffL;
    public static final int MIN_FRAME = 60;

    private Ethernet() {}

    public static long destination(long frame) {
        return Mem.i64Be(frame) >>> 16;
    }

    public static long source(long frame) {
        return Mem.i64Be(frame + 6) >>> 16;
    }

    public static int type(long frame) {
        return Mem.u16Be(frame + 12);
    }

    public static void write(long frame, long destination, long source, int type) {
        mac(frame, destination);
        mac(frame + 6, source);
        Mem.u16Be(frame + 12, type);
    }

    /** Multicast, broadcast included. */
    public static boolean isGroup(long mac) {
        return (mac & 0x0100_0000_0000L) != 0;
    }

    public static long mac(long address) {
        return (long) Mem.u16Be(address) << 32 | (Mem.i32Be(address + 2) & 0xffffffffL);
    }

    public static void mac(long address, long mac) {
        Mem.u16Be(address, (int) (mac >>> 32));
        Mem.i32Be(address + 2, (int) mac);
    }
}
