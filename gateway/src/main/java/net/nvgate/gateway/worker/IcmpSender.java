package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/**
 * ICMP errors of our own, made in the buffer of the packet they are about: that packet is dropped, counted with its reason, and
 * goes back in part as the error's body (RFC 1812 §4.3.2.3: up to 576 bytes in all). Toward a tenant the gateway's CA is the
 * source, toward the physical side our external address.
 */
final class IcmpSender {

    /** Precedence of errors (RFC 1812 §4.3.2.5). */
    private static final int NETWORK_CONTROL = 0xc0;

    private static final int TOTAL_MAX = 576;
    private static final int HEADERS = Ipv4.MIN_LENGTH + Icmp.LENGTH;

    private final RouteTables tables;
    private final TenantRoutes routes;
    private final Egress egress;
    private final ExternalOutput external;
    private final Nat64Errors nat64;
    private final ErrorLimiter limiter;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Disposal disposal;

    IcmpSender(
            RouteTables tables,
            TenantRoutes routes,
            Egress egress,
            ExternalOutput external,
            Nat64Errors nat64,
            ErrorLimiter limiter,
            WorkerClock clock,
            WorkerCounters counters,
            Disposal disposal) {
        this.tables = tables;
        this.routes = routes;
        this.egress = egress;
        this.external = external;
        this.nat64 = nat64;
        this.limiter = limiter;
        this.clock = clock;
        this.counters = counters;
        this.disposal = disposal;
    }

    void timeExceeded(long mbuf, long ip, int length, long vsid) {
        toTenant(mbuf, ip, length, vsid, Icmp.TIME_EXCEEDED, 0, 0, DropReason.TTL_EXPIRED);
    }

    /** Fragmentation needed, with the MTU of the next hop (RFC 1191 §4). */
    void tooBig(long mbuf, long ip, int length, long vsid, int mtu) {
        toTenant(mbuf, ip, length, vsid, Icmp.UNREACHABLE, Icmp.CODE_FRAGMENTATION_NEEDED, mtu, DropReason.TOO_BIG);
    }

    /** Network unreachable for NO_ROUTE, prohibited for BLACKHOLE_ROUTE, else host unreachable (RFC 1812 §5.2.7.1). */
    void unreachable(long mbuf, long ip, int length, long vsid, DropReason reason) {
        int code = reason == DropReason.NO_ROUTE
                ? Icmp.CODE_NETWORK
                : reason == DropReason.BLACKHOLE_ROUTE ? Icmp.CODE_PROHIBITED : Icmp.CODE_HOST;
        toTenant(mbuf, ip, length, vsid, Icmp.UNREACHABLE, code, 0, reason);
    }

    /** About a packet that gets no session, with a code of destination unreachable. */
    void refused(long mbuf, long ip, int length, long vsid, int code, DropReason reason) {
        toTenant(mbuf, ip, length, vsid, Icmp.UNREACHABLE, code, 0, reason);
    }

    /** About a packet to an address of ours whose source route would lead on (RFC 1812 §5.2.4.1: that may be refused, with this code). */
    void sourceRouteFailed(long mbuf, long ip, int length, long vsid) {
        toTenant(mbuf, ip, length, vsid, Icmp.UNREACHABLE, Icmp.CODE_SOURCE_ROUTE, 0, DropReason.SOURCE_ROUTE);
    }

    /** As {@link #sourceRouteFailed}. */
    void sourceRouteFailedOutside(long mbuf, long ip, int length) {
        toExternal(mbuf, ip, length, Icmp.UNREACHABLE, Icmp.CODE_SOURCE_ROUTE, 0, DropReason.SOURCE_ROUTE);
    }

    void timeExceededOutside(long mbuf, long ip, int length) {
        toExternal(mbuf, ip, length, Icmp.TIME_EXCEEDED, 0, 0, DropReason.TTL_EXPIRED);
    }

