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
 * Makes an ICMPv4 error of an ICMPv6 error from inside, whose embedded packet is one that a host received through NAT64 (RFC 7915
 * §5.2, §5.3). What is behind the embedded IPv6 header stays where it is; all before it is written anew.
 *
 * <pre>
 *  | IPv6 40 | ICMPv6 8 | IPv6 40, extension headers  | TCP, UDP, ICMPv6 ...
 *                         | IPv4 20 | ICMP 8 | IPv4 20 | TCP, UDP, ICMP ...
 * </pre>
 *
 * Extensions behind the embedded packet stay, see {@link ErrorExtensions}, unless it becomes shorter than they allow.
 */
public final class ErrorToIpv4 {

    /** Of the embedded packet's length, the sixth octet (RFC 4884 §4.1). */
    private static final int LENGTH_UNIT = 4;

    private ErrorToIpv4() {}

    /** Bytes of the embedded packet that are there, without extensions: RFC 4884 §4 has its length in 64-bit words in the fifth octet. */
    public static int available(long icmp6, int bytes) {
        int type = Icmpv6.type(icmp6);
        int words = type == Icmpv6.UNREACHABLE || type == Icmpv6.TIME_EXCEEDED ? Mem.u8(icmp6 + 4) : 0;
        return words == 0 ? bytes : Math.min(bytes, words << 3);
    }

    /**
     * Translates an error that has been checked: a right checksum, and an embedded packet of TCP, UDP or echo with at least 8 bytes
     * of it behind a right chain that is no later fragment's.
     *
     * @param ip6 the error
     * @param icmp6 its ICMPv6 header
     * @param chain of the embedded packet, which is at {@code icmp6 + 8}
     * @param available bytes of the embedded packet
     * @param all bytes behind the ICMPv6 header
     * @param remote the embedded packet's source, and whom the error is for
     * @param handle of the host that received the embedded packet; it also stands for the source of the error
     * @param mtu4 largest IPv4 packet toward the host: smaller of both links, as IPv4
     * @return address of the IPv4 header, 0 when there is no such ICMPv4 message
     */
    public static long translate(
            long ip6, long icmp6, long chain, int available, int all, int remote, int handle, int mtu4) {
        int v6 = Icmpv6.type(icmp6) << 8 | Icmpv6.code(icmp6);
        int v4 = IcmpTypes.toV4(v6 >>> 8, v6 & 0xff);
        long embedded = icmp6 + Icmpv6.LENGTH;
        int extensions = hasLength(v4) && all > available ? ErrorExtensions.bytes(embedded, available, all) : 0;
        int word = v4 == IcmpTypes.NONE ? IcmpTypes.NONE : word(v4, icmp6, chain, mtu4);
        if (word == IcmpTypes.NONE) {
            return 0;
        }
        int tos = Ipv6.trafficClass(ip6);
        int ttl = Ipv6.hopLimit(ip6);
        int offset = Ipv6Chain.offset(chain);
        int there = available - offset;
        int payload = Ipv6.totalLength(embedded) - offset;
        int protocol = Ipv6Chain.protocol(chain);
        int addresses6 = Checksum.fold(Checksum.sum(embedded + Ipv6.SOURCE_OFFSET, 32));
        long embedded4 = ToIpv4.header(embedded, chain, remote, handle, 0);
        long l4 = embedded4 + Ipv4.MIN_LENGTH;
        transport(l4, there, payload, protocol, addresses6, ToIpv4.addresses4(remote, handle));
        long icmp4 = embedded4 - Icmp.LENGTH;
        Icmp.typeAndCode(icmp4, v4 >>> 8, v4 & 0xff);
        int kept = ErrorExtensions.move(embedded + available, extensions, embedded4, LENGTH_UNIT, 0xffff);
        int bytes = Icmp.LENGTH + (kept == 0 ? Ipv4.MIN_LENGTH + there : kept + extensions);
        Mem.i32Be(icmp4 + 4, word | ((kept / LENGTH_UNIT) << 16));
        Icmp.checksum(icmp4, 0);
        Icmp.checksum(icmp4, Checksum.of(icmp4, bytes));
        long ip4 = icmp4 - Ipv4.MIN_LENGTH;
        Ipv4.write(ip4, Ipv4.MIN_LENGTH + bytes, 0, Ipv4.ICMP, handle, remote);
        Ipv4.tos(ip4, tos);
        Ipv4.ttl(ip4, ttl);
        Ipv4.fillChecksum(ip4, Ipv4.MIN_LENGTH);
        return ip4;
    }

    private static boolean hasLength(int v4) {
        return v4 >>> 8 == Icmp.TIME_EXCEEDED
                || (v4 >>> 8 == Icmp.UNREACHABLE && (v4 & 0xff) != Icmp.CODE_FRAGMENTATION_NEEDED);
    }

    /** What stands behind the ICMP checksum; {@link IcmpTypes#NONE} when the pointer points to what IPv4 has not. */
    private static int word(int v4, long icmp6, long chain, int mtu4) {
        if (IcmpTypes.hasPointer(v4)) {
            int pointer = IcmpTypes.pointerToV4(Icmpv6.word(icmp6));
            return pointer == IcmpTypes.NONE ? IcmpTypes.NONE : pointer << 24;
        }
        if (v4 != (Icmp.UNREACHABLE << 8 | Icmp.CODE_FRAGMENTATION_NEEDED)) {
            return 0;
        }
        int shrinks =
                Ipv6.LENGTH - Ipv4.MIN_LENGTH + (Ipv6Chain.hasFragmentHeader(chain) ? Ipv6Chain.FRAGMENT_LENGTH : 0);
        long told = Integer.toUnsignedLong(Icmpv6.word(icmp6)) - shrinks;
        return (int) Math.max(Ipv4.MIN_LENGTH + 48, Math.min(told, mtu4));
    }

    private static void transport(long l4, int there, int payload, int protocol, int addresses6, int addresses4) {
        if (protocol == Ipv6.ICMPV6) {
            ToIpv4.echo(l4, payload, addresses6);
            return;
        }
        int offset = protocol == Ipv4.TCP ? Tcp.CHECKSUM_OFFSET : Udp.CHECKSUM_OFFSET;
        if (there < offset + 2) {
            return;
        }
        int delta = Checksum.add(~addresses6 & 0xffff, addresses4);
        int old = Mem.u16Be(l4 + offset);
        Mem.u16Be(l4 + offset, protocol == Ipv4.UDP ? Checksum.applyUdp(old, delta) : Checksum.apply(old, delta));
    }
}
