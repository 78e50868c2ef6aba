package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * ARP for IPv4 over Ethernet (RFC 826).
 *
 * <pre>
 *  0      2      4   5   6    8            14           18           24           28
 * +------+------+---+---+----+------------+------------+------------+------------+
 * | 1    |0x0800| 6 | 4 | op | sender MAC | sender IP  | target MAC | target IP  |
 * +------+------+---+---+----+------------+------------+------------+------------+
 * </pre>
 */
public final class Arp {

    public static final int LENGTH = 28;
    public static final int REQUEST = 1;
    public static final int REPLY = 2;
    private static final long ETHERNET_IPV4 = 0x0001_0800_0604L;

    private Arp() {}

    /** Whether hardware and protocol types and lengths are those of IPv4 over Ethernet. */
    public static boolean isEthernetIpv4(long arp) {
        return Mem.i64Be(arp) >>> 16 == ETHERNET_IPV4;
    }

    public static int operation(long arp) {
        return Mem.u16Be(arp + 6);
    }

    public static long senderMac(long arp) {
        return Ethernet.mac(arp + 8);
    }

    public static int senderAddress(long arp) {
        return Mem.i32Be(arp + 14);
    }

    public static int targetAddress(long arp) {
        return Mem.i32Be(arp + 24);
    }

    /** Writes all 28 bytes. */
    public static void write(
            long arp, int operation, long senderMac, int senderAddress, long targetMac, int targetAddress) {
        Mem.i64Be(arp, ETHERNET_IPV4 << 16 | operation);
        Ethernet.mac(arp + 8, senderMac);
        Mem.i32Be(arp + 14, senderAddress);
        Ethernet.mac(arp + 18, targetMac);
        Mem.i32Be(arp + 24, targetAddress);
    }
}
