package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import org.jspecify.annotations.Nullable;

/** Answers pings to the gateway's own IPv6 addresses (RFC 4443 §4.2). */
final class EchoResponder6 {

    private final LinkReply reply;
    private final WorkerCounters counters;
    private final Disposal disposal;

    /** @param reply by the port that packets for {@link #onLink} come in */
    EchoResponder6(LinkReply reply, WorkerCounters counters, Disposal disposal) {
        this.reply = reply;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** A packet to an address of ours on the link; anything but an echo request is dropped as {@code other}. */
    void onLink(long mbuf, long ip, int length, long chain, int vlan, DropReason other) {
        DropReason fault = turn(ip, length, chain, other);
        if (fault == null) {
            long station = Ethernet.source(Mbuf.dataAddress(mbuf));
            reply.send(mbuf, station, vlan, Ethernet.TYPE_IPV6, ip, length);
        } else {
            disposal.drop(mbuf, fault);
        }
    }

    /**
     * Makes an echo request its reply.
     *
     * @param other what is wrong with a packet that is no echo request, or a fragment of one
     * @return why the packet must be dropped, null = it is the reply
     */
    @Nullable
    DropReason turn(long ip, int length, long chain, DropReason other) {
        int offset = Ipv6Chain.offset(chain);
        if (Ipv6Chain.isWrong(chain)
                || Ipv6Chain.protocol(chain) != Ipv6.ICMPV6
                || Ipv6Chain.hasFragmentHeader(chain)
                || length - offset < Icmpv6.LENGTH
                || Icmpv6.type(ip + offset) != Icmpv6.ECHO_REQUEST) {
            return other;
        }
        if (!Icmpv6.checksumIsRight(ip, ip + offset, length - offset)) {
            return DropReason.ICMP_CHECKSUM;
        }
        counters.add(WorkerCounter.ECHOES_ANSWERED, 1);
        long high = Ipv6.sourceHigh(ip);
        long low = Ipv6.sourceLow(ip);
        Ipv6.source(ip, Ipv6.destinationHigh(ip), Ipv6.destinationLow(ip));
        Ipv6.destination(ip, high, low);
        Ipv6.hopLimit(ip, Ipv6.HOP_LIMIT_DEFAULT);
        long icmp = ip + offset;
        int before = Icmpv6.ECHO_REQUEST << 8 | Icmpv6.code(icmp);
        Icmpv6.typeAndCode(icmp, Icmpv6.ECHO_REPLY, 0);
        int delta = Checksum.delta16(before, Icmpv6.ECHO_REPLY << 8);
        Icmpv6.checksum(icmp, Checksum.apply(Icmpv6.checksum(icmp), delta));
        return null;
    }
}
