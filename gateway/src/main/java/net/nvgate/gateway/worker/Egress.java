package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Offloads;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;

/**
 * Last step of every packet: puts the adjacency's headers before it, in the headroom and over the headers it came with, and hands
 * it to the port. The payload never moves.
 */
final class Egress {

    /** Ethernet and a tag, in whole words. */
    private static final int ETHERNET_BYTES = 24;

    private final Transmitter pa;
    private final Transmitter ext;
    private final Adjacencies adjacencies;
    private final PendingPackets pending;
    private final UnknownHosts unknown;
    private final Fragmenter fragmenter;
    private final Nat64Inbound nat64;
    private final WorkerCounters counters;
    private final Disposal disposal;
    private final boolean paFillsChecksums;

    /** @param paFillsChecksums the PA port fills in the checksums of outer IPv4 headers */
    Egress(
            Transmitter pa,
            Transmitter ext,
            Adjacencies adjacencies,
            PendingPackets pending,
            UnknownHosts unknown,
            Fragmenter fragmenter,
            Nat64Inbound nat64,
            WorkerCounters counters,
            Disposal disposal,
            boolean paFillsChecksums) {
        this.pa = pa;
        this.ext = ext;
        this.adjacencies = adjacencies;
        this.pending = pending;
        this.unknown = unknown;
        this.fragmenter = fragmenter;
        this.nat64 = nat64;
        this.counters = counters;
        this.disposal = disposal;
        this.paFillsChecksums = paFillsChecksums;
    }

    /**
     * Sends an IPv4 or IPv6 packet that lies in the mbuf at {@code ip}, with a right header.
     *
     * @param entropy hash of its flow, of which the FlowID is made
     */
    void send(long mbuf, long ip, int length, int number, int entropy) {
        if (number < 0) {
            disposal.drop(mbuf, DropReason.ADJACENCY_TABLE_FULL);
            return;
        }
        long adjacency = adjacencies.address(number);
        if (length > Adjacency.mtu(adjacency) || !Adjacency.complete(adjacency)) {
            sendSlowly(mbuf, ip, length, number, entropy);
            return;
        }
        adjacencies.refresh(adjacency);
        long start = ip - Adjacency.headerLength(adjacency);
        long move = Mbuf.dataAddress(mbuf) - start;
        if (Mbuf.headroom(mbuf) - move < 0 || Mbuf.headroom(mbuf) - move + (ip - start) < room(adjacency)) {
            drop(mbuf, adjacency, DropReason.NO_HEADROOM);
            return;
        }
        int frameLength = (int) (ip - start) + length;
        if (Adjacency.kind(adjacency) == Adjacency.TENANT) {
            toTenant(mbuf, ip, length, adjacency, entropy);
        } else if (Adjacency.kind(adjacency) == Adjacency.TENANT_IPV6) {
            Mbuf.frame(mbuf, start, frameLength);
            copyHeaders(adjacency, ip, Adjacency.HEADERS_IPV6);
            completeOuterIpv6(adjacency, ip, length, entropy);
            counters.sent(Adjacency.countersIndex(adjacency), length);
            pa.add(mbuf, frameLength);
        } else {
            Mbuf.frame(mbuf, start, frameLength);
            copyHeaders(adjacency, ip, ETHERNET_BYTES);
            if (Adjacency.countersIndex(adjacency) >= 0) {
                counters.sent(Adjacency.countersIndex(adjacency), length);
            }
            (Adjacency.kind(adjacency) == Adjacency.BACK_END ? pa : ext).add(mbuf, frameLength);
        }
    }

    /**
     * Whether a packet can leave at once, by {@link #frameExternal} or {@link #toTenant}. Not by an adjacency that is due to be looked at, which
     * {@link #send} does: a call in the middle of a packet's path costs more than its packets do once a second.
     *
     * @param kind of the adjacency, as it has to be
     */
    static boolean isReady(long adjacency, int kind, long mbuf, long ip, int length, int nowMs) {
        return Adjacency.isComplete(adjacency, kind)
                && length <= Adjacency.mtu(adjacency)
                && Mbuf.offset(mbuf, ip) >= Adjacency.HEADERS
                && !Adjacencies.isDue(adjacency, nowMs);
    }

    /** Makes an IPv4 packet that lies in the mbuf at {@code ip}, with a right header, ready to be sent; bytes of the frame. */
    static int frameExternal(long mbuf, long ip, int length, long adjacency) {
        int headerLength = Adjacency.headerLength(adjacency);
        Mbuf.frame(mbuf, ip - headerLength, headerLength + length);
        copyHeaders(adjacency, ip, ETHERNET_BYTES);
        return headerLength + length;
    }

    /**
     * Sends an IPv4 packet with a TTL above 1 that is routed without translation, by a way that needs nothing else: as {@link #send} would.
     *
     * @return false: the packet is as it was, and {@link #send} has to be asked
     */
    boolean route(long mbuf, long ip, int length, long adjacency, int entropy, int nowMs) {
        if (isReady(adjacency, Adjacency.TENANT, mbuf, ip, length, nowMs)) {
            NatRewrite.decrementTtl(ip);
            toTenant(mbuf, ip, length, adjacency, entropy);
            return true;
        }
        boolean frontEnd = isReady(adjacency, Adjacency.FRONT_END, mbuf, ip, length, nowMs);
        if (!frontEnd && !isReady(adjacency, Adjacency.BACK_END, mbuf, ip, length, nowMs)) {
            return false;
        }
        NatRewrite.decrementTtl(ip);
        int frameLength = frameExternal(mbuf, ip, length, adjacency);
        if (Adjacency.countersIndex(adjacency) >= 0) {
            counters.sent(Adjacency.countersIndex(adjacency), length);
        }
        (frontEnd ? ext : pa).add(mbuf, frameLength);
        return true;
    }

