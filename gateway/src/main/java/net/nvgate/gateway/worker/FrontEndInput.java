package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;

/** Packets from a tenant's own network outside, by an 802.1Q sub-interface of the external port: checked, and routed without NAT. */
final class FrontEndInput {

    private final LinkInput link;
    private final TenantLinkArp arp;
    private final TenantLink6Input ipv6;
    private final TenantRoutes routes;
    private final TenantRouter router;
    private final RouteCache cache;
    private final WorkerCounters counters;
    private final Disposal disposal;

    FrontEndInput(
            LinkInput link,
            TenantLinkArp arp,
            TenantLink6Input ipv6,
            TenantRoutes routes,
            TenantRouter router,
            RouteCache cache,
            WorkerCounters counters,
            Disposal disposal) {
        this.link = link;
        this.arp = arp;
        this.ipv6 = ipv6;
        this.routes = routes;
        this.router = router;
        this.cache = cache;
        this.counters = counters;
        this.disposal = disposal;
    }

    /**
     * A frame whose Ethernet header {@link LinkInput} has checked.
     *
     * @param l3 offset of its layer 3 header
     * @param entry interface entry of {@link TenantLinks}
     */
    void receive(long mbuf, int l3, long entry) {
        long at = Mbuf.dataAddress(mbuf) + l3;
        int available = Mbuf.dataLength(mbuf) - l3;
        if (link.type() == Ethernet.TYPE_ARP) {
            arp.receive(mbuf, at, available, TenantLinks.link(entry));
        } else if (link.type() == Ethernet.TYPE_IPV6) {
            ipv6.receive(mbuf, at, available, entry);
        } else if (link.checkIpv4(mbuf, at, available)) {
            route(mbuf, at, entry);
        }
    }

    private void route(long mbuf, long ip, long entry) {
        int source = Ipv4.source(ip);
        int counter = VsidEntry.countersIndex(entry);
        int domain = VsidEntry.rdid(entry);
        int epoch = cache.epoch(domain);
        counters.received(counter, Ipv4.totalLength(ip));
        if (Ipv4.isGroupOrReserved(source) || Ipv4.isNeverOnTheWire(source)) {
            disposal.drop(mbuf, DropReason.BAD_SOURCE, counter);
        } else if (Ipv4.isGroupOrReserved(Ipv4.destination(ip)) || Ipv4.isNeverOnTheWire(Ipv4.destination(ip))) {
            disposal.drop(mbuf, DropReason.INNER_MULTICAST, counter);
        } else if (!routes.passesReversePath(domain, source, TenantLinks.link(entry), TenantLinks.urpf(entry))) {
            disposal.drop(mbuf, DropReason.URPF, counter);
        } else {
            cache.comesBy(domain, source, TenantLinks.link(entry), epoch);
            router.fromFrontEnd(mbuf, ip, Ipv4.totalLength(ip), entry, entropy(ip));
        }
    }

    /** The same for every packet of a flow: of its addresses and, if it is never fragmented, its ports. */
    static int entropy(long ip) {
        int headerLength = Ipv4.headerLength(ip);
        int protocol = Ipv4.protocol(ip);
        boolean ports = L4.hasPorts(protocol)
                && !Ipv4.isFragment(Ipv4.fragment(ip))
                && Ipv4.totalLength(ip) >= headerLength + Udp.LENGTH;
        return Multipath.entropy(Ipv4.addresses(ip), ports ? Udp.ports(ip + headerLength) : protocol);
    }
}
