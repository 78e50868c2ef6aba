package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.VsidEntry;

/** Answers pings to the gateway's own addresses: provider and external ones, NAT addresses, and its CAs inside NVGRE. */
final class EchoResponder {

    private final TenantRoutes routes;
    private final Egress egress;
    private final ExternalOutput external;
    private final LinkReply paReply;
    private final WorkerCounters counters;
    private final Disposal disposal;

    EchoResponder(
            TenantRoutes routes,
            Egress egress,
            ExternalOutput external,
            LinkReply paReply,
            WorkerCounters counters,
            Disposal disposal) {
        this.routes = routes;
        this.egress = egress;
        this.external = external;
        this.paReply = paReply;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** ICMP to a provider address; anything but an echo request is dropped as {@code other}. */
    void onProviderLink(long mbuf, long ip, int vlan, DropReason other) {
        int length = Ipv4.totalLength(ip);
        if (length < Ipv4.headerLength(ip) + Icmp.LENGTH) {
            disposal.drop(mbuf, DropReason.TRUNCATED_ICMP);
        } else if (Icmp.type(ip + Ipv4.headerLength(ip)) != Icmp.ECHO_REQUEST) {
            disposal.drop(mbuf, other);
        } else {
            long station = Ethernet.source(Mbuf.dataAddress(mbuf));
            turn(ip);
            paReply.send(mbuf, station, vlan, Ethernet.TYPE_IPV4, ip, length);
        }
    }

    /** A packet of a tenant to a CA of the gateway or its router; the source has been checked. */
    void inTenant(long mbuf, long ip, int length, long vsid) {
        int source = Ipv4.source(ip);
        if (!isEchoRequest(ip, length)) {
            disposal.drop(mbuf, DropReason.LOCAL_PROTOCOL, VsidEntry.countersIndex(vsid));
            return;
        }
        turn(ip);
        egress.send(mbuf, ip, length, routes.toward(VsidEntry.rdid(vsid), source, source), source);
    }

    /** An echo request from outside to an external or NAT address. */
    void outside(long mbuf, long ip, int length) {
        if (Ipv4.isFragment(Ipv4.fragment(ip))) {
            disposal.drop(mbuf, DropReason.LOCAL_PROTOCOL);
            return;
        }
        turn(ip);
        external.send(mbuf, ip, length);
    }

    private static boolean isEchoRequest(long ip, int length) {
        int headerLength = Ipv4.headerLength(ip);
        return Ipv4.protocol(ip) == Ipv4.ICMP
                && !Ipv4.isFragment(Ipv4.fragment(ip))
                && length >= headerLength + Icmp.LENGTH
                && Icmp.type(ip + headerLength) == Icmp.ECHO_REQUEST;
    }

    private void turn(long ip) {
        counters.add(WorkerCounter.ECHOES_ANSWERED, 1);
        int headerLength = Ipv4.headerLength(ip);
        long icmp = ip + headerLength;
        int source = Ipv4.source(ip);
        Ipv4.source(ip, Ipv4.destination(ip));
        Ipv4.destination(ip, source);
        Ipv4.ttl(ip, Ipv4.TTL_DEFAULT);
        Ipv4.fillChecksum(ip, headerLength);
        int before = Icmp.ECHO_REQUEST << 8 | Icmp.code(icmp);
        Icmp.typeAndCode(icmp, Icmp.ECHO_REPLY, 0);
        Icmp.checksum(icmp, Checksum.applyIcmp(Icmp.checksum(icmp), Checksum.delta16(before, 0)));
    }
}
