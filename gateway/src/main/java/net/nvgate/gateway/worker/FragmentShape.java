package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import org.jspecify.annotations.Nullable;

/** What can be said of an IPv4 fragment by itself. */
final class FragmentShape {

    private static final int LENGTH_MAX = 65_535;

    private FragmentShape() {}

    /** Offset of its payload in the datagram's, in units of 8 bytes. */
    static int offset(long ip) {
        return Ipv4.fragment(ip) & Ipv4.OFFSET_MASK;
    }

    static boolean isLast(long ip) {
        return (Ipv4.fragment(ip) & Ipv4.MORE_FRAGMENTS) == 0;
    }

    /**
     * RFC 791 §3.2: all but the last carry a multiple of 8 bytes, and the datagram is no longer than its length field can say. RFC 1858
     * and RFC 3128: no fragment begins or ends in the header of TCP, so that nobody sees other flags than we do.
     *
     * @param length of the packet
     */
    static @Nullable DropReason fault(long ip, int length) {
        int headerLength = Ipv4.headerLength(ip);
        int payload = length - headerLength;
        int start = offset(ip) << 3;
        if (payload == 0 || (!isLast(ip) && (payload & 7) != 0) || headerLength + start + payload > LENGTH_MAX) {
            return DropReason.FRAGMENT_MALFORMED;
        }
        int protocol = Ipv4.protocol(ip);
        if (start == 0) {
            return payload < headerOf(protocol, ip + headerLength, payload) ? DropReason.FRAGMENT_TINY : null;
        }
        return protocol == Ipv4.TCP && start < Tcp.MIN_LENGTH ? DropReason.FRAGMENT_TINY : null;
    }

    private static int headerOf(int protocol, long l4, int payload) {
        int least = L4.minLength(protocol);
        return protocol == Ipv4.TCP && payload >= least ? Math.max(least, Tcp.headerLength(l4)) : least;
    }
}
