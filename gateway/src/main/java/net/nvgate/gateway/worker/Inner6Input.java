package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.TunnelTos;
import net.nvgate.gateway.route.VsidEntry;
import org.jspecify.annotations.Nullable;

/** Checks the IPv6 packet in an NVGRE frame and hands it to where it belongs. */
final class Inner6Input {

    private final InnerNeighborInput neighbors;
    private final Tenant6Path tenant;
    private final Disposal disposal;

    Inner6Input(InnerNeighborInput neighbors, Tenant6Path tenant, Disposal disposal) {
        this.neighbors = neighbors;
        this.tenant = tenant;
        this.disposal = disposal;
    }

    /**
     * An Ethernet frame with EtherType IPv6.
     *
     * @param outerIp outer header, IPv4 or IPv6
     * @param outerSource PA it came from
     * @param outerTos TOS or traffic class of the outer header
     * @param vlan of the outer frame
     * @return address of the IPv4 packet that NAT64 has made of it, 0: dealt with
     */
    long receive(
            long mbuf, long outerIp, int outerSource, int outerTos, int vlan, long vsid, long frame, int frameLength) {
        long ip = frame + Ethernet.LENGTH;
        DropReason fault = checkFrame(vsid, frame, frameLength);
        if (fault != null) {
            disposal.drop(mbuf, fault, VsidEntry.countersIndex(vsid));
            return 0;
        }
        int length = Ipv6.totalLength(ip);
        if (NeighborInput.isFor(ip, length)) {
            neighbors.receive(mbuf, outerIp, outerSource, vlan, vsid, ip, length);
            return 0;
        }
        fault = checkPacket(outerTos, vsid, frame, ip);
        if (fault == null) {
            return tenant.forward(mbuf, ip, length, vsid, outerSource);
        }
        disposal.drop(mbuf, fault, VsidEntry.countersIndex(vsid));
        return 0;
    }

    private static @Nullable DropReason checkFrame(long vsid, long frame, int frameLength) {
        long mac = Ethernet.destination(frame);
        if (!isOurs(vsid, mac) && !Ethernet.isGroup(mac)) {
            return DropReason.INNER_WRONG_MAC;
        }
        int available = frameLength - Ethernet.LENGTH;
        if (available < Ipv6.LENGTH) {
            return DropReason.INNER_TRUNCATED_IPV6;
        }
        long ip = frame + Ethernet.LENGTH;
        if (Ipv6.version(ip) != 6) {
            return DropReason.INNER_IPV6_VERSION;
        }
        return Ipv6.totalLength(ip) > available ? DropReason.INNER_IPV6_PAYLOAD_LENGTH : null;
    }

    private static boolean isOurs(long vsid, long mac) {
        return mac == VsidEntry.gatewayMac6(vsid)
                || mac == VsidEntry.routerMac6(vsid)
                || mac == VsidEntry.gatewayMac(vsid)
                || mac == VsidEntry.routerMac(vsid);
    }

    private static @Nullable DropReason checkPacket(int outerTos, long vsid, long frame, long ip) {
        long destination = Ipv6.destinationHigh(ip);
        if (Ethernet.isGroup(Ethernet.destination(frame)) || Ipv6.isMulticast(destination)) {
            return DropReason.INNER_MULTICAST;
        }
        DropReason fault = checkAddresses(ip);
        if (fault != null) {
            return fault;
        }
        int inner = Ipv6.trafficClass(ip);
        if (outerTos == inner || outerTos == 0) {
            return null;
        }
        int tos = TunnelTos.decapsulated(outerTos, inner, !VsidEntry.isPipe(vsid));
        if (tos >= 0) {
            Ipv6.trafficClass(ip, tos);
        }
        return tos >= 0 ? null : DropReason.INNER_ECN;
    }

    /** Of a unicast packet that is to be routed: its source names one node, and none of the addresses is of one link only (RFC 4291 §2.5). */
    static @Nullable DropReason checkAddresses(long ip) {
        long source = Ipv6.sourceHigh(ip);
        long destination = Ipv6.destinationHigh(ip);
        if (Ipv6.isMulticast(source) || Ipv6.isUnspecifiedOrLoopback(source, Ipv6.sourceLow(ip))) {
            return DropReason.BAD_SOURCE;
        }
        if (Ipv6.isLinkLocal(source) || Ipv6.isLinkLocal(destination)) {
            return DropReason.IPV6_LINK_LOCAL;
        }
        return Ipv6.isUnspecifiedOrLoopback(destination, Ipv6.destinationLow(ip)) ? DropReason.NO_ROUTE : null;
    }
}
