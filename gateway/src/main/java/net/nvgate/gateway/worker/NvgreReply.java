package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.route.VsidEntry;

/** Sends a frame inside NVGRE the way another one came: same VSID, outer addresses exchanged, to the station it came from. */
final class NvgreReply {

    private final LinkReply reply;
    private final WorkerCounters counters;

    NvgreReply(LinkReply reply, WorkerCounters counters) {
        this.reply = reply;
        this.counters = counters;
    }

    /**
     * Sends, in the buffer of the frame that came.
     *
     * @param outerIp outer header of the frame that came, IPv4 or IPv6, still as it came
     * @param frame the inner frame to send, where the other was or behind it
     * @param length bytes of the frame
     * @param entropy of which FlowID and flow label are made
     */
    void send(long mbuf, long outerIp, int vlan, long vsid, long frame, int length, int entropy) {
        long station = Ethernet.source(Mbuf.dataAddress(mbuf));
        boolean ipv6 = Ipv4.version(outerIp) == 6;
        long gre = frame - Nvgre.LENGTH;
        long ip = gre - (ipv6 ? Ipv6.LENGTH : Ipv4.MIN_LENGTH);
        int payload = Nvgre.LENGTH + length;
        if (ipv6) {
            writeIpv6(ip, outerIp, payload, entropy);
        } else {
            int here = Ipv4.destination(outerIp);
            int there = Ipv4.source(outerIp);
            Ipv4.write(ip, Ipv4.MIN_LENGTH + payload, Ipv4.DONT_FRAGMENT, Ipv4.GRE, here, there);
        }
        Nvgre.write(gre, VsidEntry.vsid(vsid), entropy);
        counters.sent(VsidEntry.countersIndex(vsid), length - Ethernet.LENGTH);
        int type = ipv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4;
        reply.send(mbuf, station, vlan, type, ip, (int) (gre - ip) + payload);
    }

    private static void writeIpv6(long ip, long outerIp, int payload, int entropy) {
        long hereHigh = Ipv6.destinationHigh(outerIp);
        long hereLow = Ipv6.destinationLow(outerIp);
        long thereHigh = Ipv6.sourceHigh(outerIp);
        long thereLow = Ipv6.sourceLow(outerIp);
        int label = (entropy & 0xff) | 1;
        Ipv6.write(ip, 0, label, payload, Ipv4.GRE, Ipv6.HOP_LIMIT_DEFAULT, hereHigh, hereLow, thereHigh, thereLow);
    }
}
