package net.nvgate.gateway.worker;

import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.packet.Arp;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;
import org.jspecify.annotations.Nullable;

/**
 * Answers ARP requests for our addresses on one port and, on the PA port, inside NVGRE; tells the neighbour agent what it saw on
 * the link.
 */
final class ArpResponder {

    private final RouteTables tables;
    private final int kinds;
    private final int portId;
    private final long mac;
    private final NeighborChannel channel;
    private final LinkReply reply;
    private final NvgreReply innerReply;
    private final @Nullable L2Learner learner;
    private final WorkerCounters counters;
    private final Disposal disposal;

    /**
     * Answers for {@link OwnAddresses} of these kinds.
     *
     * @param learner told of ARP inside NVGRE; null on a port without
     */
    ArpResponder(
            RouteTables tables,
            int kinds,
            int portId,
            long mac,
            NeighborChannel channel,
            LinkReply reply,
            NvgreReply innerReply,
            @Nullable L2Learner learner,
            WorkerCounters counters,
            Disposal disposal) {
        this.tables = tables;
        this.kinds = kinds;
        this.portId = portId;
        this.mac = mac;
        this.channel = channel;
        this.reply = reply;
        this.innerReply = innerReply;
        this.learner = learner;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** An ARP frame of {@code length} bytes. */
    void receive(long mbuf, long frame, int l3, int length, int vlan) {
        long arp = frame + l3;
        if (length - l3 < Arp.LENGTH || !Arp.isEthernetIpv4(arp) || Ethernet.isGroup(Arp.senderMac(arp))) {
            disposal.drop(mbuf, DropReason.MALFORMED_ARP);
            return;
        }
        int operation = Arp.operation(arp);
        int target = Arp.targetAddress(arp);
        channel.arpSeen(portId, operation, Arp.senderMac(arp), Arp.senderAddress(arp), target);
        boolean ours = isOurs(target, vlan);
        if (operation == Arp.REQUEST && ours) {
            counters.add(WorkerCounter.ARP_HANDLED, 1);
            long station = Arp.senderMac(arp);
            Arp.write(arp, Arp.REPLY, mac, target, station, Arp.senderAddress(arp));
            reply.send(mbuf, station, vlan, Ethernet.TYPE_ARP, arp, Arp.LENGTH);
        } else if (operation == Arp.REPLY) {
            counters.add(WorkerCounter.ARP_HANDLED, 1);
            disposal.free(mbuf);
        } else {
            disposal.drop(mbuf, DropReason.ARP_NOT_FOR_US);
        }
    }

    private boolean isOurs(int address, int vlan) {
        long own = tables.ownAddresses.find(address);
        return own != 0 && (OwnAddresses.flags(own) & kinds) != 0 && OwnAddresses.vlan(own) == vlan;
    }

    /** A well-formed ARP frame inside NVGRE: requests for the gateway's and the router's CA, broadcast or unicast, are answered. */
    void receiveInner(long mbuf, long outerIp, int outerSource, int vlan, long vsid, long frame) {
        long arp = frame + Ethernet.LENGTH;
        int counter = VsidEntry.countersIndex(vsid);
        int target = Arp.targetAddress(arp);
        int sender = Arp.senderAddress(arp);
        long answer = answer(vsid, target);
        long destination = Ethernet.destination(frame);
        boolean toUs = destination == Ethernet.BROADCAST
                || destination == VsidEntry.gatewayMac(vsid)
                || destination == VsidEntry.routerMac(vsid);
        boolean learned = toUs
                && learner != null
                && Ethernet.source(frame) == Arp.senderMac(arp)
                && learner.saw(vsid, Arp.senderMac(arp), sender, outerSource);
        if (!toUs) {
            disposal.drop(
                    mbuf,
                    Ethernet.isGroup(destination) ? DropReason.INNER_MULTICAST : DropReason.INNER_WRONG_MAC,
                    counter);
        } else if (learned && (Arp.operation(arp) != Arp.REQUEST || answer == 0)) {
            counters.add(WorkerCounter.ARP_HANDLED, 1);
            disposal.free(mbuf);
        } else if (Arp.operation(arp) != Arp.REQUEST || answer == 0) {
            disposal.drop(mbuf, DropReason.INNER_ARP_NOT_FOR_US, counter);
        } else if (!learned && !isSenderTrue(VsidEntry.rdid(vsid), sender, outerSource)) {
            disposal.drop(mbuf, DropReason.SPOOFED_SOURCE, counter);
        } else {
            counters.add(WorkerCounter.ARP_HANDLED, 1);
            answerInner(mbuf, outerIp, vlan, vsid, arp, answer);
        }
    }

    private boolean isSenderTrue(int domain, int sender, int outerSource) {
        if (sender == 0) {
            // An address conflict probe (RFC 5227) has no sender yet.
            return true;
        }
        long record = tables.records.find(domain, sender);
        return record != 0 && LookupEntry.pa(record) == outerSource;
    }

    private static long answer(long vsid, int target) {
        if (target == VsidEntry.routerCa(vsid) && target != 0 && VsidEntry.routerMac(vsid) != 0) {
            return VsidEntry.routerMac(vsid);
        }
        return target == VsidEntry.gatewayCa(vsid) && target != 0 ? VsidEntry.gatewayMac(vsid) : 0;
    }

    /** The reply goes back the way the request came: same VSID, outer addresses exchanged. */
    private void answerInner(long mbuf, long outerIp, int vlan, long vsid, long arp, long answer) {
        long asker = Arp.senderMac(arp);
        int target = Arp.targetAddress(arp);
        Arp.write(arp, Arp.REPLY, answer, target, asker, Arp.senderAddress(arp));
        long inner = arp - Ethernet.LENGTH;
        Ethernet.write(inner, asker, answer, Ethernet.TYPE_ARP);
        innerReply.send(mbuf, outerIp, vlan, vsid, inner, Ethernet.LENGTH + Arp.LENGTH, (int) asker ^ target);
    }
}
