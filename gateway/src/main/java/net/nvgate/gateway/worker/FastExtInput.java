package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Offloads;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.watch.Side;

/**
 * First pass over what the external port received, for the packet that nearly all are: whole, untagged, no options, no fragment, all
 * checks right, TCP or UDP. It goes into the burst; one of a tenant's own network to {@link FastFrontEndInput}, any other one, untouched, to {@link
 * ExtInput}. The counterpart of {@link FastPaInput}; same rules.
 */
final class FastExtInput {

    private static final int IP = Ethernet.LENGTH;
    private static final int SHORTEST = IP + Ipv4.MIN_LENGTH + Udp.LENGTH;
    private static final long UNUSUAL = Offloads.MBUF_RX_VLAN_STRIPPED | Offloads.MBUF_RX_IP_CHECKSUM_BAD;

    private final FastFrontEndInput frontEnd;
    private final ExtInput others;
    private final long mac;

    /** @param mac of the external port */
    FastExtInput(FastFrontEndInput frontEnd, ExtInput others, long mac) {
        this.frontEnd = frontEnd;
        this.others = others;
        this.mac = mac;
    }

    /** As {@link FastPaInput#receive}. */
    long receive(long array, int count, Burst burst) {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long mbuf = Mem.i64(array + 8L * i);
            long length = Mbuf.packetLength(mbuf);
            if (enter(mbuf, burst)) {
                bytes += length;
                continue;
            }
            int taken = frontEnd.receive(array + 8L * i, count - i, burst);
            if (taken > 0) {
                bytes += frontEnd.bytes();
                i += taken - 1;
            } else {
                bytes += length;
                others.receive(mbuf, burst);
            }
        }
        return bytes;
    }

    /** As {@link FastPaInput#receiveUnwatched}. */
    int receiveUnwatched(long array, int count, Burst burst, WatchedInput watched) {
        long wanted = watched.wantedFromExt();
        long bytes = 0;
        int i = 0;
        for (; i < count; i++) {
            long mbuf = Mem.i64(array + 8L * i);
            long length = Mbuf.packetLength(mbuf);
            if (enter(mbuf, burst)) {
                long addresses = burst.key0(burst.count() - 1);
                if (TapSieve.concerns(wanted, addresses) && watched.watches(Side.EXT, mbuf, addresses)) {
                    burst.removeLast();
                    break;
                }
            } else if (watched.watches(Side.EXT, mbuf)) {
                break;
            } else {
                others.receive(mbuf, burst);
            }
            bytes += length;
        }
        watched.passed(bytes);
        return i;
    }

    private boolean enter(long mbuf, Burst burst) {
        int available = Mbuf.dataLength(mbuf);
        if (available < SHORTEST || Mbuf.segments(mbuf) != 1 || (Mbuf.flags(mbuf) & UNUSUAL) != 0) {
            return false;
        }
        long frame = Mbuf.dataAddress(mbuf);
        long ip = frame + IP;
        int protocol = Ipv4.protocol(ip);
        boolean tcp = protocol == Ipv4.TCP;
        int length = Ipv4.totalLength(ip);
        if (Ethernet.destination(frame) != mac
                || !Ipv4Words.isPlain(ip - 2)
                || !Ipv4Words.isWhole(ip, protocol)
                || (!tcp && protocol != Ipv4.UDP)
                || length < Ipv4.MIN_LENGTH + (tcp ? Tcp.MIN_LENGTH : Udp.LENGTH)
                || length > available - IP
                || !Ipv4.checksumIsRight(ip, Ipv4.MIN_LENGTH)
                || !Ipv4Words.isFromHost(ip)) {
            return false;
        }
        long l4 = ip + Ipv4.MIN_LENGTH;
        int i = burst.add(mbuf, ip, length, Udp.ports(l4), FlowKey.OUTSIDE, protocol, tcp ? Tcp.flags(l4) : 0);
        burst.vlan(i, 0);
        return true;
    }
}
