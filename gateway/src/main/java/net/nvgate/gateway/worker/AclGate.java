package net.nvgate.gateway.worker;

import net.nvgate.fabric.model.AclAction;
import net.nvgate.gateway.acl.AclHits;
import net.nvgate.gateway.acl.AclPacket;
import net.nvgate.gateway.acl.AclTable;
import net.nvgate.gateway.acl.TenantAcl;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.watch.Step;
import org.jspecify.annotations.Nullable;

/**
 * Asks a tenant's port ACLs about flows that get a session: once when it is made, and again when its lists have changed. Addresses and
 * ports are those that the VM sees: its CA, and the remote side; of NAT64 the IPv6 ones. One thread.
 */
final class AclGate {

    private final AclTable table;
    private final InsideHosts hosts;
    private final AclFlows flows;
    private final Events events;
    private final Tap tap;
    private final WorkerClock clock;
    private final AclHits hits = new AclHits(AclHits.SLOTS_MAX);
    /** Of what is only asked again. */
    private final AclHits uncounted = new AclHits(0);

    private final AclPacket packet = new AclPacket();

    AclGate(AclTable table, InsideHosts hosts, AclFlows flows, Events events, Tap tap, WorkerClock clock) {
        this.table = table;
        this.hosts = hosts;
        this.flows = flows;
        this.events = events;
        this.tap = tap;
        this.clock = clock;
    }

    static boolean isIcmp(int protocol) {
        return protocol == Ipv4.ICMP || protocol == Ipv6.ICMPV6;
    }

    /** Any thread may read it. */
    AclHits hits() {
        return hits;
    }

    /** Grows with each change of any list. */
    int version() {
        return table.version();
    }

    /** Whether a host may open a session, by the key of its first packet. */
    @Nullable
    DropReason outbound(long key0, long key1, long ip) {
        int domain = FlowKey.domain(key1);
        TenantAcl acl = table.of(domain);
        if (acl == null) {
            return null;
        }
        fill(
                FlowKey.source(key0),
                FlowKey.sourcePort(key1),
                FlowKey.destination(key0),
                FlowKey.destinationPort(key1),
                FlowKey.protocol(key1),
                typeAndCode(ip));
        if (isCut(domain, acl)) {
            return DropReason.ACL;
        }
        AclAction action = acl.decide(false, packet, counted());
        report(tap, domain, false, packet, action);
        tell(domain, FlowKey.source(key0), FlowKey.destination(key0), FlowKey.protocol(key1));
        return reason(action);
    }

    /** Whether a remote side may open a session. */
    boolean allowsInbound(int domain, int ca, int port, int remote, int remotePort, int protocol, long ip) {
        TenantAcl acl = table.of(domain);
        if (acl == null) {
            return true;
        }
        fill(ca, port, remote, remotePort, protocol, typeAndCode(ip));
        AclAction action = acl.decide(true, packet, counted());
        report(tap, domain, true, packet, action);
        boolean allowed = action == AclAction.ALLOW;
        tell(domain, ca, remote, protocol);
        return allowed;
    }

    /** A trial hits no rule. */
    private AclHits counted() {
        return tap.isTrial() ? uncounted : hits;
    }

    /** Which rule decided on the packet in hand. */
    static void report(Tap tap, int domain, boolean inbound, AclPacket packet, AclAction action) {
        if (tap.isFollowing() && packet.decidingList() >= 0) {
            long rule = ((long) packet.decidingList() << 32) | Integer.toUnsignedLong(packet.decidingRule());
            tap.step(Step.ACL, domain, inbound ? 1 : 0, rule, action == AclAction.ALLOW ? 1 : 0);
        }
    }

    private void tell(int domain, int ca, int remote, int protocol) {
        if (packet.isLogged()) {
            events.report(EventKind.PORT_ACL, domain, ca, remote, protocol);
        }
    }

    /**
     * Of a session of TCP whose beginning was not seen, at an external address that others open connections to as well: whether the remote
     * side may have opened it, too.
     */
    boolean allowsInbound(long key0, long key1) {
        TenantAcl acl = table.of(FlowKey.domain(key1));
        if (acl == null) {
            return true;
        }
        fill(
                FlowKey.source(key0),
                FlowKey.sourcePort(key1),
                FlowKey.destination(key0),
                FlowKey.destinationPort(key1),
                FlowKey.protocol(key1),
                0);
        return acl.decide(true, packet, uncounted) == AclAction.ALLOW;
    }

