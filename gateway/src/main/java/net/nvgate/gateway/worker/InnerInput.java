package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.fragment.Datagram;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.packet.TunnelTos;
import net.nvgate.gateway.route.VsidEntry;
import org.jspecify.annotations.Nullable;

/** Checks the IPv4 packet in an NVGRE frame and enters it into the burst. */
final class InnerInput {

    private final Fragments fragments;
    private final TenantPath tenant;
    private final BroadcastInput broadcasts;
    private final Disposal disposal;

    InnerInput(Fragments fragments, TenantPath tenant, BroadcastInput broadcasts, Disposal disposal) {
        this.fragments = fragments;
        this.tenant = tenant;
        this.broadcasts = broadcasts;
        this.disposal = disposal;
    }

    void receive(long mbuf, int outerSource, int outerTos, long vsid, long frame, int frameLength, Burst burst) {
        DropReason fault = check(outerTos, vsid, frame, frameLength);
        if (fault == DropReason.INNER_MULTICAST) {
            broadcasts.receive(mbuf, outerSource, vsid, frame, frameLength);
            return;
        }
        if (fault != null) {
            disposal.drop(mbuf, fault, VsidEntry.countersIndex(vsid));
            return;
        }
        accept(mbuf, frame + Ethernet.LENGTH, vsid, outerSource, burst);
    }

    /**
     * A packet of a tenant that comes without a tunnel, its header checked.
     *
     * @param outerSource what stands for the outer source, see {@link TenantRoutes#outerSource}
     */
    void receiveChecked(long mbuf, long ip, long vsid, int outerSource, Burst burst) {
        int source = Ipv4.source(ip);
        int destination = Ipv4.destination(ip);
        if (Ipv4.isGroupOrReserved(source) || Ipv4.isNeverOnTheWire(source)) {
            disposal.drop(mbuf, DropReason.BAD_SOURCE, VsidEntry.countersIndex(vsid));
        } else if (Ipv4.isGroupOrReserved(destination) || Ipv4.isNeverOnTheWire(destination)) {
            disposal.drop(mbuf, DropReason.INNER_MULTICAST, VsidEntry.countersIndex(vsid));
        } else {
            accept(mbuf, ip, vsid, outerSource, burst);
        }
    }

    /** An IPv4 packet that NAT64 has made, of a source that has been checked: sessions of its host have no provider address. */
    void translated(long mbuf, long vsid, long ip, Burst burst) {
        accept(mbuf, ip, vsid, 0, burst);
    }

    private void accept(long mbuf, long ip, long vsid, int outerSource, Burst burst) {
        int protocol = Ipv4.protocol(ip);
        if (L4.isByAddress(protocol)) {
            byAddress(mbuf, outerSource, vsid, ip, protocol, burst);
        } else if ((Ipv4.fragment(ip) & Ipv4.OFFSET_MASK) == 0) {
            withHeader(mbuf, outerSource, vsid, ip, protocol, burst);
        } else {
            laterFragment(mbuf, outerSource, vsid, ip, protocol, burst);
        }
    }

    private void withHeader(long mbuf, int outerSource, long vsid, long ip, int protocol, Burst burst) {
        int length = Ipv4.totalLength(ip);
        int headerLength = Ipv4.headerLength(ip);
        long l4 = ip + headerLength;
        if (length - headerLength < L4.minLength(protocol)) {
            boolean whole = (Ipv4.fragment(ip) & Ipv4.MORE_FRAGMENTS) == 0;
            disposal.drop(
                    mbuf, whole ? DropReason.TRUNCATED_L4 : DropReason.FRAGMENT_TINY, VsidEntry.countersIndex(vsid));
            return;
        }
        if (protocol == Ipv4.ICMP && !Icmp.isQuery(Icmp.type(l4))) {
            tenant.withoutFlow(mbuf, ip, length, vsid, outerSource);
            return;
        }
        int domain = VsidEntry.rdid(vsid);
        int ports = L4.ports(l4, protocol);
        int flags = protocol == Ipv4.TCP ? Tcp.flags(l4) : 0;
        long datagram = 0;
        if ((Ipv4.fragment(ip) & Ipv4.MORE_FRAGMENTS) != 0) {
            datagram = fragments.first(mbuf, ip, length, domain, domain, ports, VsidEntry.countersIndex(vsid));
            if (datagram == 0) {
                return;
            }
        }
        int i = burst.add(mbuf, ip, length, ports, domain, protocol, flags);
        if (datagram != 0) {
            burst.fragment(i, datagram);
        }
        enter(burst, i, vsid, outerSource);
    }

