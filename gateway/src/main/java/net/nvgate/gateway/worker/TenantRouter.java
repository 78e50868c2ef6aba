package net.nvgate.gateway.worker;

import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/** Takes a tenant's packet that no session has to where the tenant's own routes lead: a VM, ourselves, nowhere, or out to the NAT. */
final class TenantRouter {

    private final RouteTables tables;
    private final TenantRoutes routes;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final EchoResponder echo;
    private final IcmpSender icmp;
    private final MssClamp mss;
    private final MtuDiagnosis mtus;
    private final Disposal disposal;

    TenantRouter(
            RouteTables tables,
            TenantRoutes routes,
            Adjacencies adjacencies,
            Egress egress,
            EchoResponder echo,
            IcmpSender icmp,
            MssClamp mss,
            MtuDiagnosis mtus,
            Disposal disposal) {
        this.tables = tables;
        this.routes = routes;
        this.adjacencies = adjacencies;
        this.egress = egress;
        this.echo = echo;
        this.icmp = icmp;
        this.mss = mss;
        this.mtus = mtus;
        this.disposal = disposal;
    }

    /** Routes a packet; false when that has dealt with it, true when it goes to the physical side and needs NAT. */
    boolean routesToNat(long mbuf, long ip, int length, long vsid, int outerSource, int entropy) {
        int domain = VsidEntry.rdid(vsid);
        int counter = VsidEntry.countersIndex(vsid);
        int destination = Ipv4.destination(ip);
        if (!routes.isSourceTrue(domain, Ipv4.source(ip), outerSource)) {
            disposal.drop(mbuf, DropReason.SPOOFED_SOURCE, counter);
            return false;
        }
        long own = tables.records.find(domain, destination);
        if (own != 0 && !LookupEntry.isVm(own)) {
            echo.inTenant(mbuf, ip, length, vsid);
            return false;
        }
        long route = tables.tenantFib.find(domain, destination);
        int kind = route == 0 ? FibEntry.BLACKHOLE : FibEntry.kind(route);
        if (kind == FibEntry.GATEWAY && own == 0) {
            return true;
        }
        if (own == 0 && kind == FibEntry.BLACKHOLE) {
            icmp.unreachable(mbuf, ip, length, vsid, DropReason.NO_ROUTE);
            return false;
        }
        int number = adjacencies.toTenant(
                domain, kind == FibEntry.VIA_CA && own == 0 ? FibEntry.nextHop(route) : destination);
        if (number >= 0 && Adjacency.fault(adjacencies.address(number)) == DropReason.NO_RECORD) {
            icmp.unreachable(mbuf, ip, length, vsid, DropReason.NO_RECORD);
        } else if (Ipv4.ttl(ip) <= 1 || tooBig(ip, length, number, domain)) {
            refuse(mbuf, ip, length, vsid, number);
        } else {
            mss.between(ip, length, domain);
            NatRewrite.decrementTtl(ip);
            egress.send(mbuf, ip, length, number, entropy);
        }
        return false;
    }

    /** Whether a packet from a VM does not fit and must not be fragmented. */
    boolean tooBig(long ip, int length, int number, int domain) {
        if (number < 0
                || length <= Adjacency.mtu(adjacencies.address(number))
                || Adjacency.fault(adjacencies.address(number)) != null) {
            return false;
        }
        boolean refused = (Ipv4.fragment(ip) & Ipv4.DONT_FRAGMENT) != 0;
        if (!refused) {
            mtus.fragmented(domain, Ipv4.source(ip), length);
        }
        return refused;
    }

    void refuse(long mbuf, long ip, int length, long vsid, int number) {
        if (Ipv4.ttl(ip) <= 1) {
            icmp.timeExceeded(mbuf, ip, length, vsid);
        } else {
            mtus.refused(VsidEntry.rdid(vsid), Ipv4.source(ip), length);
            icmp.tooBig(mbuf, ip, length, vsid, Adjacency.mtu(adjacencies.address(number)));
        }
    }
}
