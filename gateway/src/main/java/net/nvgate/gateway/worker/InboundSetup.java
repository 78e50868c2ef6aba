package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Tcp;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.RouteTables;
import org.jspecify.annotations.Nullable;

/** Makes the session of a first packet from outside, if a NAT rule wants it. */
final class InboundSetup {

    private final RouteTables tables;
    private final Sessions sessions;
    private final boolean tcpMidstream;

    InboundSetup(RouteTables tables, Sessions sessions, boolean tcpMidstream) {
        this.tables = tables;
        this.sessions = sessions;
        this.tcpMidstream = tcpMidstream;
    }

    /** Makes the session of packet {@code i}, whose destination is a NAT address of ours; null when it is there. */
    @Nullable
    DropReason setUp(Burst burst, int i) {
        long key0 = burst.key0[i];
        long key1 = burst.key1[i];
        int external = FlowKey.destination(key0);
        int externalPort = FlowKey.destinationPort(key1);
        int protocol = FlowKey.protocol(key1);
        int flags = burst.tcpFlags[i];
        boolean opens = (flags & (Tcp.SYN | Tcp.RST | Tcp.ACK)) == Tcp.SYN;
        long rule = tables.nat.ruleAt(external, protocol, externalPort);
        if (rule == 0) {
            return DropReason.UNSOLICITED;
        }
        if (protocol == Ipv4.TCP && !opens && (!tcpMidstream || (flags & (Tcp.RST | Tcp.SYN)) != 0)) {
            return DropReason.TCP_NO_SESSION;
        }
        int state = protocol != Ipv4.TCP ? SessionState.ACTIVE : opens ? SessionState.SYN_IN : SessionState.MIDSTREAM;
        int domain = NatRuleEntry.rdid(rule);
        int ca = NatRuleEntry.internalIp(rule);
        int port = NatRuleEntry.internalPort(rule);
        int remote = FlowKey.source(key0);
        int remotePort = FlowKey.sourcePort(key1);
        long outKey0 = FlowKey.addresses(ca, remote);
        long outKey1 = FlowKey.rest(FlowKey.ports(port, remotePort), domain, protocol);
        if (sessions.find(outKey0, outKey1) != 0) {
            // The server reaches this remote endpoint by another external tuple already.
            return DropReason.NAT_TUPLE_IN_USE;
        }
        if (!sessions.hasRoom(domain, ca, protocol)) {
            return DropReason.FLOW_TABLE_FULL;
        }
        int generation = sessions.generationAt(external);
        long line = sessions.create(
                domain,
                ca,
                port,
                remote,
                remotePort,
                external,
                externalPort,
                protocol,
                state,
                Session.STATIC,
                generation);
        return line == 0 ? DropReason.FLOW_TABLE_FULL : null;
    }
}
