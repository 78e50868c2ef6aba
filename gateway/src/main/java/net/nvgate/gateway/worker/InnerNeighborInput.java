package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.NeighborDiscovery;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/** Neighbour discovery inside NVGRE: solicitations for the CA of the gateway or of the subnet's router are answered, no other. */
final class InnerNeighborInput {

    private final RouteTables tables;
    private final NvgreReply reply;
    private final WorkerCounters counters;
    private final Disposal disposal;

    InnerNeighborInput(RouteTables tables, NvgreReply reply, WorkerCounters counters, Disposal disposal) {
        this.tables = tables;
        this.reply = reply;
        this.counters = counters;
        this.disposal = disposal;
    }

    /**
     * A packet that {@link NeighborInput#isFor} neighbour discovery, to a MAC of ours or a group.
     *
     * @param outerIp outer header
     * @param outerSource PA it came from
     */
    void receive(long mbuf, long outerIp, int outerSource, int vlan, long vsid, long ip, int length) {
        int counter = VsidEntry.countersIndex(vsid);
        if (!NeighborInput.isRight(ip, length)) {
            disposal.drop(mbuf, DropReason.INNER_MALFORMED_ND, counter);
            return;
        }
        long message = ip + Ipv6.LENGTH;
        long high = NeighborDiscovery.targetHigh(message);
        long low = NeighborDiscovery.targetLow(message);
        long answer = Icmpv6.type(message) == NeighborDiscovery.SOLICITATION ? answer(vsid, high, low) : 0;
        long askerHigh = Ipv6.sourceHigh(ip);
        long askerLow = Ipv6.sourceLow(ip);
        if (answer == 0) {
            disposal.drop(mbuf, DropReason.INNER_ND_NOT_FOR_US, counter);
        } else if (!isAskerTrue(VsidEntry.rdid(vsid), askerHigh, askerLow, outerSource)) {
            disposal.drop(mbuf, DropReason.SPOOFED_SOURCE, counter);
        } else {
            counters.add(WorkerCounter.ND_HANDLED, 1);
            boolean probe = askerHigh == 0 && askerLow == 0;
            long frame = ip - Ethernet.LENGTH;
            long asker = Ethernet.source(frame);
            NeighborInput.writeAnswer(ip, answer, high, low, askerHigh, askerLow);
            long destination = probe ? Ipv6.multicastMac(Ipv6.ALL_NODES_LOW) : asker;
            Ethernet.write(frame, destination, answer, Ethernet.TYPE_IPV6);
            int frameLength = Ethernet.LENGTH + NeighborDiscovery.PACKET_LENGTH;
            reply.send(mbuf, outerIp, vlan, vsid, frame, frameLength, (int) (asker ^ low));
        }
    }

    /** A probe from :: and a link-local address say nothing that a record could prove; they get an answer and nothing else. */
    private boolean isAskerTrue(int domain, long high, long low, int outerSource) {
        if ((high == 0 && low == 0) || Ipv6.isLinkLocal(high)) {
            return true;
        }
        long record = tables.records6.find(domain, high, low);
        return record != 0 && LookupEntry.pa(record) == outerSource;
    }

    /** MAC of the CA, 0 if it is neither the gateway's nor the router's. */
    private static long answer(long vsid, long high, long low) {
        if (high == 0 && low == 0) {
            return 0;
        }
        if (high == VsidEntry.routerCa6High(vsid) && low == VsidEntry.routerCa6Low(vsid)) {
            return VsidEntry.routerMac6(vsid);
        }
        boolean gateway = high == VsidEntry.gatewayCa6High(vsid) && low == VsidEntry.gatewayCa6Low(vsid);
        return gateway ? VsidEntry.gatewayMac6(vsid) : 0;
    }
}
