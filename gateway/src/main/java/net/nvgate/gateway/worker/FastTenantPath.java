package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Third pass over packets from inside, for the packet that nearly all are: TCP or UDP of a session that nothing has happened to, to
 * a next hop that is known, small enough. All others go, untouched and in their turn, to {@link TenantPath}. Decides nothing that
 * {@link TenantPath} would decide otherwise.
 */
final class FastTenantPath {

    private static final int SPECIAL = Session.HAIRPIN | Session.ALG;

    private final FirstPackets firstPackets;
    private final Sessions sessions;
    private final Adjacencies adjacencies;
    private final BurstEpochs epochs;
    private final Egress egress;
    private final FastLimiter fastLimiter;
    private final Limiter limiter;
    private final TenantPath others;
    private final WorkerClock clock;
    private final WorkerCounters counters;

    FastTenantPath(WorkerParts parts) {
        this.firstPackets = parts.firstPackets;
        this.sessions = parts.sessions;
        this.adjacencies = parts.adjacencies;
        this.epochs = new BurstEpochs(parts.adjacencies, parts.tables.epochs);
        this.egress = parts.egress;
        this.fastLimiter = new FastLimiter(Meters.OUTBOUND, parts.tables.rates, parts.meters, parts.clock);
        this.limiter = parts.limiter;
        this.others = parts.tenantPath;
        this.clock = parts.clock;
        this.counters = parts.counters;
    }

    void forward(Burst burst) {
        firstPackets.touch(burst);
        if (burst.counted() < burst.count()) {
            count(burst);
        }
        fastLimiter.newBurst();
        int removals = sessions.removals();
        int nowMs = (int) clock.ms();
        epochs.renew();
        // References in variables: each that is read from a field costs a check, for every packet.
        BurstEpochs resolved = epochs;
        Egress out = egress;
        long nextHops = adjacencies.address(0);
        boolean asFound = true;
        for (int i = 0; i < burst.count(); i++) {
            long line = burst.line(i);
            if (line == 0 || !asFound) {
                line = sessions.find(burst.hash(i), burst.key0(i), burst.key1(i));
            }
            if (line == 0 || !forward(burst, i, line, nowMs, resolved, out, nextHops)) {
                others.forward(burst, i, line);
                resolved.renew();
                asFound = removals == sessions.removals();
            }
        }
    }

    /** Those that {@link FastPaInput} has not counted. */
    private void count(Burst burst) {
        for (int i = 0; i < burst.count(); i++) {
            if (!burst.isCounted(i)) {
                counters.received(VsidEntry.countersIndex(burst.vsid(i)), burst.length(i));
            }
        }
    }

    private boolean forward(
            Burst burst, int i, long line, int nowMs, BurstEpochs resolved, Egress out, long nextHops) {
        long ip = burst.ip(i);
        long key1 = burst.key1(i);
        int flags = Session.flags(line);
        if (!Ipv4Words.isAtomic(ip)
                || Session.epoch(line) != resolved.of(FlowKey.domain(key1))
                || Session.providerAddress(line) != burst.outerSource(i)
                || (flags & SPECIAL) != 0
                || Ipv4.ttl(ip) <= 1) {
            return false;
        }
        int number = Session.adjacency(line);
        int length = burst.length(i);
        long adjacency = Adjacencies.address(nextHops, number);
        long mbuf = burst.mbuf(i);
        if (number < 0 || !out.isReadyExternal(adjacency, mbuf, ip, length, nowMs)) {
            return false;
        }
        int protocol = FlowKey.protocol(key1);
        if (protocol == Ipv4.TCP) {
            int tcpFlags = burst.tcpFlags(i);
            if (SessionState.mayChange(Session.state(line), tcpFlags)) {
                return false;
            }
            TcpTracker.acknowledge(line, ip, tcpFlags);
        } else if (protocol != Ipv4.UDP) {
            return false;
        }
        NatRewrite.outboundPlain(line, ip, protocol);
        Session.count(line, length, nowMs);
        if ((flags & Session.LIMITED) != 0 && !limited(burst, i, line, number)) {
            return true;
        }
        out.toExternal(mbuf, ip, length, adjacency);
        return true;
    }

    /** Whether it goes on now. */
    private boolean limited(Burst burst, int i, long line, int number) {
        if (fastLimiter.admits(FlowKey.domain(burst.key1(i)), Session.nic(line), burst.length(i))) {
            return true;
        }
        int counter = VsidEntry.countersIndex(burst.vsid(i));
        return limiter.admitsOutbound(
                burst.mbuf(i), burst.ip(i), burst.length(i), number, (int) burst.hash(i), line, counter);
    }
}
