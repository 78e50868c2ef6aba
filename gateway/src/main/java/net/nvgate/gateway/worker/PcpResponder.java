package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Udp;
import net.nvgate.gateway.pcp.PcpBindings;
import net.nvgate.gateway.pcp.PcpServer;
import net.nvgate.gateway.route.VsidEntry;

/** Takes a tenant's PCP requests to the server and the answers back, in the request's buffer (RFC 6887 §8, §9). */
final class PcpResponder {

    /** Clients renew at half of 120 s at most often (§11.2.1). */
    static final int PER_SECOND = 100;

    private final PcpServer server;
    private final PcpBindings bindings;
    private final TenantRoutes routes;
    private final Egress egress;
    private final TenantLimiter limiter = new TenantLimiter(PER_SECOND);
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Disposal disposal;

    PcpResponder(
            PcpServer server,
            PcpBindings bindings,
            TenantRoutes routes,
            Egress egress,
            WorkerClock clock,
            WorkerCounters counters,
            Disposal disposal) {
        this.server = server;
        this.bindings = bindings;
        this.routes = routes;
        this.egress = egress;
        this.clock = clock;
        this.counters = counters;
        this.disposal = disposal;
    }

    /** Whether a packet to one of the gateway's CAs is for the PCP server of a tenant that has one. */
    static boolean isRequest(long ip, int length, long vsid) {
        int headerLength = Ipv4.headerLength(ip);
        return VsidEntry.hasPcp(vsid)
                && Ipv4.protocol(ip) == Ipv4.UDP
                && !Ipv4.isFragment(Ipv4.fragment(ip))
                && length >= headerLength + Udp.LENGTH
                && Udp.destinationPort(ip + headerLength) == PcpServer.PORT;
    }

    /** Answers a request, see {@link #isRequest}; its source has been checked. */
    void answer(long mbuf, long ip, int length, long vsid) {
        int counter = VsidEntry.countersIndex(vsid);
        long udp = ip + Ipv4.headerLength(ip);
        int available = length - Ipv4.headerLength(ip);
        if (!Udp.isRight(ip, udp, available)) {
            disposal.drop(mbuf, DropReason.PCP_MALFORMED, counter);
            return;
        }
        int domain = VsidEntry.rdid(vsid);
        if (!limiter.tryTake(domain, clock.nanos())) {
            disposal.drop(mbuf, DropReason.PCP_LIMITED, counter);
            return;
        }
        long message = udp + Udp.LENGTH;
        int room = (int) (Mbuf.dataAddress(mbuf) + Mbuf.dataLength(mbuf) + Mbuf.tailroom(mbuf) - message);
        bindings.now(clock.ms());
        int answer = server.answer(message, Udp.length(udp) - Udp.LENGTH, room, domain, Ipv4.source(ip), clock.ms());
        if (answer == PcpServer.SILENT) {
            disposal.drop(mbuf, DropReason.PCP_MALFORMED, counter);
            return;
        }
        counters.add(WorkerCounter.PCP_ANSWERED, 1);
        turn(ip, udp, answer + Udp.LENGTH);
        int total = Ipv4.totalLength(ip);
        int client = Ipv4.destination(ip);
        egress.send(mbuf, ip, total, routes.toward(domain, client, client), client);
    }

    private static void turn(long ip, long udp, int length) {
        int headerLength = Ipv4.headerLength(ip);
        int source = Ipv4.source(ip);
        Ipv4.source(ip, Ipv4.destination(ip));
        Ipv4.destination(ip, source);
        Ipv4.ttl(ip, Ipv4.TTL_DEFAULT);
        Ipv4.totalLength(ip, headerLength + length);
        Ipv4.fillChecksum(ip, headerLength);
        int port = Udp.sourcePort(udp);
        Udp.sourcePort(udp, PcpServer.PORT);
        Udp.destinationPort(udp, port);
        Udp.length(udp, length);
        Udp.fillChecksum(ip, udp);
    }
}
