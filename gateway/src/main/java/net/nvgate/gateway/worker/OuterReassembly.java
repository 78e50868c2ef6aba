package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.fragment.Datagram;
import net.nvgate.gateway.fragment.DatagramTable;
import net.nvgate.gateway.fragment.HeldPackets;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.ProviderPeers;
import org.jspecify.annotations.Nullable;

/**
 * Puts NVGRE packets together that hosts have sent in fragments, though RFC 7637 §4.4 forbids it: a VM that still has 1500 bytes of MTU
 * makes them. Held mbufs, datagrams, the share of a host and time are bounded; only hosts that a record names are heard.
 *
 * <pre>
 *  fragment ---> known host? shape? place? ---> held ... all there? ---> copied behind the first one's header ---> as if whole
 * </pre>
 */
final class OuterReassembly {

    /** Short, because identifications of a fast sender come back soon (RFC 4963 §2). */
    static final int LIFETIME_MS = 2_000;

    private static final int ECN_CE = 3;

    private final boolean enabled;
    private final FragmentStore store;
    private final DatagramTable datagrams;
    private final HeldPackets held;
    private final ProviderPeers peers;
    private final WorkerCounters counters;
    private final Disposal disposal;
    private final long[] pieces = new long[HeldPackets.PER_DATAGRAM];
    private final long[] pieceIps = new long[HeldPackets.PER_DATAGRAM];
    private long whole;

    OuterReassembly(
            boolean enabled, FragmentStore store, ProviderPeers peers, WorkerCounters counters, Disposal disposal) {
        this.enabled = enabled;
        this.store = store;
        this.datagrams = store.datagrams;
        this.held = store.held;
        this.peers = peers;
        this.counters = counters;
        this.disposal = disposal;
    }

    /**
     * A fragment to a provider address of ours, with a right header.
     *
     * @return address of the IPv4 header of the whole packet, which {@link #whole} has; 0: held or dropped
     */
    long receive(long mbuf, long ip, int vlan) {
        DropReason fault = check(mbuf, ip);
        if (fault != null) {
            disposal.drop(mbuf, fault);
            return 0;
        }
        int source = Ipv4.source(ip);
        long datagram = store.datagram(Ipv4.addresses(ip), Datagram.key1(Ipv4.id(ip), vlan, Ipv4.GRE), source);
        if (datagram == 0) {
            disposal.drop(mbuf, DropReason.OUTER_FRAGMENT_LIMIT);
            return 0;
        }
        int length = Ipv4.totalLength(ip);
        int payload = length - Ipv4.headerLength(ip);
        DatagramTable.Place place = datagrams.isBad(datagram)
                ? DatagramTable.Place.OVERLAPPING
                : datagrams.enter(datagram, FragmentShape.offset(ip), payload, FragmentShape.isLast(ip));
        if (place != DatagramTable.Place.NEW) {
            if (place == DatagramTable.Place.OVERLAPPING) {
                store.dropHeld(datagram, DropReason.OUTER_FRAGMENT_OVERLAP);
            }
            disposal.drop(mbuf, DropReason.OUTER_FRAGMENT_OVERLAP);
            return 0;
        }
        if (!store.makeRoomToHold(datagram, source)) {
            store.discard(datagram, DropReason.OUTER_FRAGMENT_LIMIT);
            disposal.drop(mbuf, DropReason.OUTER_FRAGMENT_LIMIT);
            return 0;
        }
        held.hold(datagram, mbuf, ip, length, 0, vlan, 0, -1);
        return datagrams.isComplete(datagram) ? join(datagram) : 0;
    }

    /** The mbuf of the packet that was put together last. */
    long whole() {
        return whole;
    }

    private @Nullable DropReason check(long mbuf, long ip) {
        if (!enabled || Ipv4.protocol(ip) != Ipv4.GRE) {
            return DropReason.OUTER_FRAGMENT;
        }
        if (!peers.contains(Ipv4.source(ip))) {
            return DropReason.OUTER_FRAGMENT_SOURCE;
        }
        int headerLength = Ipv4.headerLength(ip);
        int end = headerLength + (FragmentShape.offset(ip) << 3) + Ipv4.totalLength(ip) - headerLength;
        boolean fits = end <= room(mbuf, ip);
        return fits && FragmentShape.fault(ip, Ipv4.totalLength(ip)) == null ? null : DropReason.OUTER_FRAGMENT_SIZE;
    }

    /** Bytes that an mbuf's buffer has from a header on. */
    private static int room(long mbuf, long ip) {
        return Mbuf.dataLength(mbuf) + Mbuf.tailroom(mbuf) - (int) (ip - Mbuf.dataAddress(mbuf));
    }

    /** Copies all fragments behind the first one's header. */
    private long join(long datagram) {
        int count = 0;
        int first = 0;
        int payload = 0;
        boolean congestion = false;
        while (held.takeFrom(datagram)) {
            long ip = held.ip();
            pieces[count] = held.mbuf();
            pieceIps[count] = ip;
            first = FragmentShape.offset(ip) == 0 ? count : first;
            payload += held.length() - Ipv4.headerLength(ip);
            congestion |= (Ipv4.tos(ip) & ECN_CE) == ECN_CE;
            count++;
        }
        datagrams.remove(datagram);
        long ip = pieceIps[first];
        int headerLength = Ipv4.headerLength(ip);
        boolean fits = headerLength + payload <= room(pieces[first], ip);
        for (int i = 0; i < count; i++) {
            if (!fits) {
                disposal.drop(pieces[i], DropReason.OUTER_FRAGMENT_SIZE);
            } else if (i != first) {
                long from = pieceIps[i];
                int length = Ipv4.totalLength(from) - Ipv4.headerLength(from);
                Mem.copy(from + Ipv4.headerLength(from), ip + headerLength + (FragmentShape.offset(from) << 3), length);
                disposal.free(pieces[i]);
            }
        }
        return fits ? finish(pieces[first], ip, headerLength + payload, congestion) : 0;
    }

    private long finish(long mbuf, long ip, int length, boolean congestion) {
        whole = mbuf;
        Mbuf.length(mbuf, (int) (ip - Mbuf.dataAddress(mbuf)) + length);
        Ipv4.totalLength(ip, length);
        Ipv4.fragment(ip, 0);
        if (congestion) {
            // RFC 3168 §5.3: a mark on any fragment is one on the packet.
            Ipv4.tos(ip, Ipv4.tos(ip) | ECN_CE);
        }
        Ipv4.fillChecksum(ip, Ipv4.headerLength(ip));
        counters.add(WorkerCounter.OUTER_REASSEMBLED, 1);
        return ip;
    }

    /** Gives up packets that are too old, some at a time; how many. */
    int expire() {
        return store.expire();
    }

    /** Gives everything back, at the end. */
    void clear() {
        store.clear();
    }
}
