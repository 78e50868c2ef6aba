package net.nvgate.gateway.worker;

import net.nvgate.gateway.route.Fib6Entry;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.TenantLinks;
import net.nvgate.gateway.worker.TenantRoutes.Verdict;

/** {@link TenantRoutes} for IPv6: the same order of records, routes and interfaces. One thread. */
final class Tenant6Routes {

    private final RouteTables tables;
    private final Adjacencies adjacencies;
    private final Multipath.Usable6 hasRecord;
    private final Multipath.Usable6 answers;
    private int adjacency;

    Tenant6Routes(RouteTables tables, Adjacencies adjacencies) {
        this.tables = tables;
        this.adjacencies = adjacencies;
        this.hasRecord = (domain, high, low, _) -> tables.records6.find(domain, high, low) != 0;
        this.answers =
                (_, high, low, route) -> adjacencies.answers(adjacencies.neighborPort(FibEntry.link(route)), high, low);
    }

    /** Number of the adjacency that {@link Verdict#FORWARD} means; -1 when there was no room for it. */
    int adjacency() {
        return adjacency;
    }

    /**
     * Looks up where a packet goes.
     *
     * @param sourceHigh of the packet's source, which a peer must have a route back to; :: = no source to check
     * @param entropy hash of the flow, by which one of several equal routes is chosen
     */
    Verdict look(int domain, long sourceHigh, long sourceLow, long high, long low, int entropy) {
        long record = tables.records6.find(domain, high, low);
        if (record != 0) {
            return toRecord(domain, record);
        }
        long route = tables.tenantFib6.find(domain, high, low);
        if (route == 0 || FibEntry.kind(route) != FibEntry.PEER) {
            return follow(domain, high, low, route, entropy);
        }
        int peer = FibEntry.nextHop(route);
        boolean checked = sourceHigh != 0 || sourceLow != 0;
        if (checked && !leadsToPeer(peer, sourceHigh, sourceLow, domain)) {
            return Verdict.NO_ROUTE;
        }
        return inPeer(peer, high, low, entropy);
    }

    private Verdict toRecord(int domain, long record) {
        if (!LookupEntry.isVm(record)) {
            return Verdict.OURS;
        }
        adjacency = adjacencies.toTenant6(domain, record);
        return Verdict.FORWARD;
    }

    /** One peering is followed, never a second one; and what the peer's own gateway is for stays the peer's. */
    private Verdict inPeer(int peer, long high, long low, int entropy) {
        long record = tables.records6.find(peer, high, low);
        if (record != 0) {
            return toRecord(peer, record) == Verdict.FORWARD ? Verdict.FORWARD : Verdict.NO_ROUTE;
        }
        long route = tables.tenantFib6.find(peer, high, low);
        if (route != 0 && FibEntry.kind(route) == FibEntry.PEER) {
            return Verdict.NO_ROUTE;
        }
        Verdict verdict = follow(peer, high, low, route, entropy);
        return verdict == Verdict.OUT || verdict == Verdict.OURS ? Verdict.NO_ROUTE : verdict;
    }

    private boolean leadsToPeer(int from, long high, long low, int to) {
        long route = tables.tenantFib6.find(from, high, low);
        return route != 0
                && FibEntry.kind(route) == FibEntry.PEER
                && FibEntry.nextHop(route) == to
                && tables.records6.find(from, high, low) == 0;
    }

    /** @param route the tenant's best one or 0, not a peer route */
    private Verdict follow(int domain, long high, long low, long route, int entropy) {
        long link = linkRoute(domain, high, low, route);
        if (link != 0) {
            return out(domain, high, low, link, entropy);
        }
        return switch (route == 0 ? FibEntry.BLACKHOLE : FibEntry.kind(route)) {
            case FibEntry.GATEWAY -> Verdict.OUT;
            case FibEntry.PROHIBITED -> Verdict.PROHIBITED;
            case FibEntry.ON_LINK -> Verdict.NO_RECORD;
            case FibEntry.VIA_CA -> via(domain, route, Multipath.choose6(route, domain, entropy, hasRecord));
            default -> Verdict.NO_ROUTE;
        };
    }

    private Verdict via(int domain, long route, int hop) {
        long record = tables.records6.find(domain, Fib6Entry.hopHigh(route, hop), Fib6Entry.hopLow(route, hop));
        if (record == 0 || !LookupEntry.isVm(record)) {
            return Verdict.NO_RECORD;
        }
        adjacency = adjacencies.toTenant6(domain, record);
        return Verdict.FORWARD;
    }

    private Verdict out(int domain, long high, long low, long link, int entropy) {
        if (FibEntry.kind(link) != FibEntry.ON_LINK) {
            int hop = Multipath.choose6(link, domain, entropy, answers);
            long hopHigh = Fib6Entry.hopHigh(link, hop);
            long hopLow = Fib6Entry.hopLow(link, hop);
            adjacency = adjacencies.toLink6(domain, linkOf(domain, link, hop), hopHigh, hopLow);
            return Verdict.FORWARD;
        }
        if (tables.tenantLinkAddresses6.owns(FibEntry.link(link), high, low)) {
            return Verdict.OURS;
        }
        adjacency = adjacencies.toLink6(domain, FibEntry.link(link), high, low);
        return Verdict.FORWARD;
    }