    /** Each fragment has all that is needed: its addresses. */
    private void byAddress(long mbuf, int outerSource, long vsid, long ip, int protocol, Burst burst) {
        int length = Ipv4.totalLength(ip);
        boolean first = (Ipv4.fragment(ip) & Ipv4.OFFSET_MASK) == 0;
        if (first && length - Ipv4.headerLength(ip) < L4.minLength(protocol)) {
            disposal.drop(mbuf, DropReason.TRUNCATED_L4, VsidEntry.countersIndex(vsid));
            return;
        }
        int i = burst.add(mbuf, ip, length, 0, VsidEntry.rdid(vsid), protocol, 0);
        enter(burst, i, vsid, outerSource);
    }

    /** Has no ports of its own: those of the first fragment, when that has come. */
    private void laterFragment(long mbuf, int outerSource, long vsid, long ip, int protocol, Burst burst) {
        int domain = VsidEntry.rdid(vsid);
        int length = Ipv4.totalLength(ip);
        int counter = VsidEntry.countersIndex(vsid);
        long datagram = fragments.later(mbuf, ip, length, domain, domain, VsidEntry.vsid(vsid), outerSource, counter);
        if (datagram != 0) {
            int i = burst.add(mbuf, ip, length, Datagram.ports(datagram), domain, protocol, 0);
            burst.fragment(i, datagram);
            enter(burst, i, vsid, outerSource);
        }
    }

    private static void enter(Burst burst, int i, long vsid, int outerSource) {
        burst.vsid(i, vsid);
        burst.outerSource(i, outerSource);
    }

    private static @Nullable DropReason check(int outerTos, long vsid, long frame, int frameLength) {
        long mac = Ethernet.destination(frame);
        if (mac != VsidEntry.gatewayMac(vsid) && mac != VsidEntry.routerMac(vsid)) {
            return Ethernet.isGroup(mac) ? DropReason.INNER_MULTICAST : DropReason.INNER_WRONG_MAC;
        }
        long ip = frame + Ethernet.LENGTH;
        int available = frameLength - Ethernet.LENGTH;
        if (available < Ipv4.MIN_LENGTH) {
            return DropReason.INNER_TRUNCATED_IPV4;
        }
        int first = Mem.u8(ip);
        if (first >>> 4 != 4) {
            return DropReason.INNER_IPV4_VERSION;
        }
        int headerLength = (first & 15) << 2;
        if (headerLength < Ipv4.MIN_LENGTH || headerLength > available) {
            return DropReason.INNER_IPV4_HEADER_LENGTH;
        }
        int length = Ipv4.totalLength(ip);
        if (length < headerLength || length > available) {
            return DropReason.INNER_IPV4_TOTAL_LENGTH;
        }
        if (!Ipv4.checksumIsRight(ip, headerLength)) {
            return DropReason.INNER_IPV4_CHECKSUM;
        }
        if (Ipv4.isGroupOrReserved(Ipv4.destination(ip))) {
            return DropReason.INNER_MULTICAST;
        }
        int source = Ipv4.source(ip);
        if (Ipv4.isGroupOrReserved(source) || Ipv4.isNeverOnTheWire(source)) {
            return DropReason.BAD_SOURCE;
        }
        return takeMarks(outerTos, ip, vsid) ? null : DropReason.INNER_ECN;
    }

    /** Congestion and DSCP marks of the outer packet go to the inner one; false if it must be dropped. */
    private static boolean takeMarks(int outer, long ip, long vsid) {
        int inner = Ipv4.tos(ip);
        if (outer == inner || outer == 0) {
            return true;
        }
        int tos = TunnelTos.decapsulated(outer, inner, !VsidEntry.isPipe(vsid));
        if (tos >= 0 && tos != inner) {
            TunnelTos.rewrite(ip, tos);
        }
        return tos >= 0;
    }
}
