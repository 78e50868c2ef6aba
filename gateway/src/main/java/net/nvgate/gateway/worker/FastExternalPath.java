package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.police.Meters;

/**
 * Third pass over packets from the physical side, for the packet that nearly all are: TCP or UDP of a session that nothing has happened
 * to, to a VM whose host is known, small enough. All others go, untouched and in their turn, to {@link ExternalPath}. The counterpart
 * of {@link FastTenantPath}; same rules.
 */
final class FastExternalPath {

    private final Sessions sessions;
    private final Adjacencies adjacencies;
    private final BurstEpochs epochs;
    private final Egress egress;
    private final LinesAhead linesAhead;
    private final FastLimiter fastLimiter;
    private final Limiter limiter;
    private final ExternalPath others;
    private final WorkerClock clock;

    FastExternalPath(WorkerParts parts) {
        this.sessions = parts.sessions;
        this.adjacencies = parts.adjacencies;
        this.epochs = new BurstEpochs(parts.adjacencies, parts.tables.epochs);
        this.egress = parts.egress;
        this.linesAhead = parts.linesAhead;
        this.fastLimiter = new FastLimiter(Meters.INBOUND, parts.tables.rates, parts.meters, parts.clock);
        this.limiter = parts.limiter;
        this.others = parts.externalPath;
        this.clock = parts.clock;
    }

    void forward(Burst burst) {
        fastLimiter.newBurst();
        linesAhead.inbound(burst);
        int removals = sessions.removals();
        int nowMs = (int) clock.ms();
        epochs.renew();
        for (int i = 0; i < burst.count(); i++) {
            long line = burst.line(i);
            if (line == 0 || removals != sessions.removals()) {
                line = sessions.find(burst.hash(i), burst.key0(i), burst.key1(i));
            }
            if (line == 0 || !forward(burst, i, line, nowMs)) {
                others.forward(burst, i, line);
                epochs.renew();
            }
        }
    }

    private boolean forward(Burst burst, int i, long line, int nowMs) {
        long ip = burst.ip(i);
        int flags = Session.flags(line);
        if (!Ipv4Words.isPlainWhole(ip)
                || Session.epoch(line) != epochs.of(Session.domain(line))
                || (flags & Session.ALG) != 0
                || Ipv4.ttl(ip) <= 1) {
            return false;
        }
        int number = Session.adjacency(line);
        int length = burst.length(i);
        if (number < 0
                || !Egress.isReady(adjacencies.address(number), Adjacency.TENANT, burst.mbuf(i), ip, length, nowMs)) {
            return false;
        }
        int protocol = FlowKey.protocol(burst.key1(i));
        if (protocol == Ipv4.TCP) {
            int tcpFlags = burst.tcpFlags(i);
            if (SessionState.mayChange(Session.state(line), tcpFlags)) {
                return false;
            }
            TcpTracker.acknowledge(line, ip, tcpFlags);
        } else if (protocol != Ipv4.UDP) {
            return false;
        }
        NatRewrite.inboundPlain(line, ip, protocol);
        Session.count(line, length, nowMs);
        if ((flags & Session.LIMITED) != 0 && !limited(burst, i, line, number)) {
            return true;
        }
        egress.toTenant(burst.mbuf(i), ip, length, adjacencies.address(number), (int) burst.hash(i));
        return true;
    }

    /** Whether it goes on now. */
    private boolean limited(Burst burst, int i, long line, int number) {
        int length = burst.length(i);
        long adjacency = adjacencies.address(number);
        return (Adjacency.isToward(adjacency, Session.newAddress(line))
                        && fastLimiter.admits(Session.domain(line), Adjacency.nic(adjacency), length))
                || limiter.admitsInbound(burst.mbuf(i), burst.ip(i), length, number, (int) burst.hash(i), line);
    }
}
