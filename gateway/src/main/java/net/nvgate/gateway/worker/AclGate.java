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

    /**
     * Whether a host may open a session, by the key of its first packet.
     *
     * @param opens the packet is TCP's SYN, which can be no answer of a session that was cut
     */
    @Nullable
    DropReason outbound(long key0, long key1, long ip, boolean opens) {
        int domain = FlowKey.domain(key1);
        TenantAcl acl = table.of(domain);
        if (acl == null) {
            return null;
        }
        fill(key0, key1, typeAndCode(ip));
        if (!opens && isCut(false, domain, acl)) {
            return DropReason.ACL;
        }
        AclAction action = acl.decide(false, packet, counted());
        report(tap, domain, false, packet, action);
        tell(domain, FlowKey.source(key0), FlowKey.destination(key0), FlowKey.protocol(key1));
        return reason(action);
    }

    /** Whether a remote side may open a session; {@code opens} as of {@link #outbound}. */
    boolean allowsInbound(
            int domain, int ca, int port, int remote, int remotePort, int protocol, long ip, boolean opens) {
        TenantAcl acl = table.of(domain);
        if (acl == null) {
            return true;
        }
        fill(ca, port, remote, remotePort, protocol, typeAndCode(ip));
        if (!opens && isCut(true, domain, acl)) {
            return false;
        }
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
     * Of a session of TCP whose beginning was not seen, and that a packet of the other side makes: whether this side may have opened it, too.
     *
     * @param inbound the remote side, else the host
     * @param key0 of the host's packets, likewise {@code key1}
     */
    boolean allowsToo(boolean inbound, long key0, long key1) {
        int domain = FlowKey.domain(key1);
        TenantAcl acl = table.of(domain);
        if (acl == null) {
            return true;
        }
        fill(key0, key1, 0);
        AclAction action = acl.decide(inbound, packet, uncounted);
        report(tap, domain, inbound, packet, action);
        return action == AclAction.ALLOW;
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
        // What is a ping is known no more: of queries through a NAT hardly any is something else.
        fill(Session.key0(session), key1, Icmp.ECHO_REQUEST << 8);
        boolean inbound = (Session.flags(session) & Session.FROM_OUTSIDE) != 0;
        return acl.decide(inbound, packet, uncounted) == AclAction.ALLOW;
    }

    /**
     * A session ends by {@link #allows}: what the side sends that did not open it does not open it again. A ping's answers never do, nor does
     * the middle of TCP from outside that a host may not open, see {@link #allowsToo}: of them nothing is remembered.
     */
    void cut(long session) {
        boolean inbound = (Session.flags(session) & Session.FROM_OUTSIDE) != 0;
        if (isIcmp(packet.protocol()) || (!inbound && packet.protocol() == Ipv4.TCP)) {
            return;
        }
        int domain = FlowKey.domain(Session.key1(session));
        if (inbound) {
            packet.turn();
        }
        flows.add(
                inbound ? FlowKey.OUTSIDE : domain,
                inbound ? domain : FlowKey.OUTSIDE,
                packet.localHigh(),
                packet.localLow(),
                packet.remoteHigh(),
                packet.remoteLow(),
                packet.localPort(),
                packet.remotePort(),
                packet.protocol(),
                0,
                AclFlows.BLOCKED,
                table.version(),
                clock.ms());
    }

    /**
     * Whether the packet in hand is of a session that was cut, would be still, and that the other side had opened. The memory of it does not
     * grow older by that: a flow of this side's own between the same ports waits only for its end.
     *
     * @param inbound the packet comes from the remote side, else from the host
     */
    private boolean isCut(boolean inbound, int domain, TenantAcl acl) {
        if (isIcmp(packet.protocol())) {
            return false;
        }
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
                clock.ms());
        if (flow == 0 || AclFlows.state(flow) != AclFlows.BLOCKED) {
            return false;
        }
        // From "domain" it was looked for: its opener is the host.
        boolean openedInbound = !flows.isOpener();
        boolean cut = acl.decide(openedInbound, packet, uncounted) != AclAction.ALLOW;
        if (!cut && !tap.isTrial()) {
            AclFlows.judged(flow, AclFlows.FREE, table.version());
        }
        return cut && openedInbound != inbound;
    }

    /** By the key of the host's packets. */
    private void fill(long key0, long key1, int typeAndCode) {
        fill(
                FlowKey.source(key0),
                FlowKey.sourcePort(key1),
                FlowKey.destination(key0),
                FlowKey.destinationPort(key1),
                FlowKey.protocol(key1),
                typeAndCode);
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
