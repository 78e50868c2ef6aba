package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.packet.Udp;

/**
 * Applies a session's ready-made rewrite to a packet: address, port or identifier, TTL, checksums by their deltas. Plain packets are rewritten in
 * words as they lie in memory: checksums come out the same in either byte order (RFC 1071 §2 B).
 */
final class NatRewrite {

    /** TTL and protocol, of the word that begins with them. */
    private static final int TTL_PROTOCOL = 0xffff;

    private NatRewrite() {}

    static void outbound(long line, long ip, int protocol) {
        Ipv4.source(ip, Session.newAddress(line));
        header(line, ip);
        if ((Ipv4.fragment(ip) & Ipv4.OFFSET_MASK) == 0) {
            long l4 = ip + Ipv4.headerLength(ip);
            transport(line, l4, protocol, 0);
        }
    }

    /** As {@link #outbound}, of a header of 20 bytes with a TTL above 0 in front of TCP or UDP. */
    static void outboundPlain(long line, long ip, int protocol) {
        long rewrite = Session.rewriteAsOnWire(line);
        // TTL, protocol, checksum, source.
        Mem.i64(ip + 8, (decremented(Mem.i32(ip + 8), line) & 0xffffffffL) | rewrite << Integer.SIZE);
        plainPorts(rewrite, ip + Ipv4.MIN_LENGTH, protocol, 0);
    }

    /** As {@link #inbound}, of a header of 20 bytes with a TTL above 0 in front of TCP or UDP. */
    static void inboundPlain(long line, long ip, int protocol) {
        long rewrite = Session.rewriteAsOnWire(line);
        Mem.i32(ip + 8, decremented(Mem.i32(ip + 8), line));
        Mem.i32(ip + 16, (int) rewrite);
        plainPorts(rewrite, ip + Ipv4.MIN_LENGTH, protocol, 2);
    }

    /** The word of TTL, protocol and checksum, of a packet of a session, with one hop less and the session's delta. */
    private static int decremented(int word, long line) {
        int checksum = Checksum.apply(word >>> Short.SIZE, Session.ipDeltaAsOnWire(line));
        return ((word & TTL_PROTOCOL) - 1) | checksum << Short.SIZE;
    }

    private static void plainPorts(long rewrite, long l4, int protocol, int portOffset) {
        Mem.u16(l4 + portOffset, (int) (rewrite >>> Integer.SIZE));
        int delta = (int) (rewrite >>> (Integer.SIZE + Short.SIZE));
        if (protocol == Ipv4.UDP) {
            long at = l4 + Udp.CHECKSUM_OFFSET;
            Mem.u16(at, Checksum.applyUdp(Mem.u16(at), delta));
        } else {
            long at = l4 + Tcp.CHECKSUM_OFFSET;
            Mem.u16(at, Checksum.apply(Mem.u16(at), delta));
        }
    }

    static void inbound(long line, long ip, int protocol) {
        Ipv4.destination(ip, Session.newAddress(line));
        header(line, ip);
        if ((Ipv4.fragment(ip) & Ipv4.OFFSET_MASK) == 0) {
            long l4 = ip + Ipv4.headerLength(ip);
            transport(line, l4, protocol, 2);
        }
    }

    private static void header(long line, long ip) {
        Ipv4.ttl(ip, Ipv4.ttl(ip) - 1);
        Ipv4.checksum(ip, Checksum.apply(Ipv4.checksum(ip), Session.ipDelta(line)));
    }

    private static void transport(long line, long l4, int protocol, int portOffset) {
        if (protocol == Ipv4.UDP || protocol == Ipv4.TCP) {
            withPorts(line, l4, protocol, portOffset);
        } else if (protocol == Ipv4.ICMP) {
            Icmp.id(l4, Session.newPort(line));
            Icmp.checksum(l4, Checksum.applyIcmp(Icmp.checksum(l4), Session.l4Delta(line)));
        } else if (L4.addressChecksumOffset(protocol) != 0) {
            long at = l4 + L4.addressChecksumOffset(protocol);
            Mem.u16Be(at, Checksum.apply(Mem.u16Be(at), Session.l4Delta(line)));
        }
    }

    private static void withPorts(long line, long l4, int protocol, int portOffset) {
        Mem.u16Be(l4 + portOffset, Session.newPort(line));
        if (protocol == Ipv4.UDP) {
            long at = l4 + Udp.CHECKSUM_OFFSET;
            Mem.u16Be(at, Checksum.applyUdp(Mem.u16Be(at), Session.l4Delta(line)));
        } else {
            long at = l4 + Tcp.CHECKSUM_OFFSET;
            Mem.u16Be(at, Checksum.apply(Mem.u16Be(at), Session.l4Delta(line)));
        }
    }

    /** For packets that are routed without translation. */
    static void decrementTtl(long ip) {
        Ipv4.ttl(ip, Ipv4.ttl(ip) - 1);
        Ipv4.checksum(ip, Checksum.apply(Ipv4.checksum(ip), Checksum.TTL_DECREMENT));
    }
}
