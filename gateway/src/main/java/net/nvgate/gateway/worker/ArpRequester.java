package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.Mempool;
import net.nvgate.gateway.neighbor.NeighborChannel;
import net.nvgate.gateway.neighbor.NeighborEntry;
import net.nvgate.gateway.packet.Arp;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Vlan;

/**
 * Sends the ARP requests and packets of neighbour discovery that the neighbour agent asks for: resolution, probes and announcements.
 */
final class ArpRequester {

    private static final int PER_TURN = 32;

    private final NeighborChannel channel;
    private final Mempool pool;
    private final long array;
    private final WorkerPorts ports;
    private final Transmitter pa;
    private final Transmitter ext;
    private final WorkerCounters counters;
    private final long[] request = new long[NeighborChannel.WORDS];

    /** 8 bytes of memory for an mbuf's address. */
    ArpRequester(
            NeighborChannel channel,
            Mempool pool,
            long memory,
            WorkerPorts ports,
            Transmitter pa,
            Transmitter ext,
            WorkerCounters counters) {
        this.channel = channel;
        this.pool = pool;
        this.array = memory;
        this.ports = ports;
        this.pa = pa;
        this.ext = ext;
        this.counters = counters;
    }

    /** Requests sent. */
    int poll() {
        int sent = 0;
        while (sent < PER_TURN && channel.pollRequest(request)) {
            sent++;
            if (pool.allocate(array, 1)) {
                send(Mem.i64(array));
            } else {
                counters.drop(DropReason.NO_MBUF);
            }
        }
        return sent;
    }

    private void send(long mbuf) {
        boolean onPa = NeighborEntry.portId(NeighborChannel.port(request)) == ports.paId();
        long mac = onPa ? ports.pa().mac() : ports.ext().mac();
        boolean arp = NeighborChannel.isIpv4(request);
        int vlan = NeighborChannel.vlan(request);
        int headerLength = Ethernet.LENGTH + (vlan == 0 ? 0 : Vlan.LENGTH);
        long frame = Mbuf.dataAddress(mbuf);
        long l3 = frame + headerLength;
        int length = arp ? writeArp(l3, mac) : NeighborPackets.write(request, l3, mac);
        int innerType = arp ? Ethernet.TYPE_ARP : Ethernet.TYPE_IPV6;
        Ethernet.write(frame, destination(arp, l3), mac, vlan == 0 ? innerType : Ethernet.TYPE_VLAN);
        if (vlan != 0) {
            Mem.u16Be(frame + Ethernet.LENGTH, vlan);
            Mem.u16Be(frame + Ethernet.LENGTH + 2, innerType);
        }
        Mbuf.length(mbuf, headerLength + length);
        (onPa ? pa : ext).add(mbuf, headerLength + length);
    }

    /** Whom the agent wants to ask; else all whom the packet concerns. */
    private long destination(boolean arp, long l3) {
        long probed = NeighborChannel.destinationMac(request);
        if (probed != 0) {
            return probed;
        }
        return arp ? Ethernet.BROADCAST : Ipv6.multicastMac(Ipv6.destinationLow(l3));
    }

    private int writeArp(long arp, long mac) {
        int source = NeighborChannel.senderIp(request);
        Arp.write(arp, Arp.REQUEST, mac, source, 0, NeighborChannel.targetIp(request));
        return Arp.LENGTH;
    }
}
