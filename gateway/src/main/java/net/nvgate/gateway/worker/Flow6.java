package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Udp;

/** What both directions of IPv6 forwarding ask of a packet. */
final class Flow6 {

    private Flow6() {}

    /** A hash of the flow: addresses and flow label (RFC 6437 §3), and where there is none the ports. */
    static int entropy(long ip, int length) {
        int label = Ipv6.flowLabel(ip);
        int protocol = Ipv6.nextHeader(ip);
        if (label == 0 && L4.hasPorts(protocol) && length >= Ipv6.LENGTH + 4) {
            label = Udp.ports(ip + Ipv6.LENGTH) ^ protocol;
        }
        long h = Ipv6.sourceLow(ip) * 0x9e37_79b9_7f4a_7c15L + Long.rotateLeft(Ipv6.destinationLow(ip), 29) + label;
        h = (h ^ h >>> 33) * 0xff51_afd7_ed55_8ccdL;
        return (int) (h >>> 32);
    }

    /** Routers do not fragment IPv6 (RFC 8200 §5). */
    static boolean isTooBig(Adjacencies adjacencies, int number, int length) {
        return number >= 0
                && length > Adjacency.mtu(adjacencies.address(number))
                && Adjacency.fault(adjacencies.address(number)) == null;
    }

    /** To be told in "packet too big": below 1280 no host goes (RFC 8200 §5, RFC 8201 §4). */
    static int mtu(Adjacencies adjacencies, int number) {
        return Math.max(Adjacency.mtu(adjacencies.address(number)), Ipv6.MTU_MIN);
    }
}
