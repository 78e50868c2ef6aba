package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.watch.Step;

/**
 * Third pass over packets from inside that {@link FastTenantPath} leaves.
 *
 * <pre>
 *  session known ---> same PA? TTL? fits? ---> rewrite ---> out, or round to another NAT address
 *  not known -------> anti-spoof ---> ours? ---> tenant's route ---> a VM's record ---> NVGRE
 *                                                              \---> NAT: port, session, then as known
 * </pre>
 *
 * Packets between VMs of a tenant need no session: three lookups route the first one, {@link FastRoutedPath} those that follow.
 */
final class TenantPath {

    private final Sessions sessions;
    private final TcpTracker tcp;
    private final OutboundSetup setup;
    private final NatRefusals refusals;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final Limiter limiter;
    private final HairpinQueue hairpin;
    private final TenantRouter router;
    private final IcmpTranslator translator;
    private final MssClamp mss;
    private final Renaming renaming;
    private final Alg alg;
    private final Tap tap;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Disposal disposal;

    TenantPath(WorkerParts parts) {
        this.sessions = parts.sessions;
        this.tcp = parts.tcp;
        this.setup = parts.outboundSetup;
        this.refusals = parts.refusals;
        this.adjacencies = parts.adjacencies;
        this.egress = parts.egress;
        this.limiter = parts.limiter;
        this.hairpin = parts.hairpin;
        this.router = parts.router;
        this.translator = parts.translator;
        this.mss = parts.sizes.mss;
        this.renaming = parts.renaming;
        this.alg = parts.alg;
        this.tap = parts.tap;
        this.clock = parts.clock;
        this.counters = parts.counters;
        this.disposal = parts.disposal;
    }

    /**
     * Forwards a packet of a burst.
     *
     * @param line of its session, 0 = it has none
     */
    void forward(Burst burst, int i, long line) {
        if (line == 0) {
            first(burst, i);
        } else {
            known(burst, i, line);
        }
    }

    private void known(Burst burst, int i, long line) {
        long ip = burst.ip(i);
        long mbuf = burst.mbuf(i);
        int length = burst.length(i);
        long key1 = burst.key1(i);
        if (Session.epoch(line) != adjacencies.epoch(FlowKey.domain(key1)) && !sessions.resolveOutbound(line)) {
            first(burst, i);
            return;
        }
        report(line, key1);
        if (Session.providerAddress(line) != burst.outerSource(i)
                && !router.isSourceTrue(burst.vsid(i), ip, burst.outerSource(i))) {
            disposal.drop(mbuf, DropReason.SPOOFED_SOURCE, VsidEntry.countersIndex(burst.vsid(i)));
            return;
        }
        boolean turnsRound = (Session.flags(line) & Session.HAIRPIN) != 0;
        int number = Session.adjacency(line);
        if (Ipv4.ttl(ip) <= 1 || (!turnsRound && router.tooBig(ip, length, number, FlowKey.domain(key1)))) {
            router.refuse(mbuf, ip, length, burst.vsid(i), number);
            return;
        }
        int protocol = FlowKey.protocol(key1);
        boolean alive = protocol != Ipv4.TCP || tcp.follow(line, ip, length, burst.tcpFlags(i));
        if ((burst.tcpFlags(i) & Tcp.SYN) != 0) {
            mss.outbound(ip, length, FlowKey.domain(key1));
        }
        if ((Session.flags(line) & Session.ALG) != 0) {
            length = alg.outbound(mbuf, line, ip, length);
        }
        int fragment = Ipv4.fragment(ip);
        if (!Renaming.isAtomic(fragment)) {
            rename(burst, i, fragment, line);
        }
        NatRewrite.outbound(line, ip, protocol);
        if (alive) {
            Session.count(line, length, (int) clock.ms());
        } else {
            Session.countOnly(line, length);
        }
        if (turnsRound) {
            hairpin.add(mbuf, ip, length);
        } else if ((Session.flags(line) & Session.LIMITED) == 0
                || limiter.admitsOutbound(
                        mbuf, ip, length, number, (int) burst.hash(i), line, VsidEntry.countersIndex(burst.vsid(i)))) {
            egress.send(mbuf, ip, length, number, (int) burst.hash(i));
        }
    }

    private void report(long line, long key1) {
        if (tap.isFollowing()) {
            long key0 = Session.key0(line);
            tap.step(
                    Step.SESSION,
                    FlowKey.domain(key1),
                    Step.endpoint(FlowKey.source(key0), FlowKey.sourcePort(key1)),
                    Step.endpoint(Session.newAddress(line), Session.newPort(line)),
                    Step.endpoint(FlowKey.destination(key0), FlowKey.destinationPort(key1)));
        }
    }

    private void rename(Burst burst, int i, int fragment, long line) {
        long ip = burst.ip(i);
        if (!Ipv4.isFragment(fragment)) {
            renaming.whole(ip, Session.newAddress(line));
        } else if (Fragments.isOf(burst.fragment(i), ip, FlowKey.domain(burst.key1(i)))) {
            renaming.fragment(ip, Session.newAddress(line), burst.fragment(i));
        }
    }

    private void first(Burst burst, int i) {
        counters.add(WorkerCounter.FIRST_PACKETS, 1);
        long mbuf = burst.mbuf(i);
        long ip = burst.ip(i);
        long vsid = burst.vsid(i);
        // Before the tables are read: what changes meanwhile makes the session look again.
        int epoch = adjacencies.epoch(FlowKey.domain(burst.key1(i)));
        if (!router.routesToNat(mbuf, ip, burst.length(i), vsid, burst.outerSource(i), (int) burst.hash(i))) {
            return;
        }
        DropReason fault = setup.setUp(burst, i);
        if (fault != null) {
            refusals.refuse(mbuf, ip, burst.length(i), vsid, fault);
            return;
        }
        if (setup.isTranslated() && !InsideHosts.isHandle(Ipv4.source(ip))) {
            sessions.resolveMade(setup.made(), router.rightSource(), epoch);
            known(burst, i, setup.made());
            return;
        }
        long line = sessions.find(burst.hash(i), burst.key0(i), burst.key1(i));
        if (line != 0 && sessions.resolveOutbound(line)) {
            known(burst, i, line);
        } else {
            disposal.drop(mbuf, DropReason.NO_NAT, VsidEntry.countersIndex(vsid));
        }
    }

    /** ICMP but queries, which no session can have. */
    void withoutFlow(long mbuf, long ip, int length, long vsid, int outerSource) {
        counters.received(VsidEntry.countersIndex(vsid), length);
        if (router.routesToNat(mbuf, ip, length, vsid, outerSource, Ipv4.destination(ip))) {
            translator.outbound(mbuf, ip, length, vsid);
        }
    }
}
