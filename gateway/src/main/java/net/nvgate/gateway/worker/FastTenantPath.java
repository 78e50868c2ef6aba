package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Third pass over packets from inside, for the packet that nearly all are: TCP or UDP of a session that nothing has happened to, to
 * a next hop that is known, small enough. Those that need no session go to {@link FastRoutedPath}, all others, untouched and in their turn, to {@link
 * TenantPath}. Decides nothing that {@link TenantPath} would decide otherwise.
 */
final class FastTenantPath {

    private static final int SPECIAL = Session.HAIRPIN | Session.ALG;
    private static final int ANOTHER_WAY = 0;
    private static final int LIMITED = -1;

    private final FastRoutedPath routed;
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
        this.routed = parts.fastRoutedPath;
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
        if (routed.lookUp(burst) >= FirstPackets.WORTH) {
            firstPackets.touch(burst, routed);
        }
        if (burst.counted() < burst.count()) {
            count(burst);
        }
        fastLimiter.newBurst();
        int removals = sessions.removals();
        int nowMs = (int) clock.ms();
        epochs.renew();
        // References and what is counted in variables: each that is read from a field costs a check or waits for what
        // was written, for every packet.
        BurstEpochs resolved = epochs;
        FastLimiter granted = fastLimiter;
        long nextHops = adjacencies.address(0);
        Transmitter out = egress.external();
        long start = out.reserve(burst.count());
        long end = start;
        long bytes = 0;
        boolean asFound = true;
        for (int i = 0; i < burst.count(); i++) {
            if (burst.line(i) == 0 && routed.has(i)) {
                out.added((int) ((end - start) >> 3), bytes);
                i = routed.forward(burst, i);
                start = out.reserve(burst.count() - i);
                end = start;
                bytes = 0;
                if (i == burst.count()) {
                    break;
                }
            }
            long line = burst.line(i);
            if (line == 0 || !asFound) {
                line = sessions.find(burst.hash(i), burst.key0(i), burst.key1(i));
            }
            int frameLength = line == 0 ? ANOTHER_WAY : forward(burst, i, line, nowMs, resolved, granted, nextHops);
            if (frameLength > 0) {
                Mem.i64(end, burst.mbuf(i));
                end += 8;
                bytes += frameLength;
            } else {
                out.added((int) ((end - start) >> 3), bytes);
                if (frameLength == ANOTHER_WAY) {
                    others.forward(burst, i, line);
                } else {
                    ask(burst, i, line);
                }
                resolved.renew();
                routed.renew();
                asFound = removals == sessions.removals();
                start = out.reserve(burst.count() - i);
                end = start;
                bytes = 0;
            }
        }
        out.added((int) ((end - start) >> 3), bytes);
    }

    /** Those that {@link FastPaInput} has not counted. */
    private void count(Burst burst) {
        for (int i = 0; i < burst.count(); i++) {
            if (!burst.isCounted(i)) {
                counters.received(VsidEntry.countersIndex(burst.vsid(i)), burst.length(i));
            }
        }
    }

    /** Bytes of the frame that the packet has become; or {@link #ANOTHER_WAY}, and it is as it was; or {@link #LIMITED}, and it is rewritten. */
    private int forward(
            Burst burst, int i, long line, int nowMs, BurstEpochs resolved, FastLimiter granted, long nextHops) {
        long ip = burst.ip(i);
        long key1 = burst.key1(i);
        int flags = Session.flags(line);
        if (!Ipv4Words.isAtomic(ip)
                || Session.epoch(line) != resolved.of(FlowKey.domain(key1))
                || Session.providerAddress(line) != burst.outerSource(i)
                || (flags & SPECIAL) != 0
                || Ipv4.ttl(ip) <= 1) {
            return ANOTHER_WAY;
        }
        int number = Session.adjacency(line);
        int length = burst.length(i);
        long adjacency = Adjacencies.address(nextHops, number);
        long mbuf = burst.mbuf(i);
        if (number < 0 || !Egress.isReady(adjacency, Adjacency.EXTERNAL, mbuf, ip, length, nowMs)) {
            return ANOTHER_WAY;
        }
        int protocol = FlowKey.protocol(key1);
        if (protocol == Ipv4.TCP) {
            int tcpFlags = burst.tcpFlags(i);
            if (SessionState.mayChange(Session.state(line), tcpFlags)) {
                return ANOTHER_WAY;
            }
            TcpTracker.acknowledge(line, ip, tcpFlags);
        } else if (protocol != Ipv4.UDP) {
            return ANOTHER_WAY;
        }
        NatRewrite.outboundPlain(line, ip, protocol);
        Session.count(line, length, nowMs);
        if ((flags & Session.LIMITED) != 0 && !granted.admits(FlowKey.domain(key1), Session.nic(line), length)) {
            return LIMITED;
        }
        return Egress.frameExternal(mbuf, ip, length, adjacency);
    }

    /** A rewritten packet goes on when its meters have what it costs, or {@link Limiter} lets it. */
    private void ask(Burst burst, int i, long line) {
        long mbuf = burst.mbuf(i);
        long ip = burst.ip(i);
        int length = burst.length(i);
        int number = Session.adjacency(line);
        int counter = VsidEntry.countersIndex(burst.vsid(i));
        if (fastLimiter.pays(FlowKey.domain(burst.key1(i)), Session.nic(line), length)
                || limiter.admitsOutbound(mbuf, ip, length, number, (int) burst.hash(i), line, counter)) {
            long adjacency = adjacencies.address(number);
            egress.external().add(mbuf, Egress.frameExternal(mbuf, ip, length, adjacency));
        }
    }
}
