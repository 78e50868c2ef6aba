package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Mld;
import net.nvgate.gateway.packet.NeighborDiscovery;

/**
 * Neighbour discovery on one port (RFC 4861): answers solicitations for our addresses, and tells the neighbour agent what it saw. What
 * fails a check of §7.1 or §6.1.2 is dropped; redirects are not for routers (§8).
 */
final class NeighborInput {

    private static final int ANSWER =
            NeighborDiscovery.ROUTER | NeighborDiscovery.SOLICITED | NeighborDiscovery.OVERRIDE;
    private static final int ANSWER_TO_PROBE = NeighborDiscovery.ROUTER | NeighborDiscovery.OVERRIDE;

    private final OwnIpv6 own;
    private final int portId;
    private final long mac;
    private final NeighborChannel channel;
    private final LinkReply reply;
    private final WorkerCounters counters;
    private final Disposal disposal;

    NeighborInput(
            OwnIpv6 own,
            int portId,
            long mac,
            NeighborChannel channel,
            LinkReply reply,
            WorkerCounters counters,
            Disposal disposal) {
        this.own = own;
        this.portId = portId;
        this.mac = mac;
        this.channel = channel;
        this.reply = reply;
        this.counters = counters;
        this.disposal = disposal;
    }

    /**
     * Whether an IPv6 packet is neighbour discovery, which has no extension headers (RFC 6980 §5 forbids fragments of it).
     *
     * @param length bytes of the packet
     */
    static boolean isFor(long ip, int length) {
        return Ipv6.nextHeader(ip) == Ipv6.ICMPV6
                && length >= Ipv6.LENGTH + Icmpv6.LENGTH
                && NeighborDiscovery.isType(Icmpv6.type(ip + Ipv6.LENGTH));
    }

    /** A packet that {@link #isFor} neighbour discovery. */
    void receive(long mbuf, long ip, int length, int vlan) {
        if (!isRight(ip, length)) {
            disposal.drop(mbuf, DropReason.MALFORMED_ND);
            return;
        }
        long message = ip + Ipv6.LENGTH;
        switch (Icmpv6.type(message)) {
            case NeighborDiscovery.SOLICITATION -> solicitation(mbuf, ip, length, vlan);
            case NeighborDiscovery.ADVERTISEMENT -> {
                advertisement(ip, length, vlan);
                learned(mbuf);
            }
            case NeighborDiscovery.ROUTER_ADVERTISEMENT -> {
                routerAdvertisement(ip, length, vlan);
                learned(mbuf);
            }
            default -> disposal.drop(mbuf, DropReason.ND_NOT_FOR_US);
        }
    }

    /** A packet to a group that is no neighbour discovery: of those only queries for listeners are for us. */
    void toGroup(long mbuf, long ip, int length, int vlan) {
        if (Mld.isQuery(ip, length)) {
            channel.groupQuerySeen(own.neighborPort(portId, vlan), vlan);
            learned(mbuf);
        } else {
            disposal.drop(mbuf, DropReason.IPV6_MULTICAST);
        }
    }

    private void learned(long mbuf) {
        counters.add(WorkerCounter.ND_HANDLED, 1);
        disposal.free(mbuf);
    }

    private void solicitation(long mbuf, long ip, int length, int vlan) {
        long message = ip + Ipv6.LENGTH;
        long high = NeighborDiscovery.targetHigh(message);
        long low = NeighborDiscovery.targetLow(message);
        long askerHigh = Ipv6.sourceHigh(ip);
        long askerLow = Ipv6.sourceLow(ip);
        boolean probe = askerHigh == 0 && askerLow == 0;
        long station = Ethernet.source(Mbuf.dataAddress(mbuf));
        long told = linkAddress(ip, length, NeighborDiscovery.SOURCE_LINK_ADDRESS);
        if (own.isTentative(high, low, vlan)) {
            // Who looks for it, too, must be known; who wants to send to it must wait (RFC 4862 §5.4.3).
            if (probe) {
                channel.solicitationSeen(own.neighborPort(portId, vlan), station, 0, 0, high, low);
            }
            disposal.drop(mbuf, DropReason.ND_NOT_FOR_US);
            return;
        }
        if (!own.has(high, low, vlan)) {
            disposal.drop(mbuf, DropReason.ND_NOT_FOR_US);
            return;
        }
        counters.add(WorkerCounter.ND_HANDLED, 1);
        if (told != 0) {
            channel.solicitationSeen(own.neighborPort(portId, vlan), told, askerHigh, askerLow, high, low);
        }
        long destination = probe ? Ipv6.multicastMac(Ipv6.ALL_NODES_LOW) : told != 0 ? told : station;
        writeAnswer(ip, mac, high, low, askerHigh, askerLow);
        reply.send(mbuf, destination, vlan, Ethernet.TYPE_IPV6, ip, NeighborDiscovery.PACKET_LENGTH);
    }

