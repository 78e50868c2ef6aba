package net.nvgate.gateway.worker;

import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;

/**
 * Where a tenant's packets go. Longest match over everything the tenant has:
 *
 * <pre>
 *  lookup record of the CA              like a host route: NVGRE to the VM, or ourselves
 *  customer, blackhole and peer routes  of one prefix: blackhole, then peer, then customer routes of the lowest metric
 *  routes out of tenant interfaces      asked when the customer route leads to this gateway, when there is none, or when they are
 *                                       longer; where there is none either, the packet goes out to the NAT
 * </pre>
 *
 * Slow path: what it says is kept in sessions and in the {@link RouteCache}. One thread.
 */
final class TenantRoutes {

    /** What is to become of a packet. */
    enum Verdict {
        /** To one of our addresses in the tenant. */
        OURS,
        /** To {@link #adjacency}. */
        FORWARD,
        /** Out to the physical side that tenants share: needs NAT. */
        OUT,
        NO_ROUTE,
        NO_RECORD,
        PROHIBITED
    }

    /** No source address to check against a peer's routes. */
    static final int NO_SOURCE = 0;

    private final RouteTables tables;
    private final Adjacencies adjacencies;
    private final Multipath.Usable hasRecord;
    private final Multipath.Usable answers;
    private int adjacency;
    private boolean ofAllFlows;
    private int rightSource;

    TenantRoutes(RouteTables tables, Adjacencies adjacencies) {
        this.tables = tables;
        this.adjacencies = adjacencies;
        this.hasRecord = (domain, nextHop, _) -> tables.records.find(domain, nextHop) != 0;
        this.answers =
                (_, nextHop, route) -> adjacencies.answers(adjacencies.neighborPort(FibEntry.link(route)), nextHop);
    }

    /** Number of the adjacency that {@link Verdict#FORWARD} means; -1 when there was no room for it. */
    int adjacency() {
        return adjacency;
    }

    /** Whether {@link #adjacency} is that of all packets of the tenant to the destination, whatever their flow and source, until its epoch moves on. */
    boolean isOfAllFlows() {
        return ofAllFlows;
    }

    /**
     * Looks up where a packet goes.
     *
     * @param source of the packet, which a peer must have a route back to; or {@link #NO_SOURCE}
     * @param entropy hash of the flow, by which one of several equal routes is chosen
     */
    Verdict look(int domain, int source, int destination, int entropy) {
        ofAllFlows = true;
        long record = tables.records.find(domain, destination);
        if (record != 0) {
            return toRecord(domain, destination, record);
        }
        long route = tables.tenantFib.find(domain, destination);
        if (route == 0 || FibEntry.kind(route) != FibEntry.PEER) {
            return follow(domain, destination, route, entropy);
        }
        ofAllFlows = false;
        int peer = FibEntry.nextHop(route);
        if (source != NO_SOURCE && !leadsToPeer(peer, source, domain)) {
            return Verdict.NO_ROUTE;
        }
        return inPeer(peer, destination, entropy);
    }

    private Verdict toRecord(int domain, int destination, long record) {
        if (!LookupEntry.isVm(record)) {
            return Verdict.OURS;
        }
        adjacency = adjacencies.toTenant(domain, destination);
        return Verdict.FORWARD;
    }

    /** One peering is followed, never a second one; and what the peer's own gateway is for stays the peer's. */
    private Verdict inPeer(int peer, int destination, int entropy) {
        long record = tables.records.find(peer, destination);
        if (record != 0) {
            return toRecord(peer, destination, record) == Verdict.FORWARD ? Verdict.FORWARD : Verdict.NO_ROUTE;
        }
        long route = tables.tenantFib.find(peer, destination);
        if (route != 0 && FibEntry.kind(route) == FibEntry.PEER) {
            return Verdict.NO_ROUTE;
        }
        Verdict verdict = follow(peer, destination, route, entropy);
        return verdict == Verdict.OUT || verdict == Verdict.OURS ? Verdict.NO_ROUTE : verdict;
    }

