package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
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
     * A fragment of IPv4 to a provider address of ours, with a right header.
     *
     * @return address of the IP header of the whole packet, which {@link #whole} has; 0: held or dropped
     */
    long receive(long mbuf, long ip, int vlan) {
        return receive(mbuf, ip, vlan, Ipv4.source(ip), Ipv4.addresses(ip));
    }

    /**
     * A fragment of IPv6, as {@link #receive(long, long, int)}.
     *
     * @param source handle of its source, 0 = no record has it
     * @param destination handle of the provider address of ours
     */
    long receive6(long mbuf, long ip, int vlan, int source, int destination) {
        return receive(mbuf, ip, vlan, source, FlowKey.addresses(source, destination));
    }

    private long receive(long mbuf, long ip, int vlan, int source, long addresses) {
        DropReason fault = check(mbuf, ip, source);
        if (fault != null) {
            disposal.drop(mbuf, fault);
            return 0;
        }
        long datagram = store.datagram(addresses, Datagram.key1(OuterFragment.id(ip), vlan, Ipv4.GRE), source);
        if (datagram == 0) {
            disposal.drop(mbuf, DropReason.OUTER_FRAGMENT_LIMIT);
            return 0;
        }
        DatagramTable.Place place = datagrams.isBad(datagram)
                ? DatagramTable.Place.OVERLAPPING
                : datagrams.enter(
                        datagram, OuterFragment.offset(ip) >>> 3, OuterFragment.payload(ip), OuterFragment.isLast(ip));
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
        held.hold(datagram, mbuf, ip, 0, 0, vlan, 0, -1);
        return datagrams.isComplete(datagram) ? join(datagram) : 0;
    }

    /** The mbuf of the packet that was put together last. */
    long whole() {
        return whole;
    }

    private @Nullable DropReason check(long mbuf, long ip, int source) {
        if (!enabled) {
            return DropReason.OUTER_FRAGMENT;
        }
        DropReason fault = OuterFragment.fault(ip);
        if (fault != null) {
            return fault;
        }
        if (!peers.contains(source)) {
            return DropReason.OUTER_FRAGMENT_SOURCE;
        }
        int end = OuterFragment.headers(ip) + OuterFragment.offset(ip) + OuterFragment.payload(ip);
        return end <= room(mbuf, ip) ? null : DropReason.OUTER_FRAGMENT_SIZE;
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
            first = OuterFragment.offset(ip) == 0 ? count : first;
            payload += OuterFragment.payload(ip);
            congestion |= OuterFragment.hasCongestionMark(ip);
            count++;
        }
        datagrams.remove(datagram);
        long ip = pieceIps[first];
        long start = ip + OuterFragment.headers(ip);
        boolean fits = OuterFragment.headers(ip) + payload <= room(pieces[first], ip);
        for (int i = 0; i < count; i++) {
            if (!fits) {
                disposal.drop(pieces[i], DropReason.OUTER_FRAGMENT_SIZE);
            } else if (i != first) {
                long from = pieceIps[i];
                Mem.copy(
                        from + OuterFragment.headers(from),
                        start + OuterFragment.offset(from),
                        OuterFragment.payload(from));
                disposal.free(pieces[i]);
            }
        }
        return fits ? finish(pieces[first], ip, start, payload, congestion) : 0;
    }

    private long finish(long mbuf, long ip, long start, int payload, boolean congestion) {
        whole = mbuf;
        counters.add(WorkerCounter.OUTER_REASSEMBLED, 1);
        long header = OuterFragment.makeWhole(ip, payload, congestion);
        long frame = moveLink(Mbuf.dataAddress(mbuf), ip, (int) (header - ip));
        Mbuf.frame(mbuf, frame, (int) (start - frame) + payload);
        return header;
    }

    /** Who reads the frame anew, e.g. the worker that has its tenant, finds the link header before the IP header: it moves as far. */
    private static long moveLink(long frame, long ip, int bytes) {
        if (bytes != 0) {
            for (long at = ip - 1; at >= frame; at--) {
                Mem.u8(at + bytes, Mem.u8(at));
            }
        }
        return frame + bytes;
    }

    /** Gives up packets that are too old, some at a time; how many. */
    int expire() {
        return store.expire();
    }

    /** Datagrams of which some was seen, and not yet all. */
    int followed() {
        return datagrams.used();
    }

    /** Gives everything back, at the end. */
    void clear() {
        store.clear();
    }
}
