package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.route.FibEntry;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Third pass over packets from inside.
 *
 * <pre>
 *  session known ---> same PA? TTL? fits? ---> rewrite ---> out, or round to another NAT address
 *  not known -------> anti-spoof ---> ours? ---> tenant's route ---> a VM's record ---> NVGRE
 *                                                              \---> NAT: port, session, then as known
 * </pre>
 *
 * Packets between VMs of a tenant need no session: three lookups route each.
 */
final class TenantPath {

    private final RouteTables tables;
    private final Sessions sessions;
    private final OutboundSetup setup;
    private final Adjacencies adjacencies;
    private final Egress egress;
    private final HairpinQueue hairpin;
    private final EchoResponder echo;
    private final IcmpSender icmp;
    private final IcmpTranslator translator;
    private final MssClamp mss;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Disposal disposal;

    TenantPath(WorkerParts parts) {
        this.tables = parts.tables;
        this.sessions = parts.sessions;
        this.setup = parts.outboundSetup;
        this.adjacencies = parts.adjacencies;
        this.egress = parts.egress;
        this.hairpin = parts.hairpin;
        this.echo = parts.echo;
        this.icmp = parts.icmp;
        this.translator = parts.translator;
        this.mss = parts.mss;
        this.clock = parts.clock;
        this.counters = parts.counters;
        this.disposal = parts.disposal;
    }

    void forward(Burst burst) {
        int removals = sessions.removals();
        for (int i = 0; i < burst.count(); i++) {
            counters.received(VsidEntry.countersIndex(burst.vsid[i]), burst.length[i]);
            long line = burst.line[i];
            if (line == 0 || removals != sessions.removals()) {
                line = sessions.find(burst.hash[i], burst.key0[i], burst.key1[i]);
            }
            if (line == 0) {
                first(burst, i);
            } else {
                known(burst, i, line);
            }
        }
    }

    private void known(Burst burst, int i, long line) {
        long ip = burst.ip[i];
        long mbuf = burst.mbuf[i];
        int length = burst.length[i];
        long key1 = burst.key1[i];
        if (Session.epoch(line) != adjacencies.epoch(FlowKey.domain(key1)) && !sessions.resolveOutbound(line)) {
            first(burst, i);
            return;
        }
        if (Session.providerAddress(line) != burst.outerSource[i]) {
            disposal.drop(mbuf, DropReason.SPOOFED_SOURCE, VsidEntry.countersIndex(burst.vsid[i]));
            return;
        }
        boolean turnsRound = (Session.flags(line) & Session.HAIRPIN) != 0;
        int number = Session.adjacency(line);
        if (Ipv4.ttl(ip) <= 1 || (!turnsRound && tooBig(ip, length, number))) {
            refuse(mbuf, ip, length, burst.vsid[i], number);
            return;
        }
        int protocol = FlowKey.protocol(key1);
        if (protocol == Ipv4.TCP && SessionState.mayChange(Session.state(line), burst.tcpFlags[i])) {
            sessions.trackTcp(line, burst.tcpFlags[i]);
        }
        if ((burst.tcpFlags[i] & Tcp.SYN) != 0) {
            mss.outbound(ip, length, FlowKey.domain(key1));
        }
        NatRewrite.outbound(line, ip, protocol);
        Session.count(line, length, (int) clock.ms());
        if (turnsRound) {
            hairpin.add(mbuf, ip, length);
        } else {
            egress.send(mbuf, ip, length, number, (int) burst.hash[i]);
        }
    }

    private void first(Burst burst, int i) {
        counters.add(WorkerCounter.FIRST_PACKETS, 1);
        long mbuf = burst.mbuf[i];
        long ip = burst.ip[i];
        long vsid = burst.vsid[i];
        if (!routesToNat(mbuf, ip, burst.length[i], vsid, burst.outerSource[i], (int) burst.hash[i])) {
            return;
        }
        DropReason fault = setup.setUp(burst, i);
        if (fault != null) {
            disposal.drop(mbuf, fault, VsidEntry.countersIndex(vsid));
            return;
        }
        long line = sessions.find(burst.hash[i], burst.key0[i], burst.key1[i]);
        if (line != 0 && sessions.resolveOutbound(line)) {
            known(burst, i, line);
        } else {
            disposal.drop(mbuf, DropReason.NO_NAT, VsidEntry.countersIndex(vsid));
        }
    }

    /** Packets that no session can have: ICMP errors and protocols without ports. */
    void withoutFlow(long mbuf, long ip, int length, long vsid, int outerSource) {
        counters.received(VsidEntry.countersIndex(vsid), length);
        if (routesToNat(mbuf, ip, length, vsid, outerSource, Ipv4.destination(ip))) {
            if (Ipv4.protocol(ip) == Ipv4.ICMP) {
                translator.outbound(mbuf, ip, length, vsid);
            } else {
                disposal.drop(mbuf, DropReason.NAT_PROTOCOL, VsidEntry.countersIndex(vsid));
            }
        }
    }

    /** Routes a packet; false when that has dealt with it, true when it goes to the physical side and needs NAT. */
    private boolean routesToNat(long mbuf, long ip, int length, long vsid, int outerSource, int entropy) {
        int domain = VsidEntry.rdid(vsid);
        int counter = VsidEntry.countersIndex(vsid);
        int destination = Ipv4.destination(ip);
        long record = tables.records.find(domain, Ipv4.source(ip));
        if (record == 0 || LookupEntry.pa(record) != outerSource) {
            disposal.drop(mbuf, DropReason.SPOOFED_SOURCE, counter);
            return false;
        }
        long own = tables.records.find(domain, destination);
        if (own != 0 && !LookupEntry.isVm(own)) {
            echo.inTenant(mbuf, ip, length, vsid);
            return false;
        }
        long route = tables.tenantFib.find(domain, destination);
        int kind = route == 0 ? FibEntry.BLACKHOLE : FibEntry.kind(route);
        if (kind == FibEntry.GATEWAY && own == 0) {
            return true;
        }
        if (own == 0 && kind == FibEntry.BLACKHOLE) {
            icmp.unreachable(mbuf, ip, length, vsid, DropReason.NO_ROUTE);
            return false;
        }
        int number = adjacencies.toTenant(
                domain, kind == FibEntry.VIA_CA && own == 0 ? FibEntry.nextHop(route) : destination);
        if (number >= 0 && Adjacency.fault(adjacencies.address(number)) == DropReason.NO_RECORD) {
            icmp.unreachable(mbuf, ip, length, vsid, DropReason.NO_RECORD);
        } else if (Ipv4.ttl(ip) <= 1 || tooBig(ip, length, number)) {
            refuse(mbuf, ip, length, vsid, number);
        } else {
            mss.between(ip, length, domain);
            NatRewrite.decrementTtl(ip);
            egress.send(mbuf, ip, length, number, entropy);
        }
        return false;
    }

    private boolean tooBig(long ip, int length, int number) {
        return number >= 0
                && length > Adjacency.mtu(adjacencies.address(number))
                && Adjacency.fault(adjacencies.address(number)) == null
                && (Ipv4.fragment(ip) & Ipv4.DONT_FRAGMENT) != 0;
    }

    private void refuse(long mbuf, long ip, int length, long vsid, int number) {
        if (Ipv4.ttl(ip) <= 1) {
            icmp.timeExceeded(mbuf, ip, length, vsid);
        } else {
            icmp.tooBig(mbuf, ip, length, vsid, Adjacency.mtu(adjacencies.address(number)));
        }
    }
}
