package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.route.VsidEntry;
import org.jspecify.annotations.Nullable;

/**
 * IPv6 that came in by a tenant interface of one port: neighbour discovery on that VLAN, pings to our link-local address there, and the
 * tenant's packets, their sources checked by the routes (RFC 3704) and, of a VLAN-based subnet, as strictly as those of VMs.
 */
final class TenantLink6Input {

    private final LinkInput link;
    private final OwnIpv6 own;
    private final NeighborInput neighbors;
    private final EchoResponder6 echo;
    private final Tenant6Routes routes;
    private final Tenant6Path tenant;
    private final WorkerCounters counters;
    private final Disposal disposal;

    /** @param link has checked the frame */
    TenantLink6Input(
            LinkInput link,
            OwnIpv6 own,
            NeighborInput neighbors,
            EchoResponder6 echo,
            Tenant6Routes routes,
            Tenant6Path tenant,
            WorkerCounters counters,
            Disposal disposal) {
        this.link = link;
        this.own = own;
        this.neighbors = neighbors;
        this.echo = echo;
        this.routes = routes;
        this.tenant = tenant;
        this.counters = counters;
        this.disposal = disposal;
    }

    /**
     * A frame with EtherType IPv6.
     *
     * @param entry interface entry of {@link TenantLinks}
     * @return address of the IPv4 packet that NAT64 has made of it, 0: dealt with
     */
    long receive(long mbuf, long ip, int available, long entry) {
        if (!link.checkIpv6(mbuf, ip, available)) {
            return 0;
        }
        int length = Ipv6.totalLength(ip);
        if (NeighborInput.isFor(ip, length)) {
            neighbors.receive(mbuf, ip, length, link.vlan());
            return 0;
        }
        long high = Ipv6.destinationHigh(ip);
        if (Ipv6.isLinkLocal(high) && own.has(high, Ipv6.destinationLow(ip), link.vlan())) {
            echo.onLink(mbuf, ip, length, Ipv6Chain.walk(ip, length), link.vlan(), DropReason.LOCAL_PROTOCOL);
            return 0;
        }
        if (link.isToGroup() || Ipv6.isMulticast(high)) {
            neighbors.toGroup(mbuf, ip, length, link.vlan());
            return 0;
        }
        DropReason fault = Inner6Input.checkAddresses(ip);
        boolean backEnd = TenantLinks.isBackEnd(TenantLinks.link(entry));
        if (fault == null && backEnd) {
            return tenant.forward(mbuf, ip, length, entry, link.vlan());
        }
        if (fault == null) {
            fault = checkSource(ip, entry);
        }
        if (fault == null) {
            tenant.fromFrontEnd(mbuf, ip, length, entry);
        } else {
            counters.received(VsidEntry.countersIndex(entry), length);
            disposal.drop(mbuf, fault, VsidEntry.countersIndex(entry));
        }
        return 0;
    }

    private @Nullable DropReason checkSource(long ip, long entry) {
        boolean passes = routes.passesReversePath(
                VsidEntry.rdid(entry),
                Ipv6.sourceHigh(ip),
                Ipv6.sourceLow(ip),
                TenantLinks.link(entry),
                TenantLinks.urpf(entry));
        return passes ? null : DropReason.URPF;
    }
}
