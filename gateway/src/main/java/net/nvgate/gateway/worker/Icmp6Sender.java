package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.route.Fib6Entry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/**
 * ICMPv6 errors of our own, made in the buffer of the packet they are about: that packet is dropped, counted with its reason, and goes
 * back as the error's body, as much of it as makes 1280 bytes (RFC 4443 §3). Toward a tenant the gateway's CA is the source, toward
 * the physical side our address on the link to the sender.
 */
final class Icmp6Sender {

    private static final int HEADERS = Ipv6.LENGTH + Icmpv6.LENGTH;

    private final RouteTables tables;
    private final Tenant6Routes routes;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final ErrorLimiter limiter;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Disposal disposal;

    Icmp6Sender(
            RouteTables tables,
            Tenant6Routes routes,
            Adjacencies adjacencies,
            Egress egress,
            ErrorLimiter limiter,
            WorkerClock clock,
            WorkerCounters counters,
            Disposal disposal) {
        this.tables = tables;
        this.routes = routes;
        this.adjacencies = adjacencies;
        this.egress = egress;
        this.limiter = limiter;
        this.clock = clock;
        this.counters = counters;
        this.disposal = disposal;
    }

    /**
     * To the sender of a tenant's packet.
     *
     * @param vsid entry of the VSID or tenant interface it came in by
     */
    void toTenant(long mbuf, long ip, int length, long vsid, int type, int code, int word, DropReason reason) {
        int counter = VsidEntry.countersIndex(vsid);
        boolean gateway = VsidEntry.gatewayCa6High(vsid) != 0 || VsidEntry.gatewayCa6Low(vsid) != 0;
        long high = gateway ? VsidEntry.gatewayCa6High(vsid) : VsidEntry.routerCa6High(vsid);
        long low = gateway ? VsidEntry.gatewayCa6Low(vsid) : VsidEntry.routerCa6Low(vsid);
        long toHigh = Ipv6.sourceHigh(ip);
        long toLow = Ipv6.sourceLow(ip);
        int number = routes.toward(VsidEntry.rdid(vsid), toHigh, toLow, (int) toLow);
        if ((high == 0 && low == 0) || number < 0 || !isAllowed(mbuf, ip, length, VsidEntry.rdid(vsid))) {
            disposal.drop(mbuf, reason, counter);
            return;
        }
        counters.drop(reason, counter);
        long error = build(ip, length, high, low, type, code, word);
        egress.send(mbuf, error, Ipv6.totalLength(error), number, (int) toLow);
    }

    /** To the sender on the physical side. */
    void toExternal(long mbuf, long ip, int length, int type, int code, int word, DropReason reason) {
        long toHigh = Ipv6.sourceHigh(ip);
        long toLow = Ipv6.sourceLow(ip);
        long route = tables.externalFib6.find(0, toHigh, toLow);
        if (route == 0 || !isAllowed(mbuf, ip, length, FlowKey.OUTSIDE)) {
            disposal.drop(mbuf, reason);
            return;
        }
        counters.drop(reason);
        long error = build(ip, length, Fib6Entry.sourceHigh(route), Fib6Entry.sourceLow(route), type, code, word);
        egress.send(
                mbuf, error, Ipv6.totalLength(error), adjacencies.toExternal6(toHigh, toLow, (int) toLow), (int) toLow);
    }

    /** RFC 4443 §2.4 (e), (f): no error about an error or a redirect, to a group or from none; not too many. */
    private boolean isAllowed(long mbuf, long ip, int length, int domain) {
        long chain = Ipv6Chain.walk(ip, length);
        boolean room = ip - HEADERS - Adjacency.HEADERS_IPV6 >= Mbuf.dataAddress(mbuf) - Mbuf.headroom(mbuf);
        if (!room || Ipv6Chain.isWrong(chain) || isAboutError(ip, length, chain)) {
            return false;
        }
        boolean allowed = limiter.tryTake(domain, clock.nanos());
        counters.add(allowed ? WorkerCounter.ICMP_ERRORS_SENT : WorkerCounter.ICMP_ERRORS_LIMITED, 1);
        return allowed;
    }

    /** What cannot be known of a later fragment is taken for the worse. */
    private static boolean isAboutError(long ip, int length, long chain) {
        if (Ipv6Chain.protocol(chain) != Ipv6.ICMPV6) {
            return false;
        }
        int offset = Ipv6Chain.offset(chain);
        if (Ipv6Chain.isLaterFragment(chain) || length - offset < 1) {
            return true;
        }
        int type = Icmpv6.type(ip + offset);
        return Icmpv6.isError(type) || type == Icmpv6.REDIRECT;
    }

    private static long build(long ip, int length, long sourceHigh, long sourceLow, int type, int code, int word) {
        int body = Math.min(length, Ipv6.MTU_MIN - HEADERS);
        long toHigh = Ipv6.sourceHigh(ip);
        long toLow = Ipv6.sourceLow(ip);
        long icmp = ip - Icmpv6.LENGTH;
        long error = icmp - Ipv6.LENGTH;
        int payload = Icmpv6.LENGTH + body;
        Ipv6.write(error, 0, 0, payload, Ipv6.ICMPV6, Ipv6.HOP_LIMIT_DEFAULT, sourceHigh, sourceLow, toHigh, toLow);
        Icmpv6.typeAndCode(icmp, type, code);
        Mem.i32Be(icmp + 4, word);
        Icmpv6.fillChecksum(error, icmp, payload);
        return error;
    }
}
