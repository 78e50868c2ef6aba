package net.nvgate.gateway.worker;

import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Mld;
import net.nvgate.gateway.packet.NeighborDiscovery;

/** Packets of neighbour discovery that the neighbour agent asks for. */
final class NeighborPackets {

    private NeighborPackets() {}

    /**
     * Writes the packet of a request: a report where the target is a group, an unsolicited advertisement where source and target are the same (RFC 4861 §7.2.6), else a
     * solicitation, from :: a probe for duplicates.
     *
     * @return its bytes
     */
    static int write(long[] request, long ip, long mac) {
        long sourceHigh = NeighborChannel.sourceHigh(request);
        long sourceLow = NeighborChannel.sourceLow(request);
        long high = NeighborChannel.targetHigh(request);
        long low = NeighborChannel.targetLow(request);
        if (Ipv6.isMulticast(high)) {
            Mld.writeReport(ip, mac, (int) sourceLow, high, low);
            return Mld.REPORT_LENGTH;
        }
        if (sourceHigh == high && sourceLow == low) {
            int flags = NeighborDiscovery.ROUTER | NeighborDiscovery.OVERRIDE;
            NeighborDiscovery.writeAdvertisement(
                    ip, mac, high, low, Ipv6.LINK_MULTICAST_HIGH, Ipv6.ALL_NODES_LOW, flags);
            return NeighborDiscovery.PACKET_LENGTH;
        }
        boolean toAll = NeighborChannel.destinationMac(request) == 0;
        return NeighborDiscovery.writeSolicitation(ip, mac, sourceHigh, sourceLow, high, low, toAll);
    }
}
