package net.nvgate.gateway.nat64;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.packet.Udp;

/**
 * Makes an IPv6 packet of an IPv4 packet in its place (RFC 7915 §4.1): the transport header and the payload stay where they are, the
 * IPv6 header goes before them, with a fragment header if the IPv4 packet is a fragment. Options are left out. The TTL is not
 * decremented here.
 *
 * <pre>
 *                         | IPv4 header, options | TCP, UDP, ICMP ...     |
 *  | IPv6 header 40 | fragment header 0 or 8     | TCP, UDP, ICMPv6 ...   |
 * </pre>
 */
public final class ToIpv6 {

    private ToIpv6() {}

    /** Bytes that a packet grows by. */
    public static int growth(long ip4) {
        return headers(Ipv4.fragment(ip4)) - Ipv4.headerLength(ip4);
    }

    /** Bytes of the headers before the transport header. */
    static int headers(int fragmentWord) {
        return Ipv6.LENGTH + (Ipv4.isFragment(fragmentWord) ? Ipv6Chain.FRAGMENT_LENGTH : 0);
    }

    /**
     * Translates a packet of TCP, UDP or an ICMP echo between a host and a remote endpoint. UDP has a checksum, see
     * {@link #fillUdpChecksum}. There is room for {@link #growth} before the packet.
     *
     * @return address of the IPv6 header
     */
    public static long translate(long ip4, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        int protocol = Ipv4.protocol(ip4);
        int fragment = Ipv4.fragment(ip4);
        int headerLength = Ipv4.headerLength(ip4);
        int payload = Ipv4.totalLength(ip4) - headerLength;
        long l4 = ip4 + headerLength;
        int addresses4 = ToIpv4.addresses4(Ipv4.source(ip4), Ipv4.destination(ip4));
        long ip6 = header(ip4, payload, sourceHigh, sourceLow, destinationHigh, destinationLow);
        if ((fragment & Ipv4.OFFSET_MASK) == 0) {
            int addresses6 = Checksum.fold(Checksum.sum(ip6 + Ipv6.SOURCE_OFFSET, 32));
            transport(l4, payload, protocol, addresses4, addresses6);
        }
        return ip6;
    }

    /** Writes the IPv6 header and a fragment header before the transport header, and nothing else; its address. */
    static long header(
            long ip4, int payload, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
        int tos = Ipv4.tos(ip4);
        int ttl = Ipv4.ttl(ip4);
        int id = Ipv4.id(ip4);
        int fragment = Ipv4.fragment(ip4);
        int protocol = Ipv4.protocol(ip4) == Ipv4.ICMP ? Ipv6.ICMPV6 : Ipv4.protocol(ip4);
        long l4 = ip4 + Ipv4.headerLength(ip4);
        int headers = headers(fragment);
        long ip6 = l4 - headers;
        boolean isFragment = headers > Ipv6.LENGTH;
        if (isFragment) {
            long header = l4 - Ipv6Chain.FRAGMENT_LENGTH;
            Mem.u16Be(header, protocol << 8);
            Mem.u16Be(header + 2, (fragment & Ipv4.OFFSET_MASK) << 3 | ((fragment & Ipv4.MORE_FRAGMENTS) != 0 ? 1 : 0));
            Mem.i32Be(header + 4, id);
        }
        Ipv6.write(
                ip6,
                tos,
                0,
                headers - Ipv6.LENGTH + payload,
                isFragment ? Ipv6.FRAGMENT : protocol,
                ttl,
                sourceHigh,
                sourceLow,
                destinationHigh,
                destinationLow);
        return ip6;
    }

    private static void transport(long l4, int payload, int protocol, int addresses4, int addresses6) {
        if (protocol == Ipv4.ICMP) {
            echo(l4, payload, addresses6);
            return;
        }
        int delta = Checksum.add(~addresses4 & 0xffff, addresses6);
        if (protocol == Ipv4.TCP) {
            long at = l4 + Tcp.CHECKSUM_OFFSET;
            Mem.u16Be(at, Checksum.apply(Mem.u16Be(at), delta));
        } else if (protocol == Ipv4.UDP) {
            long at = l4 + Udp.CHECKSUM_OFFSET;
            Mem.u16Be(at, Checksum.applyUdp(Mem.u16Be(at), delta));
        }
    }

    /** An ICMPv6 checksum covers a pseudo header, an ICMPv4 one does not. */
    static void echo(long icmp, int length, int addresses6) {
        int pseudo = Checksum.fold((long) addresses6 + length + Ipv6.ICMPV6);
        int old = Mem.u16Be(icmp);
        int typeAndCode = IcmpTypes.toV6(Icmp.type(icmp), 0);
        Icmpv6.typeAndCode(icmp, typeAndCode >>> 8, 0);
        int delta = Checksum.add(Checksum.delta16(old, typeAndCode), pseudo);
        Icmp.checksum(icmp, Checksum.apply(Icmp.checksum(icmp), delta));
    }

    /** UDP over IPv4 may go without a checksum, over IPv6 it may not (RFC 7915 §4.5): computes it for a packet that is whole. */
    public static void fillUdpChecksum(long ip4) {
        long udp = ip4 + Ipv4.headerLength(ip4);
        int length = Ipv4.totalLength(ip4) - Ipv4.headerLength(ip4);
        long pseudo = (long) ToIpv4.addresses4(Ipv4.source(ip4), Ipv4.destination(ip4)) + Ipv4.UDP + Udp.length(udp);
        int checksum = ~Checksum.fold(pseudo + Checksum.sum(udp, Math.min(length, Udp.length(udp)))) & 0xffff;
        Mem.u16Be(udp + Udp.CHECKSUM_OFFSET, checksum == 0 ? 0xffff : checksum);
    }
}
