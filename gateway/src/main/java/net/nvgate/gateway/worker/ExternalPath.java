package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv4Options;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.watch.Step;

/**
 * Third pass over packets from the physical side that {@link FastExternalPath} leaves.
 *
 * <pre>
 *  session known ---> TTL? fits? ---> rewrite ---> NVGRE to the VM
 *  not known -------> ours? ---> ping: answered (a NAT address pings as the gateway)
 *                          \---> NAT rule: session, then as known
 *                           \--> nobody asked for it: dropped
 * </pre>
 */
final class ExternalPath {

    /** A packet that turned round carries no VLAN. */
    static final int ANY_VLAN = -1;

    private final RouteTables tables;
    private final Sessions sessions;
    private final TcpTracker tcp;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final Limiter limiter;
    private final EchoResponder echo;
    private final IcmpSender icmp;
    private final HeldSyns heldSyns;
    private final IcmpTranslator translator;
    private final InboundSetup setup;
    private final MssClamp mss;
    private final MtuDiagnosis mtus;
    private final Alg alg;
    private final Tap tap;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Disposal disposal;

    ExternalPath(WorkerParts parts) {
        this.tables = parts.tables;
        this.sessions = parts.sessions;
        this.tcp = parts.tcp;
        this.adjacencies = parts.adjacencies;
        this.egress = parts.egress;
        this.limiter = parts.limiter;
        this.echo = parts.echo;
        this.icmp = parts.icmp;
        this.heldSyns = parts.heldSyns;
        this.translator = parts.translator;
        this.setup = parts.inboundSetup;
        this.mss = parts.sizes.mss;
        this.mtus = parts.sizes.diagnosis;
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
        if (Session.epoch(line) != adjacencies.epoch(Session.domain(line)) && !sessions.resolveInbound(line)) {
            first(burst, i);
            return;
        }
        report(line);
        int number = Session.adjacency(line);
        if (Ipv4.ttl(ip) <= 1) {
            icmp.timeExceededOutside(mbuf, ip, length);
            return;
        }
        if (number >= 0 && tooBig(ip, length, adjacencies.address(number), line)) {
            int mtu = Adjacency.mtu(adjacencies.address(number));
            tap.step(Step.TOO_BIG, length, mtu, Session.domain(line));
            icmp.tooBigOutside(mbuf, ip, length, mtu);
            return;
        }
        if ((Session.flags(line) & Session.ALG) != 0) {
            alg.inbound(Session.outbound(line), ip, length);
        }
        int protocol = FlowKey.protocol(burst.key1(i));
        boolean alive = protocol != Ipv4.TCP || tcp.follow(line, ip, length, burst.tcpFlags(i));
        if ((burst.tcpFlags(i) & Tcp.SYN) != 0) {
            mss.inbound(ip, length, Session.domain(line), Session.newAddress(line));
        }
        NatRewrite.inbound(line, ip, protocol);
        if (alive) {
            Session.count(line, length, (int) clock.ms());
        } else {
            Session.countOnly(line, length);
        }
        if ((Session.flags(line) & Session.LIMITED) == 0
                || limiter.admitsInbound(mbuf, ip, length, number, (int) burst.hash(i), line)) {
            egress.send(mbuf, ip, length, number, (int) burst.hash(i));
        }
    }

    private void report(long line) {
        if (tap.isFollowing()) {
            long key0 = Session.key0(line);
            long key1 = Session.key1(line);
            tap.step(
                    Step.SESSION,
                    Session.domain(line),
                    Step.endpoint(Session.newAddress(line), Session.newPort(line)),
                    Step.endpoint(FlowKey.destination(key0), FlowKey.destinationPort(key1)),
                    Step.endpoint(FlowKey.source(key0), FlowKey.sourcePort(key1)));
        }
    }

