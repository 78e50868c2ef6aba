package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.nat.NatBindings;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.RouteTables;
import org.jspecify.annotations.Nullable;

/** Makes the session of a first packet from inside: its external address and port, by rule or mapping. */
final class OutboundSetup {

    private final RouteTables tables;
    private final Sessions sessions;
    private final NatBindings bindings;
    private final boolean tcpMidstream;

    OutboundSetup(RouteTables tables, Sessions sessions, NatBindings bindings, boolean tcpMidstream) {
        this.tables = tables;
        this.sessions = sessions;
        this.bindings = bindings;
        this.tcpMidstream = tcpMidstream;
    }

    /** Makes the session of packet {@code i}, which has been routed to the physical side; null when it is there. */
    @Nullable
    DropReason setUp(Burst burst, int i) {
        long key0 = burst.key0[i];
        long key1 = burst.key1[i];
        int domain = FlowKey.domain(key1);
        int protocol = FlowKey.protocol(key1);
        int port = FlowKey.sourcePort(key1);
        int ca = FlowKey.source(key0);
        long connection = tables.nat.connectionOf(domain);
        if (connection == 0) {
            return DropReason.NO_NAT;
        }
        if (protocol == Ipv4.ICMP && !L4.isEchoRequest(burst.ip[i])) {
            return DropReason.ICMP_NO_SESSION;
        }
        int flags = burst.tcpFlags[i];
        boolean opens = (flags & (Tcp.SYN | Tcp.RST | Tcp.ACK)) == Tcp.SYN;
        if (protocol == Ipv4.TCP && !opens && (!tcpMidstream || (flags & (Tcp.RST | Tcp.SYN)) != 0)) {
            return DropReason.TCP_NO_SESSION;
        }
        long rule = protocol == Ipv4.ICMP ? 0 : tables.nat.ruleInside(domain, ca, protocol, port);
        int external = rule == 0 ? NatEntry.externalIp(connection) : NatRuleEntry.externalIp(rule);
        int bound = rule == 0 ? bindings.bind(connection, domain, ca, port, protocol) : NatRuleEntry.externalPort(rule);
        if (bound == NatBindings.NO_ROOM && sessions.makesRoom()) {
            bound = bindings.bind(connection, domain, ca, port, protocol);
        }
        int generation = rule == 0 ? NatEntry.generation(connection) : sessions.generationAt(external);
        if (bound < 0) {
            return bound == NatBindings.NO_PORT ? DropReason.NAT_PORTS_EXHAUSTED : DropReason.NAT_TABLE_FULL;
        }
        int remote = FlowKey.destination(key0);
        int remotePort = FlowKey.destinationPort(key1);
        int state = state(protocol, opens);
        int sessionFlags = rule == 0 ? 0 : Session.STATIC;
        DropReason fault = null;
        if (!sessions.hasRoom(domain, ca, protocol)) {
            fault = DropReason.FLOW_TABLE_FULL;
        } else if (!sessions.isTupleFree(remote, remotePort, external, bound, protocol)) {
            fault = DropReason.NAT_TUPLE_IN_USE;
        } else {
            long line = sessions.create(
                    domain, ca, port, remote, remotePort, external, bound, protocol, state, sessionFlags, generation);
            fault = line == 0 ? DropReason.FLOW_TABLE_FULL : null;
        }
        if (fault != null && rule == 0) {
            bindings.unbind(domain, ca, port, protocol, external, generation);
        }
        return fault;
    }

    private static int state(int protocol, boolean opens) {
        if (protocol != Ipv4.TCP) {
            return SessionState.ACTIVE;
        }
        return opens ? SessionState.SYN_OUT : SessionState.MIDSTREAM;
    }
}