    /** Writes the advertisement that answers a solicitation over it, to all nodes if that was a probe from :: (RFC 4861 §7.2.4). */
    static void writeAnswer(long ip, long mac, long high, long low, long askerHigh, long askerLow) {
        boolean probe = askerHigh == 0 && askerLow == 0;
        NeighborDiscovery.writeAdvertisement(
                ip,
                mac,
                high,
                low,
                probe ? Ipv6.LINK_MULTICAST_HIGH : askerHigh,
                probe ? Ipv6.ALL_NODES_LOW : askerLow,
                probe ? ANSWER_TO_PROBE : ANSWER);
    }

    private void advertisement(long ip, int length, int vlan) {
        long message = ip + Ipv6.LENGTH;
        int flags = NeighborDiscovery.flags(message);
        channel.advertisementSeen(
                own.neighborPort(portId, vlan),
                linkAddress(ip, length, NeighborDiscovery.TARGET_LINK_ADDRESS),
                NeighborDiscovery.targetHigh(message),
                NeighborDiscovery.targetLow(message),
                (flags & NeighborDiscovery.SOLICITED) != 0,
                (flags & NeighborDiscovery.OVERRIDE) != 0);
    }

    private void routerAdvertisement(long ip, int length, int vlan) {
        long options = ip + Ipv6.LENGTH + NeighborDiscovery.ROUTER_ADVERTISEMENT_LENGTH;
        int optionsLength = length - Ipv6.LENGTH - NeighborDiscovery.ROUTER_ADVERTISEMENT_LENGTH;
        channel.routerSeen(
                own.neighborPort(portId, vlan),
                NeighborDiscovery.linkAddress(options, optionsLength, NeighborDiscovery.SOURCE_LINK_ADDRESS),
                Ipv6.sourceHigh(ip),
                Ipv6.sourceLow(ip),
                NeighborDiscovery.routerLifetime(ip + Ipv6.LENGTH));
    }

    private static long linkAddress(long ip, int length, int type) {
        long options = ip + Ipv6.LENGTH + NeighborDiscovery.LENGTH;
        return NeighborDiscovery.linkAddress(options, length - Ipv6.LENGTH - NeighborDiscovery.LENGTH, type);
    }

    /** The checks that every message must pass before anything in it is believed. */
    static boolean isRight(long ip, int length) {
        long message = ip + Ipv6.LENGTH;
        int messageLength = length - Ipv6.LENGTH;
        int type = Icmpv6.type(message);
        int fixed = type == NeighborDiscovery.ROUTER_ADVERTISEMENT
                ? NeighborDiscovery.ROUTER_ADVERTISEMENT_LENGTH
                : type == NeighborDiscovery.ROUTER_SOLICITATION ? Icmpv6.LENGTH : NeighborDiscovery.LENGTH;
        if (Ipv6.hopLimit(ip) != Ipv6.HOP_LIMIT_LINK
                || Icmpv6.code(message) != 0
                || messageLength < fixed
                || !Icmpv6.checksumIsRight(ip, message, messageLength)
                || !NeighborDiscovery.areOptionsRight(message + fixed, messageLength - fixed)) {
            return false;
        }
        return switch (type) {
            case NeighborDiscovery.SOLICITATION -> isSolicitationRight(ip, message, messageLength);
            case NeighborDiscovery.ADVERTISEMENT ->
                !Ipv6.isMulticast(NeighborDiscovery.targetHigh(message))
                        && (!Ipv6.isMulticast(Ipv6.destinationHigh(ip))
                                || (NeighborDiscovery.flags(message) & NeighborDiscovery.SOLICITED) == 0);
            case NeighborDiscovery.ROUTER_ADVERTISEMENT -> Ipv6.isLinkLocal(Ipv6.sourceHigh(ip));
            default -> true;
        };
    }

    private static boolean isSolicitationRight(long ip, long message, int messageLength) {
        if (Ipv6.isMulticast(NeighborDiscovery.targetHigh(message))) {
            return false;
        }
        if (Ipv6.sourceHigh(ip) != 0 || Ipv6.sourceLow(ip) != 0) {
            return !Ipv6.isMulticast(Ipv6.sourceHigh(ip));
        }
        long options = message + NeighborDiscovery.LENGTH;
        int optionsLength = messageLength - NeighborDiscovery.LENGTH;
        return Ipv6.destinationHigh(ip) == Ipv6.LINK_MULTICAST_HIGH
                && Ipv6.destinationLow(ip) == Ipv6.solicitedNodeLow(NeighborDiscovery.targetLow(message))
                && NeighborDiscovery.linkAddress(options, optionsLength, NeighborDiscovery.SOURCE_LINK_ADDRESS) == 0;
    }
}