    private boolean leadsToPeer(int from, int destination, int to) {
        long route = tables.tenantFib.find(from, destination);
        return route != 0
                && FibEntry.kind(route) == FibEntry.PEER
                && FibEntry.nextHop(route) == to
                && tables.records.find(from, destination) == 0;
    }

    /** @param route the tenant's best one or 0, not a peer route */
    private Verdict follow(int domain, int destination, long route, int entropy) {
        long link = linkRoute(domain, destination, route);
        if (link != 0) {
            ofAllFlows = ofAllFlows && FibEntry.hops(link) == 1;
            return out(domain, destination, link, entropy);
        }
        ofAllFlows = ofAllFlows && route != 0 && FibEntry.hops(route) == 1;
        return switch (route == 0 ? FibEntry.BLACKHOLE : FibEntry.kind(route)) {
            case FibEntry.GATEWAY -> Verdict.OUT;
            case FibEntry.PROHIBITED -> Verdict.PROHIBITED;
            case FibEntry.ON_LINK -> Verdict.NO_RECORD;
            case FibEntry.VIA_CA -> via(domain, Multipath.choose(route, domain, entropy, hasRecord));
            default -> Verdict.NO_ROUTE;
        };
    }

    private Verdict via(int domain, int nextHop) {
        long record = tables.records.find(domain, nextHop);
        if (record == 0 || !LookupEntry.isVm(record)) {
            return Verdict.NO_RECORD;
        }
        adjacency = adjacencies.toTenant(domain, nextHop);
        return Verdict.FORWARD;
    }

    private Verdict out(int domain, int destination, long link, int entropy) {
        if (FibEntry.kind(link) != FibEntry.ON_LINK) {
            int nextHop = Multipath.choose(link, domain, entropy, answers);
            adjacency = adjacencies.toLink(domain, linkOf(domain, link, nextHop), nextHop);
            if (adjacency >= 0 && FibEntry.hops(link) > 1) {
                Adjacency.oneOfSeveral(adjacencies.address(adjacency), true);
            }
            return Verdict.FORWARD;
        }
        if (tables.tenantLinks.owns(FibEntry.link(link), destination)) {
            return Verdict.OURS;
        }
        adjacency = adjacencies.toLink(domain, link, destination);
        return Verdict.FORWARD;
    }

    /** Of several next hops each may be on an interface of its own. */
    private long linkOf(int domain, long route, int nextHop) {
        long connected = FibEntry.hops(route) == 1 ? 0 : tables.tenantLinkFib.find(domain, nextHop);
        return connected != 0 && FibEntry.kind(connected) == FibEntry.ON_LINK ? connected : route;
    }

    /** The route out of a tenant interface that a destination follows; 0 when it follows the tenant's other route. */
    private long linkRoute(int domain, int destination, long route) {
        return linkRoute(tables, domain, destination, route);
    }

    /** As {@link #linkRoute(int, int, long)}, for others than this. */
    static long linkRoute(RouteTables tables, int domain, int destination, long route) {
        long link = tables.tenantLinkFib.find(domain, destination);
        boolean better = link != 0
                && (route == 0
                        || FibEntry.kind(route) == FibEntry.GATEWAY
                        || FibEntry.prefixLength(link) > FibEntry.prefixLength(route));
        return better ? link : 0;
    }

    /** Whether packets of a tenant to an address go out to the physical side that tenants share, where they need NAT. */
    boolean leadsOut(int domain, int destination) {
        return look(domain, NO_SOURCE, destination, 0) == Verdict.OUT;
    }

