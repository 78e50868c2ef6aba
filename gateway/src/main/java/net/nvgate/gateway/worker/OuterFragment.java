package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import org.jspecify.annotations.Nullable;

/**
 * A fragment of an outer packet, of either family. Of IPv6, with the fragment header right behind the IPv6 header, as hosts send it:
 *
 * <pre>
 *  IPv4:  | header, options | payload       IPv6:  | IPv6 header 40 | fragment header 8 | payload
 * </pre>
 */
final class OuterFragment {

    private static final int LENGTH_MAX = 65_535;
    private static final int IPV6_HEADERS = Ipv6.LENGTH + Ipv6Chain.FRAGMENT_LENGTH;

    private OuterFragment() {}

    private static boolean isIpv4(long ip) {
        return Mem.u8(ip) >>> 4 == 4;
    }

    /** Bytes before the payload. */
    static int headers(long ip) {
        return isIpv4(ip) ? Ipv4.headerLength(ip) : IPV6_HEADERS;
    }

    /** Bytes of payload. */
    static int payload(long ip) {
        return (isIpv4(ip) ? Ipv4.totalLength(ip) : Ipv6.totalLength(ip)) - headers(ip);
    }

    /** Where the payload belongs in the whole packet's, bytes. */
    static int offset(long ip) {
        return isIpv4(ip) ? FragmentShape.offset(ip) << 3 : Ipv6Chain.fragmentOffset(ip + Ipv6.LENGTH);
    }

    static boolean isLast(long ip) {
        return isIpv4(ip) ? FragmentShape.isLast(ip) : !Ipv6Chain.moreFragments(ip + Ipv6.LENGTH);
    }

    /** 16 bits of IPv4, 32 of IPv6. */
    static int id(long ip) {
        return isIpv4(ip) ? Ipv4.id(ip) : Mem.i32Be(ip + Ipv6.LENGTH + 4);
    }

    static boolean hasCongestionMark(long ip) {
        return ((isIpv4(ip) ? Ipv4.tos(ip) : Ipv6.trafficClass(ip)) & 3) == 3;
    }

    /** Whether it is of a GRE packet and can be put together with others at all. */
    static @Nullable DropReason fault(long ip) {
        boolean gre = isIpv4(ip)
                ? Ipv4.protocol(ip) == Ipv4.GRE
                : Ipv6.nextHeader(ip) == Ipv6.FRAGMENT && Mem.u8(ip + Ipv6.LENGTH) == Ipv4.GRE;
        if (!gre) {
            return DropReason.OUTER_FRAGMENT;
        }
        int payload = payload(ip);
        boolean wrong = payload <= 0 || (!isLast(ip) && (payload & 7) != 0) || offset(ip) + payload > LENGTH_MAX;
        return wrong ? DropReason.OUTER_FRAGMENT_SIZE : null;
    }

    /**
     * Makes the first fragment's header that of the whole packet, whose payload is there.
     *
     * @param payload bytes
     * @param congestion some fragment had a mark: then the packet has one (RFC 3168 §5.3)
     * @return address of the header: of IPv6 it moves to where the fragment header was
     */
    static long makeWhole(long ip, int payload, boolean congestion) {
        if (isIpv4(ip)) {
            int headerLength = Ipv4.headerLength(ip);
            Ipv4.totalLength(ip, headerLength + payload);
            Ipv4.fragment(ip, 0);
            Ipv4.tos(ip, congestion ? Ipv4.tos(ip) | 3 : Ipv4.tos(ip));
            Ipv4.fillChecksum(ip, headerLength);
            return ip;
        }
        long whole = ip + Ipv6Chain.FRAGMENT_LENGTH;
        for (int i = Ipv6.LENGTH - 8; i >= 0; i -= 8) {
            Mem.i64(whole + i, Mem.i64(ip + i));
        }
        Ipv6.nextHeader(whole, Ipv4.GRE);
        Ipv6.payloadLength(whole, payload);
        Ipv6.trafficClass(whole, congestion ? Ipv6.trafficClass(whole) | 3 : Ipv6.trafficClass(whole));
        return whole;
    }
}
