package net.nvgate.gateway.nat64;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.packet.Udp;

/**
 * Makes an ICMPv6 error of an ICMPv4 error to an inside host, whose embedded packet is one of that host (RFC 7915 §4.2, §4.3). What
 * is behind the embedded IP header stays where it is; all before it is written anew toward lower addresses.
 *
 * <pre>
 *                         | IPv4 | ICMP 8 | IPv4      | TCP, UDP, ICMP ...
 *  | IPv6 40 | ICMPv6 8 | IPv6 40 (+ fragment 8)      | TCP, UDP, ICMPv6 ...
 * </pre>
 *
 * Extensions behind the embedded packet stay, where ICMPv6 has them, see {@link ErrorExtensions}.
 */
public final class ErrorToIpv6 {

    /** Of the embedded packet's length, the fifth octet (RFC 4884 §4.4). */
    private static final int LENGTH_UNIT = 8;

    private ErrorToIpv6() {}

    /** Bytes needed before the packet. */
    public static int growth(long ip4) {
        long embedded = embedded(ip4);
        return 2 * Ipv6.LENGTH + 8 - Ipv4.headerLength(ip4) - Ipv4.headerLength(embedded);
    }

    private static long embedded(long ip4) {
        return ip4 + Ipv4.headerLength(ip4) + Icmp.LENGTH;
    }

    /**
     * Translates an error that has been checked: a right checksum, an embedded IPv4 header and 8 bytes more, of TCP, UDP or echo.
     *
     * @param length bytes of the IPv4 packet
     * @param hosts where the host is looked up
     * @param handle of the host, the embedded source address
     * @param sourceHigh address of whoever says it
     * @param mtu6 largest IPv6 packet toward the remote side: smaller of both links, as IPv6
     * @return address of the IPv6 header, 0 when there is no such ICMPv6 message
     */
    public static long translate(
            long ip4, int length, InsideHosts hosts, int handle, long sourceHigh, long sourceLow, int mtu6) {
        long icmp4 = ip4 + Ipv4.headerLength(ip4);
        int v4 = Icmp.type(icmp4) << 8 | Icmp.code(icmp4);
        int v6 = IcmpTypes.toV6(v4 >>> 8, v4 & 0xff);
        long embedded = embedded(ip4);
        int word = v6 == IcmpTypes.NONE ? IcmpTypes.NONE : word(v4, icmp4, embedded, mtu6);
        if (word == IcmpTypes.NONE) {
            return 0;
        }
        int tos = Ipv4.tos(ip4);
        int ttl = Ipv4.ttl(ip4);
        int available = available(icmp4, length - Ipv4.headerLength(ip4) - Icmp.LENGTH) - Ipv4.headerLength(embedded);
        int all = length - Ipv4.headerLength(ip4) - Icmp.LENGTH;
        int embedded4Bytes = Mem.u8(icmp4 + 5) << 2;
        int extensions = hasLength(v6) ? ErrorExtensions.bytes(embedded, embedded4Bytes, all) : 0;
        int remote = Ipv4.destination(embedded);
        int addresses4 = ToIpv4.addresses4(Ipv4.source(embedded), remote);
        int payload = Ipv4.totalLength(embedded) - Ipv4.headerLength(embedded);
        int protocol = Ipv4.protocol(embedded);
        long l4 = embedded + Ipv4.headerLength(embedded);
        long hostHigh = hosts.high(handle);
        long hostLow = hosts.low(handle);
        long embedded6 = ToIpv6.header(
                embedded,
                payload,
                hostHigh,
                hostLow,
                hosts.remoteHigh(handle, remote),
                hosts.remoteLow(handle, remote));
        int addresses6 = Checksum.fold(Checksum.sum(embedded6 + Ipv6.SOURCE_OFFSET, 32));
        transport(l4, available, payload, protocol, addresses4, addresses6);
        long icmp6 = embedded6 - Icmpv6.LENGTH;
        long ip6 = icmp6 - Ipv6.LENGTH;
        // An ICMPv6 error has at most 1280 bytes (RFC 4443 §2.4 c).
        int most = Ipv6.MTU_MIN - Ipv6.LENGTH;
        int kept = ErrorExtensions.move(
                embedded + embedded4Bytes, extensions, embedded6, LENGTH_UNIT, most - Icmpv6.LENGTH);
        int bytes = kept == 0 ? Math.min((int) (l4 - icmp6) + available, most) : Icmpv6.LENGTH + kept + extensions;
        word |= (kept / LENGTH_UNIT) << 24;
        Icmpv6.typeAndCode(icmp6, v6 >>> 8, v6 & 0xff);
        Mem.i32Be(icmp6 + 4, word);
        Ipv6.write(ip6, tos, 0, bytes, Ipv6.ICMPV6, ttl, sourceHigh, sourceLow, hostHigh, hostLow);
        Icmpv6.fillChecksum(ip6, icmp6, bytes);
        return ip6;
    }

    /** Bytes of the embedded packet without extensions: RFC 4884 §5 has its length in 32-bit words in the sixth octet. */
    private static int available(long icmp4, int bytes) {
        int words = Mem.u8(icmp4 + 5);
        return words == 0 ? bytes : Math.min(bytes, Math.max(words << 2, minimum(icmp4 + Icmp.LENGTH)));
    }

    private static boolean hasLength(int v6) {
        return v6 >>> 8 == Icmpv6.UNREACHABLE || v6 >>> 8 == Icmpv6.TIME_EXCEEDED;
    }

    private static int minimum(long embedded) {
        return Ipv4.headerLength(embedded) + Udp.LENGTH;
    }

    /** What stands behind the ICMPv6 checksum; {@link IcmpTypes#NONE} when the pointer points to what IPv6 has not. */
    private static int word(int v4, long icmp4, long embedded, int mtu6) {
        if (IcmpTypes.hasPointer(v4)) {
            return IcmpTypes.pointerToV6(Mem.u8(icmp4 + 4));
        }
        if (v4 == (Icmp.UNREACHABLE << 8 | 2)) {
            // Protocol unreachable: the next header field.
            return 6;
        }
        if (v4 != (Icmp.UNREACHABLE << 8 | Icmp.CODE_FRAGMENTATION_NEEDED)) {
            return 0;
        }
        int told = Mem.u16Be(icmp4 + 6);
        int mtu4 = told == 0 ? IcmpTypes.plateauBelow(Ipv4.totalLength(embedded)) : told;
        return Math.max(Ipv6.MTU_MIN, Math.min(mtu4 + Ipv6.LENGTH - Ipv4.MIN_LENGTH, mtu6));
    }

    private static void transport(long l4, int available, int payload, int protocol, int addresses4, int addresses6) {
        if (protocol == Ipv4.ICMP) {
            ToIpv6.echo(l4, payload, addresses6);
            return;
        }
        int offset = protocol == Ipv4.TCP ? Tcp.CHECKSUM_OFFSET : Udp.CHECKSUM_OFFSET;
        if (available < offset + 2) {
            return;
        }
        int delta = Checksum.add(~addresses4 & 0xffff, addresses6);
        int old = Mem.u16Be(l4 + offset);
        Mem.u16Be(l4 + offset, protocol == Ipv4.UDP ? Checksum.applyUdp(old, delta) : Checksum.apply(old, delta));
    }
}
