package net.nvgate.gateway.worker;

import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv4Options;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.watch.Step;
import net.nvgate.gateway.worker.TenantRoutes.Verdict;

/** Takes a tenant's packet that no session has to where {@link TenantRoutes} lead it. */
final class TenantRouter {

    private final TenantRoutes routes;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final LocalInput local;
    private final IcmpSender icmp;
    private final UnknownHosts unknown;
    private final MssClamp mss;
    private final MtuDiagnosis mtus;
    private final Tap tap;
    private final AclTransit acl;
    private final RouteCache cache;
    private final Disposal disposal;

    TenantRouter(
            TenantRoutes routes,
            Adjacencies adjacencies,
            Egress egress,
            LocalInput local,
            IcmpSender icmp,
            UnknownHosts unknown,
            MssClamp mss,
            MtuDiagnosis mtus,
            Tap tap,
            AclTransit acl,
            RouteCache cache,
            Disposal disposal) {
        this.routes = routes;
        this.adjacencies = adjacencies;
        this.egress = egress;
        this.local = local;
        this.icmp = icmp;
        this.unknown = unknown;
        this.mss = mss;
        this.mtus = mtus;
        this.tap = tap;
        this.acl = acl;
        this.cache = cache;
        this.disposal = disposal;
    }

    /** Routes a VM's packet; false when that has dealt with it, true when it goes to the physical side and needs NAT. */
    boolean routesToNat(long mbuf, long ip, int length, long vsid, int outerSource, int entropy) {
        if (InsideHosts.isHandle(Ipv4.source(ip))) {
            return true;
        }
        int epoch = cache.epoch(VsidEntry.rdid(vsid));
        if (!isSourceTrue(vsid, ip, outerSource)) {
            disposal.drop(mbuf, DropReason.SPOOFED_SOURCE, VsidEntry.countersIndex(vsid));
            return false;
        }
        int domain = VsidEntry.rdid(vsid);
        int source = Ipv4.source(ip);
        boolean ofItself = routes.rightSource() == outerSource;
        if (routes(mbuf, ip, length, vsid, entropy)) {
            return true;
        }
        if (ofItself) {
            cache.comesFrom(domain, source, outerSource, epoch);
        }
        return false;
    }

    /** Whether a VM's packet may have its source address. */
    boolean isSourceTrue(long vsid, long ip, int outerSource) {
        int domain = VsidEntry.rdid(vsid);
        boolean sourceTrue = routes.isSourceTrue(domain, Ipv4.source(ip), outerSource);
        tap.step(Step.SOURCE, domain, Ipv4.source(ip), outerSource, sourceTrue ? 1 : 0);
        return sourceTrue;
    }

    /** What the outer source of the last packet was compared with, which {@link #routesToNat} has passed; not of a handle. */
    int rightSource() {
        return routes.rightSource();
    }

    /** Routes a packet that came in by a front-end interface of a tenant, whose source has been checked. It is never translated. */
    void fromFrontEnd(long mbuf, long ip, int length, long link, int entropy) {
        if (routes(mbuf, ip, length, link, entropy)) {
            icmp.unreachable(mbuf, ip, length, link, DropReason.NO_ROUTE);
        }
    }

    @SuppressWarnings("EnumOrdinal") // Told by its place.
    private boolean routes(long mbuf, long ip, int length, long vsid, int entropy) {
        int domain = VsidEntry.rdid(vsid);
        int epoch = cache.epoch(domain);
        Verdict verdict = routes.look(domain, Ipv4.source(ip), Ipv4.destination(ip), entropy);
        tap.step(Step.ROUTE, domain, Ipv4.destination(ip), verdict.ordinal());
        switch (verdict) {
            case OUT -> {
                return true;
            }
            case OURS -> ours(mbuf, ip, length, vsid);
            case FORWARD -> {
                remember(domain, Ipv4.destination(ip), epoch);
                forward(mbuf, ip, length, vsid, routes.adjacency(), entropy);
            }
            case NO_ROUTE -> icmp.unreachable(mbuf, ip, length, vsid, DropReason.NO_ROUTE);
            case NO_RECORD -> noRecord(mbuf, ip, length, vsid);
            case PROHIBITED -> icmp.unreachable(mbuf, ip, length, vsid, DropReason.BLACKHOLE_ROUTE);
        }
        return false;
    }

    /** Port ACLs have to see each packet that they may concern. */
    private void remember(int domain, int destination, int epoch) {
        if (routes.isOfAllFlows() && routes.adjacency() >= 0 && acl.isOpen(domain, domain)) {
            cache.leadsTo(domain, destination, routes.adjacency(), epoch);
        }
    }

    private void ours(long mbuf, long ip, int length, long vsid) {
        if (Ipv4Options.hasOpenSourceRoute(ip)) {
            icmp.sourceRouteFailed(mbuf, ip, length, vsid);
        } else {
            local.receive(mbuf, ip, length, vsid);
        }
    }

    /** Nobody hears that a host is unreachable which others are being asked for. */
    private void noRecord(long mbuf, long ip, int length, long vsid) {
        if (unknown.wanted(VsidEntry.rdid(vsid), Ipv4.destination(ip))) {
            disposal.drop(mbuf, DropReason.NO_RECORD, VsidEntry.countersIndex(vsid));
        } else {
            icmp.unreachable(mbuf, ip, length, vsid, DropReason.NO_RECORD);
        }
    }

    private void forward(long mbuf, long ip, int length, long vsid, int number, int entropy) {
        AclAction action = acl.passes4(ip, length, AclTransit.sender(vsid), receiver(number, vsid));
        if (action == AclAction.REJECT) {
            icmp.refused(mbuf, ip, length, vsid, Icmp.CODE_PROHIBITED, DropReason.ACL_REJECT);
        } else if (action != AclAction.ALLOW) {
            disposal.drop(mbuf, DropReason.ACL, VsidEntry.countersIndex(vsid));
        } else if (Ipv4.ttl(ip) <= 1 || tooBig(ip, length, number, VsidEntry.rdid(vsid))) {
            refuse(mbuf, ip, length, vsid, number);
        } else {
            mss.between(ip, length, VsidEntry.rdid(vsid));
            NatRewrite.decrementTtl(ip);
            egress.send(mbuf, ip, length, number, entropy);
        }
    }

    private int receiver(int number, long vsid) {
        return number < 0 ? 0 : AclTransit.receiver(adjacencies.address(number), VsidEntry.rdid(vsid));
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
            int mtu = Adjacency.mtu(adjacencies.address(number));
            tap.step(Step.TOO_BIG, length, mtu, VsidEntry.rdid(vsid));
            mtus.refused(VsidEntry.rdid(vsid), Ipv4.source(ip), length);
            icmp.tooBig(mbuf, ip, length, vsid, mtu);
        }
    }
}