    static @Nullable DropReason reason(AclAction action) {
        return switch (action) {
            case ALLOW -> null;
            case DENY -> DropReason.ACL;
            case REJECT -> DropReason.ACL_REJECT;
        };
    }

    /** Of a session that is there, by its outbound line: whether it may go on. */
    boolean allows(long session) {
        long key1 = Session.key1(session);
        TenantAcl acl = table.of(FlowKey.domain(key1));
        if (acl == null || Session.isRelated(session)) {
            return true;
        }
        int protocol = FlowKey.protocol(key1);
        long key0 = Session.key0(session);
        // What is a ping is known no more: of queries through a NAT hardly any is something else.
        fill(
                FlowKey.source(key0),
                FlowKey.sourcePort(key1),
                FlowKey.destination(key0),
                FlowKey.destinationPort(key1),
                protocol,
                Icmp.ECHO_REQUEST << 8);
        boolean inbound = (Session.flags(session) & Session.FROM_OUTSIDE) != 0;
        return acl.decide(inbound, packet, uncounted) == AclAction.ALLOW;
    }

    /** A session from outside ends by {@link #allows}: its host's answers do not open it again. */
    void cut(long session) {
        if ((Session.flags(session) & Session.FROM_OUTSIDE) != 0) {
            flows.add(
                    FlowKey.OUTSIDE,
                    FlowKey.domain(Session.key1(session)),
                    packet.remoteHigh(),
                    packet.remoteLow(),
                    packet.localHigh(),
                    packet.localLow(),
                    packet.remotePort(),
                    packet.localPort(),
                    packet.protocol(),
                    0,
                    AclFlows.BLOCKED,
                    table.version(),
                    (int) clock.ms());
        }
    }

    /** Whether the packet in hand, from inside, is of a session from outside that was cut and would be still. */
    private boolean isCut(int domain, TenantAcl acl) {
        int nowMs = (int) clock.ms();
        long flow = flows.find(
                domain,
                FlowKey.OUTSIDE,
                packet.localHigh(),
                packet.localLow(),
                packet.remoteHigh(),
                packet.remoteLow(),
                packet.localPort(),
                packet.remotePort(),
                packet.protocol(),
                nowMs);
        if (flow == 0 || flows.isOpener() || AclFlows.state(flow) != AclFlows.BLOCKED) {
            return false;
        }
        boolean cut = acl.decide(true, packet, uncounted) != AclAction.ALLOW;
        AclFlows.judged(flow, cut ? AclFlows.BLOCKED : AclFlows.FREE, table.version());
        AclFlows.used(flow, nowMs);
        return cut;
    }

    private void fill(int ca, int port, int remote, int remotePort, int protocol, int typeAndCode) {
        if (InsideHosts.isHandle(ca)) {
            packet.local(hosts.highOf(ca), hosts.lowOf(ca), port);
            packet.remote(hosts.remoteHigh(ca, remote), hosts.remoteLow(ca, remote), remotePort);
            packet.protocol(protocol);
            if (protocol == Ipv4.ICMP) {
                packet.icmp(true, Icmpv6.ECHO_REQUEST, 0);
            }
            return;
        }
        packet.local(0, AclPacket.mapped(ca), port);
        packet.remote(0, AclPacket.mapped(remote), remotePort);
        packet.protocol(protocol);
        if (protocol == Ipv4.ICMP) {
            packet.icmp(false, typeAndCode >>> 8, typeAndCode & 0xff);
        }
    }

    /** Of an ICMP packet; of a later fragment that of a ping. */
    private static int typeAndCode(long ip) {
        if (Ipv4.protocol(ip) != Ipv4.ICMP || (Ipv4.fragment(ip) & Ipv4.OFFSET_MASK) != 0) {
            return Icmp.ECHO_REQUEST << 8;
        }
        long icmp = ip + Ipv4.headerLength(ip);
        return Icmp.type(icmp) << 8 | Icmp.code(icmp);
    }
}