    /** Where frames of {@link #frameExternal} go. */
    Transmitter external() {
        return ext;
    }

    /** Sends an IPv4 packet that lies in the mbuf at {@code ip}, with a right header, to a VM, in NVGRE with outer IPv4. */
    void toTenant(long mbuf, long ip, int length, long adjacency, int entropy) {
        int headerLength = Adjacency.headerLength(adjacency);
        Mbuf.frame(mbuf, ip - headerLength, headerLength + length);
        copyHeaders(adjacency, ip, Adjacency.HEADERS);
        int sum = completeOuter(adjacency, ip, length, entropy);
        if (paFillsChecksums) {
            leaveChecksum(mbuf, headerLength - Nvgre.OVERHEAD);
        } else {
            Ipv4.checksum(ip - Nvgre.OVERHEAD, ~Checksum.fold(sum) & 0xffff);
        }
        counters.sent(Adjacency.countersIndex(adjacency), length);
        pa.add(mbuf, headerLength + length);
    }

    /** Bytes before the packet that copying headers may write. */
    private static int room(long adjacency) {
        return Adjacency.kind(adjacency) == Adjacency.TENANT_IPV6 ? Adjacency.HEADERS_IPV6 : Adjacency.HEADERS;
    }

    private static void copyHeaders(long adjacency, long ip, int bytes) {
        for (int i = 8; i <= bytes; i += 8) {
            Mem.i64(ip - i, Mem.i64(adjacency + Adjacency.HEADERS_END - i));
        }
    }

    /** Fills in what differs from packet to packet: length, TOS (RFC 2983, RFC 6040), FlowID. The header's sum. */
    private static int completeOuter(long adjacency, long ip, int length, int entropy) {
        long outer = ip - Nvgre.OVERHEAD;
        int tos = Adjacency.outerTos(adjacency, innerTos(ip));
        int totalLength = length + Nvgre.OVERHEAD;
        Ipv4.tos(outer, tos);
        Ipv4.totalLength(outer, totalLength);
        Nvgre.flowId(ip - Ethernet.LENGTH - Nvgre.LENGTH, entropy & 0xff);
        return Adjacency.outerSum(adjacency) + tos + totalLength;
    }

    /** As {@link #completeOuter}; the flow label carries entropy, too, for routers that look no further (RFC 6438 §3). */
    private static void completeOuterIpv6(long adjacency, long ip, int length, int entropy) {
        long outer = ip - Nvgre.OVERHEAD_IPV6;
        int trafficClass = Adjacency.outerTos(adjacency, innerTos(ip));
        Mem.i32Be(outer, (6 << 28) | (trafficClass << 20) | flowLabel(entropy));
        Ipv6.payloadLength(outer, length + Nvgre.OVERHEAD_IPV6 - Ipv6.LENGTH);
        Nvgre.flowId(ip - Ethernet.LENGTH - Nvgre.LENGTH, entropy & 0xff);
    }

    /** 20 bits, never 0: that would say that the flow has no label. */
    private static int flowLabel(int entropy) {
        int label = (entropy ^ entropy >>> 20) & 0xfffff;
        return label == 0 ? 1 : label;
    }

    /** TOS or traffic class of a packet of either family. */
    private static int innerTos(long ip) {
        return Mem.u8(ip) >>> 4 == 6 ? Ipv6.trafficClass(ip) : Ipv4.tos(ip);
    }

    /** Asks the port for the outer header's checksum; the field is 0 in the adjacency, as ports want it. */
    private static void leaveChecksum(long mbuf, int etherLength) {
        Mbuf.headerLengths(mbuf, etherLength, Ipv4.MIN_LENGTH, 0);
        Mbuf.flags(mbuf, Mbuf.flags(mbuf) | Offloads.MBUF_TX_IP_CHECKSUM | Offloads.MBUF_TX_IPV4);
    }

    private void sendSlowly(long mbuf, long ip, int length, int number, int entropy) {
        long adjacency = adjacencies.address(number);
        DropReason fault = Adjacency.fault(adjacency);
        if (fault != null) {
            if (fault == DropReason.NO_RECORD && Adjacency.isTowardCa(adjacency)) {
                unknown.wanted(Adjacency.domain(adjacency), Adjacency.customerAddress(adjacency));
            }
            drop(mbuf, adjacency, fault);
        } else if (Adjacency.kind(adjacency) == Adjacency.NAT64) {
            nat64.send(this, mbuf, ip, length, number, entropy);
        } else if (!adjacencies.completes(adjacency)) {
            pending.add(mbuf, ip, length, number, entropy);
        } else if (length <= Adjacency.mtu(adjacency)) {
            send(mbuf, ip, length, number, entropy);
        } else if (Ipv4.version(ip) != 4 || (Ipv4.fragment(ip) & Ipv4.DONT_FRAGMENT) != 0) {
            drop(mbuf, adjacency, DropReason.TOO_BIG);
        } else {
            fragmenter.split(this, mbuf, ip, length, number, entropy);
        }
    }

    /** Also counts it for the VSID, if it was on its way into one. */
    private void drop(long mbuf, long adjacency, DropReason reason) {
        int index = Adjacency.countersIndex(adjacency);
        if (index < 0) {
            disposal.drop(mbuf, reason);
        } else {
            disposal.drop(mbuf, reason, index);
        }
    }

    /** Sends packets whose neighbour has answered meanwhile, and gives up those that waited too long. */
    int sendPending() {
        return pending.poll(this);
    }

    void flush() {
        pa.flush();
        ext.flush();
    }
}
