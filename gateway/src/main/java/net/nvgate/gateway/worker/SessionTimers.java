package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.nat.NatTimers;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;

/**
 * How long a session lives without packets: as its NAT connection says, or as the gateway is configured if it has none, e.g. one of a 1:1
 * pair. A connection's new times hold for a session from its next timer or change of state on.
 */
final class SessionTimers {

    private final NatConnections connections;
    private final NatTimers defaults;

    SessionTimers(NatConnections connections, NatTimers defaults) {
        this.connections = connections;
        this.defaults = defaults;
    }

    /** In its state, ms; by the outbound line. */
    int idleMsMax(long session) {
        return idleMsMax(session, Session.state(session));
    }

    /** As if it were in a state, ms; by the outbound line. */
    int idleMsMax(long session, int state) {
        int protocol = FlowKey.protocol(Session.key1(session));
        int external = Session.newAddress(session);
        int generation = Session.natGeneration(session);
        return idleMsMax(protocol, state, external, Session.newPort(session), generation);
    }

    /** Of a session to be made, ms. */
    int idleMsMax(int protocol, int state, int external, int externalPort, int generation) {
        long entry = L4.isByAddress(protocol)
                ? connections.withGeneration(external, generation)
                : connections.ofSession(external, externalPort, generation);
        return idleMsMax(protocol, state, entry, generation);
    }

    /** As if it were in a state of a session to be made, ms; of a connection, whose generation may be another by now, or 0. */
    int idleMsMax(int protocol, int state, long entry, int generation) {
        if (entry == 0 || NatEntry.generation(entry) != generation) {
            return defaults.idleMsMax(protocol, state);
        }
        return switch (protocol) {
            case Ipv4.TCP -> tcp(entry, state);
            case Ipv4.UDP -> NatEntry.udpMs(entry);
            case Ipv4.ICMP -> NatEntry.icmpMs(entry);
            default -> NatEntry.otherMs(entry);
        };
    }

    private int tcp(long entry, int state) {
        return switch (state) {
            case SessionState.ESTABLISHED, SessionState.FIN_OUT, SessionState.FIN_IN ->
                NatEntry.tcpEstablishedMs(entry);
            case SessionState.SYN_OUT, SessionState.SYN_IN ->
                Math.min(defaults.tcpOpeningMs(), NatEntry.tcpTransitoryMs(entry));
            default -> NatEntry.tcpTransitoryMs(entry);
        };
    }
}
