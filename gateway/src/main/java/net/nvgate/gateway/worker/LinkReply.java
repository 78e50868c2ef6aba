package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Vlan;

/** Sends a received packet back to the station it came from, in its own buffer. */
final class LinkReply {

    private final long mac;
    private final Transmitter transmitter;
    private final Disposal disposal;

    LinkReply(long mac, Transmitter transmitter, Disposal disposal) {
        this.mac = mac;
        this.transmitter = transmitter;
        this.disposal = disposal;
    }

    /**
     * Puts an Ethernet header before {@code l3} and sends.
     *
     * @param destination MAC of the station
     * @param vlan 0 = untagged
     * @param length bytes from {@code l3} on
     */
    void send(long mbuf, long destination, int vlan, int type, long l3, int length) {
        int headerLength = Ethernet.LENGTH + (vlan == 0 ? 0 : Vlan.LENGTH);
        long start = l3 - headerLength;
        if (start < Mbuf.dataAddress(mbuf) - Mbuf.headroom(mbuf)) {
            disposal.drop(mbuf, DropReason.NO_HEADROOM);
            return;
        }
        Ethernet.write(start, destination, mac, vlan == 0 ? type : Ethernet.TYPE_VLAN);
        if (vlan != 0) {
            Mem.u16Be(start + Ethernet.LENGTH, vlan);
            Mem.u16Be(start + Ethernet.LENGTH + 2, type);
        }
        Mbuf.frame(mbuf, start, headerLength + length);
        transmitter.add(mbuf, headerLength + length);
    }
}
