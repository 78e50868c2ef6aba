package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Broadcasts in NVGRE, which hosts send to every PA of a VSID that has L2Only records (hnv-domain.md section 2.6). ARP is
 * {@link ArpResponder}'s; of IPv4 we take DHCP. All else is for other VMs, whose hosts have copies of their own.
 */
final class BroadcastInput {

    private final DhcpServer dhcp;
    private final Disposal disposal;

    BroadcastInput(DhcpServer dhcp, Disposal disposal) {
        this.dhcp = dhcp;
        this.disposal = disposal;
    }

    /** An inner frame of EtherType IPv4 to a group MAC or address; nothing behind its Ethernet header has been checked. */
    void receive(long mbuf, int outerSource, long vsid, long frame, int frameLength) {
        long ip = frame + Ethernet.LENGTH;
        int available = frameLength - Ethernet.LENGTH;
        if (Ethernet.destination(frame) == Ethernet.BROADCAST && isRight(ip, available)) {
            int length = Ipv4.totalLength(ip);
            boolean toAll = Ipv4.destination(ip) == Ipv4.BROADCAST;
            // A client that has no address yet sends from 0.0.0.0; one that has, in REBINDING, from its own.
            if (toAll && DhcpServer.isForServer(ip, length)) {
                dhcp.broadcast(mbuf, ip, length, vsid, outerSource);
                return;
            }
        }
        disposal.drop(mbuf, DropReason.INNER_MULTICAST, VsidEntry.countersIndex(vsid));
    }

    private static boolean isRight(long ip, int available) {
        if (available < Ipv4.MIN_LENGTH || Ipv4.version(ip) != 4) {
            return false;
        }
        int headerLength = Ipv4.headerLength(ip);
        if (headerLength < Ipv4.MIN_LENGTH || headerLength > available) {
            return false;
        }
        int length = Ipv4.totalLength(ip);
        return headerLength <= length && length <= available && Ipv4.checksumIsRight(ip, headerLength);
    }
}
