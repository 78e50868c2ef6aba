package net.nvgate.gateway.worker;

import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.packet.Arp;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.route.TenantLinks;

/** ARP (RFC 826) on tenant interfaces of one port: answers for our addresses on that VLAN alone. */
final class TenantLinkArp {

    private final TenantLinks links;
    private final int portId;
    private final long mac;
    private final NeighborChannel channel;
    private final LinkReply reply;
    private final WorkerCounters counters;
    private final Disposal disposal;

    TenantLinkArp(
            TenantLinks links,
            int portId,
            long mac,
            NeighborChannel channel,
            LinkReply reply,
            WorkerCounters counters,
            Disposal disposal) {
        this.links = links;
        this.portId = portId;
        this.mac = mac;
        this.channel = channel;
        this.reply = reply;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** An ARP packet at {@code arp} of {@code length} bytes that came in by a {@link TenantLinks#link}. */
    void receive(long mbuf, long arp, int length, int link) {
        if (length < Arp.LENGTH || !Arp.isEthernetIpv4(arp) || Ethernet.isGroup(Arp.senderMac(arp))) {
            disposal.drop(mbuf, DropReason.MALFORMED_ARP);
            return;
        }
        int operation = Arp.operation(arp);
        int target = Arp.targetAddress(arp);
        int vlan = TenantLinks.vlan(link);
        long station = Arp.senderMac(arp);
        channel.arpSeen(NeighborEntry.portOf(portId, vlan), operation, station, Arp.senderAddress(arp), target);
        if (operation == Arp.REQUEST && links.owns(link, target)) {
            counters.add(WorkerCounter.ARP_HANDLED, 1);
            Arp.write(arp, Arp.REPLY, mac, target, station, Arp.senderAddress(arp));
            reply.send(mbuf, station, vlan, Ethernet.TYPE_ARP, arp, Arp.LENGTH);
        } else if (operation == Arp.REPLY) {
            counters.add(WorkerCounter.ARP_HANDLED, 1);
            disposal.free(mbuf);
        } else {
            disposal.drop(mbuf, DropReason.ARP_NOT_FOR_US);
        }
    }
}