    /** Of several next hops each may be on an interface of its own. */
    private int linkOf(int domain, long route, int hop) {
        long connected = FibEntry.hops(route) == 1
                ? 0
                : tables.tenantLinkFib6.find(domain, Fib6Entry.hopHigh(route, hop), Fib6Entry.hopLow(route, hop));
        boolean known = connected != 0 && FibEntry.kind(connected) == FibEntry.ON_LINK;
        return FibEntry.link(known ? connected : route);
    }

    /** The route out of a tenant interface that a destination follows; 0 when it follows the tenant's other route. */
    private long linkRoute(int domain, long high, long low, long route) {
        long link = tables.tenantLinkFib6.find(domain, high, low);
        boolean better = link != 0
                && (route == 0
                        || FibEntry.kind(route) == FibEntry.GATEWAY
                        || FibEntry.prefixLength(link) > FibEntry.prefixLength(route));
        return better ? link : 0;
    }

    /**
     * Next hop toward an address of a tenant, whoever sends: a VM's, of a network behind it, of a neighbour on a tenant interface.
     *
     * @param entropy hash of the flow
     * @return number of an adjacency; -1 when the address is nowhere, or when there is no room
     */
    int toward(int domain, long high, long low, int entropy) {
        return look(domain, 0, 0, high, low, entropy) == Verdict.FORWARD ? adjacency : -1;
    }

    /** The record of the VM that has an address or, by the tenant's routes, leads to it; 0 = there is none. */
    static long recordToward(RouteTables tables, int domain, long high, long low) {
        long record = tables.records6.find(domain, high, low);
        if (record == 0) {
            long route = tables.tenantFib6.find(domain, high, low);
            if (route != 0 && FibEntry.kind(route) == FibEntry.VIA_CA) {
                record = tables.records6.find(domain, Fib6Entry.nextHopHigh(route), Fib6Entry.nextHopLow(route));
            }
        }
        return record != 0 && LookupEntry.isVm(record) ? record : 0;
    }

    /** Entry of the VSID or tenant interface behind which an address of a tenant is, 0 = neither. */
    long entryToward(int domain, long high, long low) {
        long record = recordToward(tables, domain, high, low);
        if (record != 0) {
            return tables.vsids.find(LookupEntry.vsid(record));
        }
        long link = linkRoute(domain, high, low, tables.tenantFib6.find(domain, high, low));
        return link == 0 ? 0 : tables.tenantLinks.find(FibEntry.link(link));
    }

    /**
     * Whether packets of an address may come from inside as they do.
     *
     * @param outerSource PA of the VM that has the address or of one that routes for it; of a back-end interface the VLAN id
     */
    boolean isSourceTrue(int domain, long high, long low, int outerSource) {
        if (outerSource == 0) {
            return false;
        }
        long record = tables.records6.find(domain, high, low);
        if (record != 0) {
            return LookupEntry.isVm(record) && LookupEntry.pa(record) == outerSource;
        }
        long route = tables.tenantFib6.find(domain, high, low);
        long link = linkRoute(domain, high, low, route);
        if (link == 0 && (route == 0 || FibEntry.kind(route) != FibEntry.VIA_CA)) {
            return false;
        }
        long several = link != 0 ? link : route;
        for (int i = 0; i < FibEntry.hops(several); i++) {
            if (link != 0 ? backEndVlan(linkOf(domain, link, i)) == outerSource : isPa(domain, route, i, outerSource)) {
                return true;
            }
        }
        return false;
    }

    private static int backEndVlan(int link) {
        return TenantLinks.isBackEnd(link) ? TenantLinks.vlan(link) : 0;
    }

    private boolean isPa(int domain, long route, int hop, int outerSource) {
        long record = tables.records6.find(domain, Fib6Entry.hopHigh(route, hop), Fib6Entry.hopLow(route, hop));
        return record != 0 && LookupEntry.isVm(record) && LookupEntry.pa(record) == outerSource;
    }

    /** Whether a source address may come in by a front-end interface (RFC 3704 §2). */
    boolean passesReversePath(int domain, long high, long low, int link, int urpf) {
        if (urpf == TenantLinks.URPF_OFF) {
            return true;
        }
        boolean record = tables.records6.find(domain, high, low) != 0;
        long route = tables.tenantFib6.find(domain, high, low);
        long out = linkRoute(domain, high, low, route);
        if (urpf == TenantLinks.URPF_LOOSE) {
            return record
                    || TenantRoutes.isSpecific(out)
                    || (TenantRoutes.isSpecific(route) && TenantRoutes.isUsable(FibEntry.kind(route)));
        }
        for (int i = 0; !record && out != 0 && i < FibEntry.hops(out); i++) {
            if (linkOf(domain, out, i) == link) {
                return true;
            }
        }
        return false;
    }
}
