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

    private static final int SPECIAL = Session.LIMITED_VIA | Session.ALG;
    private static final int DONE = 0;
    private static final int ANOTHER_WAY = 1;
    private static final int LIMITED = 2;

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
        FastLimiter granted = fastLimiter;
        for (int i = 0; i < burst.count(); i++) {
            long line = burst.line(i);
            if (line == 0 || removals != sessions.removals()) {
                line = sessions.find(burst.hash(i), burst.key0(i), burst.key1(i));
            }
            int outcome = line == 0 ? ANOTHER_WAY : forward(burst, i, line, nowMs, granted);
            if (outcome != DONE) {
                if (outcome == ANOTHER_WAY) {
                    others.forward(burst, i, line);
                } else {
                    ask(burst, i, line);
                }
                epochs.renew();
            }
        }
    }

    /** {@link #DONE}; or {@link #ANOTHER_WAY}, and it is as it was; or {@link #LIMITED}, and it is rewritten. */
    private int forward(Burst burst, int i, long line, int nowMs, FastLimiter granted) {
        long ip = burst.ip(i);
        int flags = Session.flags(line);
        if (!Ipv4Words.isPlainWhole(ip)
                || Session.epoch(line) != epochs.of(Session.domain(line))
                || (flags & SPECIAL) != 0
                || Ipv4.ttl(ip) <= 1) {
            return ANOTHER_WAY;
        }
        int number = Session.adjacency(line);
        int length = burst.length(i);
        if (number < 0
                || !Egress.isReady(adjacencies.address(number), Adjacency.TENANT, burst.mbuf(i), ip, length, nowMs)) {
            return ANOTHER_WAY;
        }
        int protocol = FlowKey.protocol(burst.key1(i));
        if (protocol == Ipv4.TCP) {
            int tcpFlags = burst.tcpFlags(i);
            if (SessionState.mayChange(Session.state(line), tcpFlags)) {
                return ANOTHER_WAY;
            }
            TcpTracker.acknowledge(line, ip, tcpFlags);
        } else if (protocol != Ipv4.UDP) {
            return ANOTHER_WAY;
        }
        NatRewrite.inboundPlain(line, ip, protocol);
        Session.count(line, length, nowMs);
        long adjacency = adjacencies.address(number);
        if ((flags & Session.LIMITED) != 0 && !granted.admits(Session.domain(line), Adjacency.nic(adjacency), length)) {
            return LIMITED;
        }
        egress.toTenant(burst.mbuf(i), ip, length, adjacency, (int) burst.hash(i));
        return DONE;
    }

    /** A rewritten packet goes on when its meters have what it costs, or {@link Limiter} lets it. */
    private void ask(Burst burst, int i, long line) {
        long mbuf = burst.mbuf(i);
        long ip = burst.ip(i);
        int length = burst.length(i);
        int number = Session.adjacency(line);
        long adjacency = adjacencies.address(number);
        if (fastLimiter.pays(Session.domain(line), Adjacency.nic(adjacency), length)
                || limiter.admitsInbound(mbuf, ip, length, number, (int) burst.hash(i), line)) {
            egress.toTenant(mbuf, ip, length, adjacencies.address(number), (int) burst.hash(i));
        }
    }
}