    /**
     * Next hop toward a CA of a tenant: a VM's, of a VM's network behind it, or of a neighbour on a tenant interface.
     *
     * @param entropy hash of the flow, by which one of several equal routes is chosen
     * @return number of an adjacency, which has a fault when the CA is nowhere; -1 when there is no room
     */
    int toward(int domain, int ca, int entropy) {
        return look(domain, NO_SOURCE, ca, entropy) == Verdict.FORWARD ? adjacency : adjacencies.toTenant(domain, ca);
    }

    /**
     * What packets of a CA must come from: the PA of the VM that has it or routes to it; for a CA on a back-end interface the VLAN id;
     * 0 when it may not come from inside.
     */
    int outerSource(int domain, int ca) {
        long record = tables.records.find(domain, ca);
        if (record != 0) {
            return LookupEntry.pa(record);
        }
        long route = tables.tenantFib.find(domain, ca);
        long link = linkRoute(domain, ca, route);
        if (link != 0) {
            return TenantLinks.isBackEnd(FibEntry.link(link)) ? TenantLinks.vlan(FibEntry.link(link)) : 0;
        }
        if (route == 0 || FibEntry.kind(route) != FibEntry.VIA_CA) {
            return 0;
        }
        long behind = tables.records.find(domain, FibEntry.nextHop(route));
        return behind == 0 ? 0 : LookupEntry.pa(behind);
    }

    /** Whether packets of a CA may come from {@code outerSource}: as {@link #outerSource}, or another one of equal routes. */
    boolean isSourceTrue(int domain, int ca, int outerSource) {
        rightSource = outerSource == 0 ? 0 : outerSource(domain, ca);
        if (outerSource == 0 || rightSource == outerSource) {
            return outerSource != 0;
        }
        long route = tables.tenantFib.find(domain, ca);
        if (tables.records.find(domain, ca) != 0) {
            return false;
        }
        long link = linkRoute(domain, ca, route);
        long several = link != 0 ? link : route;
        for (int i = 0; several != 0 && FibEntry.hops(several) > 1 && i < FibEntry.hops(several); i++) {
            int hop = FibEntry.hop(several, i);
            if (link != 0 ? backEndVlan(linkOf(domain, link, hop)) == outerSource : isPa(domain, hop, outerSource)) {
                return true;
            }
        }
        return false;
    }

    /** What the last {@link #isSourceTrue} has compared with, see {@link #outerSource}. */
    int rightSource() {
        return rightSource;
    }

    private static int backEndVlan(long route) {
        int link = FibEntry.link(route);
        return TenantLinks.isBackEnd(link) ? TenantLinks.vlan(link) : 0;
    }

    private boolean isPa(int domain, int ca, int outerSource) {
        long record = tables.records.find(domain, ca);
        return record != 0 && LookupEntry.pa(record) == outerSource;
    }

    /** Whether a source address may come in by a front-end interface (RFC 3704 §2). */
    boolean passesReversePath(int domain, int source, int link, int urpf) {
        if (urpf == TenantLinks.URPF_OFF) {
            return true;
        }
        boolean record = tables.records.find(domain, source) != 0;
        long route = tables.tenantFib.find(domain, source);
        long out = linkRoute(domain, source, route);
        if (urpf == TenantLinks.URPF_LOOSE) {
            return record || isSpecific(out) || (isSpecific(route) && isUsable(FibEntry.kind(route)));
        }
        if (record || out == 0) {
            return false;
        }
        if (FibEntry.hops(out) == 1) {
            return FibEntry.link(out) == link;
        }
        for (int i = 0; i < FibEntry.hops(out); i++) {
            if (FibEntry.link(linkOf(domain, out, FibEntry.hop(out, i))) == link) {
                return true;
            }
        }
        return false;
    }

    /** A default route covers everything, and would let everything in. */
    static boolean isSpecific(long route) {
        return route != 0 && FibEntry.prefixLength(route) > 0;
    }

    static boolean isUsable(int kind) {
        return kind == FibEntry.ON_LINK || kind == FibEntry.VIA_CA || kind == FibEntry.PEER;
    }
}
