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
 * Makes an IPv4 packet of an IPv6 packet in its place (RFC 7915 §5.1): the transport header and the payload stay where they are, the
 * IPv4 header goes directly before them, extension headers are left out. The hop limit is not decremented here.
 *
 * <pre>
 *  |  IPv6 header 40  | extension headers | TCP, UDP, ICMPv6 ...     |
 *                           | IPv4 hdr 20 | TCP, UDP, ICMP ...       |
 * </pre>
 */
public final class ToIpv4 {

    /** Largest IPv4 packet that goes without DF: what came from an IPv6 packet of 1280 bytes (RFC 7915 §5.1). */
    public static final int FRAGMENTABLE_MAX = Ipv6.MTU_MIN - Ipv6.LENGTH + Ipv4.MIN_LENGTH;

    private ToIpv4() {}

    /**
     * Translates a packet whose chain, as {@link Ipv6Chain#walk} found it, is right and ends with TCP, UDP or an ICMPv6 echo; of a
     * first fragment the whole transport header is there.
     *
     * @param id for a packet that may be fragmented further and has no identification of its own
     * @return address of the IPv4 header
     */
    public static long translate(long ip6, long chain, int source, int destination, int id) {
        int protocol = Ipv6Chain.protocol(chain);
        int payload = Ipv6.totalLength(ip6) - Ipv6Chain.offset(chain);
        long l4 = ip6 + Ipv6Chain.offset(chain);
        int addresses6 = Checksum.fold(Checksum.sum(ip6 + Ipv6.SOURCE_OFFSET, 32));
        long ip4 = header(ip6, chain, source, destination, id);
        if (!Ipv6Chain.isLaterFragment(chain)) {
            transport(l4, payload, protocol, addresses6, source, destination);
        }
        return ip4;
    }

    /** Writes the IPv4 header before the transport header, and nothing else; its address. */
    static long header(long ip6, long chain, int source, int destination, int id) {
        int trafficClass = Ipv6.trafficClass(ip6);
        int hopLimit = Ipv6.hopLimit(ip6);
        int protocol = Ipv6Chain.protocol(chain);
        int length = Ipv6.totalLength(ip6) - Ipv6Chain.offset(chain) + Ipv4.MIN_LENGTH;
        int fragment = 0;
        int identification = id;
        if (Ipv6Chain.hasFragmentHeader(chain)) {
            long header = ip6 + Ipv6Chain.fragmentHeader(chain);
            identification = Ipv6Chain.fragmentId(header) & 0xffff;
            fragment = Ipv6Chain.fragmentOffset(header) >>> 3
                    | (Ipv6Chain.moreFragments(header) ? Ipv4.MORE_FRAGMENTS : 0);
        } else if (length > FRAGMENTABLE_MAX) {
            fragment = Ipv4.DONT_FRAGMENT;
            identification = 0;
        }
        long ip4 = ip6 + Ipv6Chain.offset(chain) - Ipv4.MIN_LENGTH;
        Mem.u16Be(ip4, 0x4500 | trafficClass);
        Ipv4.totalLength(ip4, length);
        Mem.u16Be(ip4 + 4, identification);
        Ipv4.fragment(ip4, fragment);
        Ipv4.ttl(ip4, hopLimit);
        Mem.u8(ip4 + 9, protocol == Ipv6.ICMPV6 ? Ipv4.ICMP : protocol);
        Ipv4.source(ip4, source);
        Ipv4.destination(ip4, destination);
        Ipv4.fillChecksum(ip4, Ipv4.MIN_LENGTH);
        return ip4;
    }

    /** The transport checksum by its difference (RFC 7915 §5.5): a wrong one stays wrong. */
    private static void transport(long l4, int payload, int protocol, int addresses6, int source, int destination) {
        if (protocol == Ipv6.ICMPV6) {
            echo(l4, payload, addresses6);
            return;
        }
        int delta = Checksum.add(~addresses6 & 0xffff, addresses4(source, destination));
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
        int typeAndCode = IcmpTypes.toV4(Icmpv6.type(icmp), 0);
        Icmp.typeAndCode(icmp, typeAndCode >>> 8, 0);
        int delta = Checksum.add(Checksum.delta16(old, typeAndCode), ~pseudo & 0xffff);
        Icmp.checksum(icmp, Checksum.apply(Icmp.checksum(icmp), delta));
    }

    static int addresses4(int source, int destination) {
        return Checksum.fold((source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff));
    }
}
