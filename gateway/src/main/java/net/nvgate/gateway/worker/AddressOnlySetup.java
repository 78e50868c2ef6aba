package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.route.NatChoice;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;
import org.jspecify.annotations.Nullable;

/**
 * Makes sessions of protocols without ports that a NAT could change: GRE, ESP, SCTP and the like are translated by address. Of all inside
 * hosts behind one external address one at a time can speak one such protocol with one remote host; it gets all that this host sends back.
 */
final class AddressOnlySetup {

    /** IP authentication header (RFC 4302): it covers the addresses, so that what a NAT has changed is never accepted. */
    private static final int AUTHENTICATION_HEADER = 51;

    private final NatConnections connections;
    private final Sessions sessions;
    private final NatChoice choice = new NatChoice();

    AddressOnlySetup(NatConnections connections, Sessions sessions) {
        this.connections = connections;
        this.sessions = sessions;
    }

    /** The session of a first packet from inside, by its outbound key; null when it is there. */
    @Nullable
    DropReason setUp(long key0, long key1) {
        int domain = FlowKey.domain(key1);
        int protocol = FlowKey.protocol(key1);
        int ca = FlowKey.source(key0);
        int remote = FlowKey.destination(key0);
        if (protocol == AUTHENTICATION_HEADER) {
            return DropReason.NAT_PROTOCOL;
        }
        if (!connections.choose(domain, ca, 0, 0, NatChoice.NO_LIMIT, choice)) {
            return connections.has(domain) ? DropReason.NAT_SOURCE : DropReason.NO_NAT;
        }
        int external = NatEntry.externalIp(choice.entry());
        if (!sessions.hasRoom(domain, ca, protocol)) {
            return DropReason.FLOW_TABLE_FULL;
        }
        if (!sessions.isTupleFree(remote, 0, external, 0, protocol)) {
            return DropReason.NAT_TUPLE_IN_USE;
        }
        int generation = NatEntry.generation(choice.entry());
        long line = sessions.create(
                domain, ca, 0, remote, 0, external, 0, protocol, SessionState.ACTIVE, Session.BY_ADDRESS, generation);
        return line == 0 ? DropReason.FLOW_TABLE_FULL : null;
    }
}
