package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.packet.Udp;

/** What of the transport header names a flow, and where NAT changes it. */
final class L4 {

    /** RFC 3828. */
    private static final int UDP_LITE = 136;
    /** RFC 4340. */
    private static final int DCCP = 33;
    /** Of both, which cover the addresses. */
    private static final int LITE_CHECKSUM_OFFSET = 6;

    private L4() {}

    /** Where a protocol that is followed by address has a checksum of its addresses, 0 = nowhere. */
    static int addressChecksumOffset(int protocol) {
        return protocol == UDP_LITE || protocol == DCCP ? LITE_CHECKSUM_OFFSET : 0;
    }

    /** Least bytes of header that a packet or first fragment must carry. */
    static int minLength(int protocol) {
        return switch (protocol) {
            case Ipv4.TCP -> Tcp.MIN_LENGTH;
            case Ipv4.UDP, Ipv4.ICMP, UDP_LITE, DCCP -> Udp.LENGTH;
            default -> 0;
        };
    }

    static boolean hasPorts(int protocol) {
        return protocol == Ipv4.TCP || protocol == Ipv4.UDP;
    }

    /** Whether a NAT follows a protocol by its addresses alone: all but those whose ports or identifiers it changes. */
    static boolean isByAddress(int protocol) {
        return !hasPorts(protocol) && protocol != Ipv4.ICMP;
    }

    /** Ports of the flow key; an ICMP request's identifier is a source port, a reply's a destination port. */
    static int ports(long l4, int protocol) {
        if (protocol != Ipv4.ICMP) {
            return Udp.ports(l4);
        }
        return Icmp.isRequest(Icmp.type(l4)) ? Icmp.id(l4) << 16 : Icmp.id(l4);
    }

    /** Of an ICMP packet: false for later fragments. */
    static boolean isEchoRequest(long ip) {
        return (Ipv4.fragment(ip) & Ipv4.OFFSET_MASK) == 0
                && Icmp.type(ip + Ipv4.headerLength(ip)) == Icmp.ECHO_REQUEST;
    }

    /** As {@link #isEchoRequest}, of any query. */
    static boolean isQueryRequest(long ip) {
        return (Ipv4.fragment(ip) & Ipv4.OFFSET_MASK) == 0 && Icmp.isRequest(Icmp.type(ip + Ipv4.headerLength(ip)));
    }

    static int checksumOffset(int protocol) {
        return switch (protocol) {
            case Ipv4.TCP -> Tcp.CHECKSUM_OFFSET;
            case Ipv4.UDP -> Udp.CHECKSUM_OFFSET;
            default -> Icmp.CHECKSUM_OFFSET;
        };
    }
}
