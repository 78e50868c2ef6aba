package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * Neighbour discovery (RFC 4861 §4): ICMPv6 messages with a target and options.
 *
 * <pre>
 *  0      1      2          4                       8          24
 * +------+------+----------+-----------------------+----------+---------+
 * | type | 0    | checksum | R S O, reserved       | target   | options |    solicitation 135, advertisement 136
 * +------+------+----------+-----------------------+----------+---------+
 * option: type 8 | length 8, in units of 8 bytes | ...        1 source, 2 target link-layer address
 * </pre>
 *
 * A router advertisement (134) has its lifetime at 6 and options from 16 on.
 */
public final class NeighborDiscovery {

    public static final int ROUTER_SOLICITATION = 133;
    public static final int ROUTER_ADVERTISEMENT = 134;
    public static final int SOLICITATION = 135;
    public static final int ADVERTISEMENT = 136;
    public static final int REDIRECT = 137;

    public static final int SOURCE_LINK_ADDRESS = 1;
    public static final int TARGET_LINK_ADDRESS = 2;

    /** Flags of an advertisement, in the word behind the checksum. */
    public static final int ROUTER = 1 << 31;

    public static final int SOLICITED = 1 << 30;
    public static final int OVERRIDE = 1 << 29;

    /** Of a solicitation or advertisement, without options. */
    public static final int LENGTH = 24;

    public static final int ROUTER_ADVERTISEMENT_LENGTH = 16;

    /** IPv6 header, message and one link-layer address. */
    public static final int PACKET_LENGTH = Ipv6.LENGTH + LENGTH + 8;

    private NeighborDiscovery() {}

    public static boolean isType(int icmpType) {
        return ROUTER_SOLICITATION <= icmpType && icmpType <= REDIRECT;
    }

    public static int flags(long message) {
        return Mem.i32Be(message + 4);
    }

    public static long targetHigh(long message) {
        return Mem.i64Be(message + 8);
    }

    public static long targetLow(long message) {
        return Mem.i64Be(message + 16);
    }

    /** Of a router advertisement, seconds; 0 = no default router. */
    public static int routerLifetime(long message) {
        return Mem.u16Be(message + 6);
    }

    /** Whether every option has a length that is not 0 and that is there (RFC 4861 §7.1). */
    public static boolean areOptionsRight(long options, int length) {
        int at = 0;
        while (at < length) {
            if (length - at < 8) {
                return false;
            }
            int size = Mem.u8(options + at + 1) << 3;
            if (size == 0 || size > length - at) {
                return false;
            }
            at += size;
        }
        return true;
    }

    /** The MAC of the first option of a type, 0 = there is none. The options are right. */
    public static long linkAddress(long options, int length, int type) {
        for (int at = 0; at < length; at += Mem.u8(options + at + 1) << 3) {
            if (Mem.u8(options + at) == type) {
                return Ethernet.mac(options + at + 2);
            }
        }
        return 0;
    }

    /**
     * Writes a whole solicitation. One from :: has no link-layer address (RFC 4862 §5.4.2).
     *
     * @param toAll to the target's solicited-node group, else to the target itself
     * @return bytes of the packet
     */
    public static int writeSolicitation(
            long ip, long mac, long sourceHigh, long sourceLow, long targetHigh, long targetLow, boolean toAll) {
        boolean probe = sourceHigh == 0 && sourceLow == 0;
        int length = probe ? LENGTH : LENGTH + 8;
        long destinationHigh = toAll ? Ipv6.LINK_MULTICAST_HIGH : targetHigh;
        long destinationLow = toAll ? Ipv6.solicitedNodeLow(targetLow) : targetLow;
        header(ip, length, sourceHigh, sourceLow, destinationHigh, destinationLow);
        message(ip, SOLICITATION, 0, targetHigh, targetLow);
        if (!probe) {
            option(ip, SOURCE_LINK_ADDRESS, mac);
        }
        Icmpv6.fillChecksum(ip, ip + Ipv6.LENGTH, length);
        return Ipv6.LENGTH + length;
    }

    /** Writes a whole advertisement, {@link #PACKET_LENGTH} bytes; its source is the target. */
    public static void writeAdvertisement(
            long ip, long mac, long targetHigh, long targetLow, long destinationHigh, long destinationLow, int flags) {
        header(ip, LENGTH + 8, targetHigh, targetLow, destinationHigh, destinationLow);
        message(ip, ADVERTISEMENT, flags, targetHigh, targetLow);
        option(ip, TARGET_LINK_ADDRESS, mac);
        Icmpv6.fillChecksum(ip, ip + Ipv6.LENGTH, LENGTH + 8);
    }

    private static void header(
            long ip, int length, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        Ipv6.write(
                ip,
                0,
                0,
                length,
                Ipv6.ICMPV6,
                Ipv6.HOP_LIMIT_LINK,
                sourceHigh,
                sourceLow,
                destinationHigh,
                destinationLow);
    }

    private static void message(long ip, int type, int flags, long targetHigh, long targetLow) {
        long message = ip + Ipv6.LENGTH;
        Icmpv6.typeAndCode(message, type, 0);
        Mem.i32Be(message + 4, flags);
        Mem.i64Be(message + 8, targetHigh);
        Mem.i64Be(message + 16, targetLow);
    }

    private static void option(long ip, int type, long mac) {
        long option = ip + Ipv6.LENGTH + LENGTH;
        Mem.u8(option, type);
        Mem.u8(option + 1, 1);
        Ethernet.mac(option + 2, mac);
    }
}