    /** About a connection to a port of ours that nobody listens on (RFC 5382 REQ-4). */
    void portUnreachableOutside(long mbuf, long ip, int length) {
        toExternal(mbuf, ip, length, Icmp.UNREACHABLE, Icmp.CODE_PORT, 0, DropReason.UNSOLICITED);
    }

    void tooBigOutside(long mbuf, long ip, int length, int mtu) {
        toExternal(mbuf, ip, length, Icmp.UNREACHABLE, Icmp.CODE_FRAGMENTATION_NEEDED, mtu, DropReason.TOO_BIG);
    }

    private void toTenant(long mbuf, long ip, int length, long vsid, int type, int code, int mtu, DropReason reason) {
        int counter = VsidEntry.countersIndex(vsid);
        int destination = Ipv4.source(ip);
        int domain = VsidEntry.rdid(vsid);
        if (InsideHosts.isHandle(destination)) {
            nat64.refuse(mbuf, ip, vsid, type, code, mtu, reason);
            return;
        }
        int source = VsidEntry.gatewayCa(vsid);
        if (source == 0 || !isAllowed(mbuf, ip, length, domain)) {
            disposal.drop(mbuf, reason, counter);
            return;
        }
        counters.drop(reason, counter);
        long error = build(ip, length, source, destination, type, code, mtu);
        egress.send(mbuf, error, Ipv4.totalLength(error), routes.toward(domain, destination, destination), destination);
    }

    private void toExternal(long mbuf, long ip, int length, int type, int code, int mtu, DropReason reason) {
        int destination = Ipv4.source(ip);
        long route = tables.externalFib.find(destination);
        int source = route == 0 ? 0 : FibEntry.source(route);
        if (source == 0 || !isAllowed(mbuf, ip, length, FlowKey.OUTSIDE)) {
            disposal.drop(mbuf, reason);
            return;
        }
        counters.drop(reason);
        long error = build(ip, length, source, destination, type, code, mtu);
        external.send(mbuf, error, Ipv4.totalLength(error));
    }

    /** No error about errors, later fragments (RFC 1122 §3.2.2) or without room before the packet; not too many. */
    private boolean isAllowed(long mbuf, long ip, int length, int domain) {
        int headerLength = Ipv4.headerLength(ip);
        boolean aboutIcmp = Ipv4.protocol(ip) == Ipv4.ICMP
                && (length < headerLength + Icmp.LENGTH || !Icmp.isQuery(Icmp.type(ip + headerLength)));
        boolean room = ip - HEADERS - Adjacency.HEADERS >= Mbuf.dataAddress(mbuf) - Mbuf.headroom(mbuf);
        if (aboutIcmp || !room || (Ipv4.fragment(ip) & Ipv4.OFFSET_MASK) != 0) {
            return false;
        }
        boolean allowed = limiter.tryTake(domain, clock.nanos());
        counters.add(allowed ? WorkerCounter.ICMP_ERRORS_SENT : WorkerCounter.ICMP_ERRORS_LIMITED, 1);
        return allowed;
    }

    private static long build(long ip, int length, int source, int destination, int type, int code, int mtu) {
        int body = Math.min(length, TOTAL_MAX - HEADERS);
        long icmp = ip - Icmp.LENGTH;
        Icmp.typeAndCode(icmp, type, code);
        Icmp.checksum(icmp, 0);
        Mem.i32Be(icmp + 4, mtu);
        Icmp.checksum(icmp, Checksum.of(icmp, Icmp.LENGTH + body));
        long error = icmp - Ipv4.MIN_LENGTH;
        Ipv4.write(error, HEADERS + body, Ipv4.DONT_FRAGMENT, Ipv4.ICMP, source, destination);
        Ipv4.tos(error, NETWORK_CONTROL);
        Ipv4.fillChecksum(error, Ipv4.MIN_LENGTH);
        return error;
    }
}
