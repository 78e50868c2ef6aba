package net.nvgate.gateway.worker;

import net.nvgate.gateway.alg.ControlConnections;
import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;

/** Changes segments of a control connection: text that becomes longer or shorter, and the numbers that follow from it. */
final class FtpRewrite {

    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_SACK = 5;

    private FtpRewrite() {}

    /** Whether a packet may become as long in its buffer. */
    static boolean hasRoom(long mbuf, long ip, int length) {
        return ip + length <= Mbuf.dataAddress(mbuf) + Mbuf.dataLength(mbuf) + Mbuf.tailroom(mbuf);
    }

    /**
     * Replaces bytes of a packet's payload.
     *
     * @param at address of the first byte to be replaced
     * @param replaced bytes of it
     * @return new length of the packet
     */
    static int replace(long ip, int length, long at, int replaced, long text, int textLength) {
        long tcp = ip + Ipv4.headerLength(ip);
        int segment = length - Ipv4.headerLength(ip);
        int growth = textLength - replaced;
        int before = Checksum.fold(Checksum.sum(tcp, segment));
        long behind = at + replaced;
        Mem.copy(behind, behind + growth, ip + length - behind);
        Mem.copy(text, at, textLength);
        int after = Checksum.fold(Checksum.sum(tcp, segment + growth));
        int delta = Checksum.add(Checksum.add(~before & 0xffff, after), Checksum.delta16(segment, segment + growth));
        applyToTcp(tcp, delta);
        Ipv4.totalLength(ip, length + growth);
        Ipv4.checksum(ip, Checksum.apply(Ipv4.checksum(ip), Checksum.delta16(length, length + growth)));
        return length + growth;
    }

    /** Numbers what the inside host sends as the other side counts. */
    static void shiftSequence(long tcp, long connection) {
        int sequence = Tcp.sequence(tcp);
        change(tcp, 4, sequence + ControlConnections.shift(connection, sequence));
    }

    /** Numbers what the other side acknowledges, selectively too (RFC 2018), as the inside host counts; bytes of the header are there. */
    static void shiftAcknowledgement(long tcp, long connection) {
        change(tcp, 8, ControlConnections.acknowledged(connection, Tcp.acknowledgement(tcp)));
        int end = Tcp.headerLength(tcp);
        int i = Tcp.MIN_LENGTH;
        while (i + 1 < end) {
            int kind = Mem.u8(tcp + i);
            if (kind == OPTION_END) {
                return;
            }
            int size = kind == OPTION_NOP ? 1 : Mem.u8(tcp + i + 1);
            if (size == 0 || (kind != OPTION_NOP && size < 2) || i + size > end) {
                return;
            }
            if (kind == OPTION_SACK) {
                for (int edge = i + 2; edge + 4 <= i + size; edge += 4) {
                    change(tcp, edge, ControlConnections.acknowledged(connection, Mem.i32Be(tcp + edge)));
                }
            }
            i += size;
        }
    }

    private static void change(long tcp, int offset, int value) {
        int delta = Checksum.delta32(Mem.i32Be(tcp + offset), value);
        Mem.i32Be(tcp + offset, value);
        // At an odd offset the words of the sum straddle the value's (RFC 1071 §2 B).
        applyToTcp(tcp, (offset & 1) == 0 ? delta : ((delta << 8) | (delta >>> 8)) & 0xffff);
    }

    private static void applyToTcp(long tcp, int delta) {
        long at = tcp + Tcp.CHECKSUM_OFFSET;
        Mem.u16Be(at, Checksum.apply(Mem.u16Be(at), delta));
    }
}