    private void first(Burst burst, int i) {
        counters.add(WorkerCounter.FIRST_PACKETS, 1);
        long mbuf = burst.mbuf(i);
        long ip = burst.ip(i);
        int kinds = kinds(ip, burst.vlan(i));
        int protocol = FlowKey.protocol(burst.key1(i));
        boolean ping = protocol == Ipv4.ICMP && L4.isEchoRequest(ip);
        boolean shared = !setup.isOneToOne(Ipv4.destination(ip));
        if (kinds == 0) {
            notOurs(burst, i, protocol == Ipv4.ICMP && !ping);
        } else if (((ping && shared) || (kinds & OwnAddresses.NAT) == 0) && Ipv4Options.hasOpenSourceRoute(ip)) {
            icmp.sourceRouteFailedOutside(mbuf, ip, burst.length(i));
        } else if (ping && shared) {
            echo.outside(mbuf, ip, burst.length(i));
        } else if ((kinds & OwnAddresses.NAT) == 0) {
            disposal.drop(mbuf, DropReason.LOCAL_PROTOCOL);
        } else if (protocol == Ipv4.ICMP && (!ping || shared)) {
            disposal.drop(mbuf, DropReason.ICMP_NO_SESSION);
        } else {
            setUp(burst, i);
        }
    }

    /** To none of our addresses; a tenant's host that is reached without NAT may have it. */
    private void notOurs(Burst burst, int i, boolean answer) {
        long ip = burst.ip(i);
        if (!setup.isExempt(Ipv4.destination(ip), Ipv4.source(ip))) {
            disposal.drop(burst.mbuf(i), DropReason.NOT_OUR_ADDRESS);
        } else if (answer) {
            disposal.drop(burst.mbuf(i), DropReason.ICMP_NO_SESSION);
        } else {
            setUp(burst, i);
        }
    }

    private void setUp(Burst burst, int i) {
        DropReason fault = setup.setUp(burst, i);
        if (fault != null) {
            boolean opens = (burst.tcpFlags(i) & (Tcp.SYN | Tcp.RST | Tcp.ACK)) == Tcp.SYN;
            if (fault == DropReason.UNSOLICITED && opens) {
                heldSyns.hold(burst, i);
            } else {
                disposal.drop(burst.mbuf(i), fault);
            }
            return;
        }
        long line = sessions.find(burst.hash(i), burst.key0(i), burst.key1(i));
        if (line != 0 && sessions.resolveInbound(line)) {
            known(burst, i, line);
        } else {
            disposal.drop(burst.mbuf(i), DropReason.UNSOLICITED);
        }
    }

    /** ICMP but queries, which no session can have. */
    void withoutFlow(long mbuf, long ip, int length, int vlan) {
        int kinds = kinds(ip, vlan);
        if (kinds == 0 && !tables.nat.exemptions.contain(Ipv4.destination(ip))) {
            disposal.drop(mbuf, DropReason.NOT_OUR_ADDRESS);
        } else if (kinds != 0 && (kinds & OwnAddresses.NAT) == 0) {
            disposal.drop(mbuf, DropReason.LOCAL_PROTOCOL);
        } else {
            translator.inbound(mbuf, ip, length);
        }
    }

    /** Whether a packet's destination is an address of ours in a VLAN, or a host's that is reached without NAT. */
    boolean isOurs(long ip, int vlan) {
        return kinds(ip, vlan) != 0 || tables.nat.exemptions.contain(Ipv4.destination(ip));
    }

    private int kinds(long ip, int vlan) {
        long own = tables.ownAddresses.find(Ipv4.destination(ip));
        if (own == 0 || (vlan != ANY_VLAN && OwnAddresses.vlan(own) != vlan)) {
            return 0;
        }
        return OwnAddresses.flags(own) & (OwnAddresses.EXTERNAL | OwnAddresses.NAT);
    }

    private boolean tooBig(long ip, int length, long adjacency, long line) {
        if (length <= Adjacency.mtu(adjacency) || Adjacency.fault(adjacency) != null) {
            return false;
        }
        boolean refused = (Ipv4.fragment(ip) & Ipv4.DONT_FRAGMENT) != 0;
        if (refused) {
            mtus.refusedInbound(Session.domain(line), Session.newAddress(line));
        } else {
            mtus.fragmentedInbound(Session.domain(line), Session.newAddress(line));
        }
        return refused;
    }
}
