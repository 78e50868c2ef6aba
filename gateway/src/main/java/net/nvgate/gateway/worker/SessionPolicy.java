package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.NatTable;
import net.nvgate.gateway.route.RouteTables;

/**
 * Whether policy still has what a session was made by: its connection, rule or 1:1 pair. Generations tell a tenant or connection from
 * a later one with the same index and external address. A session ends when
 *
 * <ul>
 *   <li>its connection is gone, has no longer its external port, or is no longer the one for its host,
 *   <li>its host has got an external address of its own, or its two sides are now routed without translation,
 *   <li>its rule is gone or leads elsewhere; what came in by it also if the remote host is no longer admitted.
 * </ul>
 */
final class SessionPolicy {

    private final NatTable nat;
    private final InsideHosts hosts;

    SessionPolicy(RouteTables tables, InsideHosts hosts) {
        this.nat = tables.nat;
        this.hosts = hosts;
    }

    /** Of a session, by its outbound line. */
    boolean allows(long session) {
        long key1 = Session.key1(session);
        int domain = FlowKey.domain(key1);
        int ca = FlowKey.source(Session.key0(session));
        int remote = FlowKey.destination(Session.key0(session));
        int flags = Session.flags(session);
        int generation = Session.natGeneration(session);
        boolean exempt = nat.exemptions.contain(domain, ca, remote);
        if (exempt || (flags & Session.IDENTITY) != 0) {
            return exempt && (flags & Session.IDENTITY) != 0;
        }
        if ((flags & Session.ONE_TO_ONE) != 0) {
            long pair = nat.oneToOnes.at(Session.newAddress(session));
            return pair != 0 && NatOneToOnes.generation(pair) == generation;
        }
        if ((flags & Session.STATIC) != 0) {
            return nat.rules.leads(
                    Session.newAddress(session),
                    FlowKey.protocol(key1),
                    Session.newPort(session),
                    domain,
                    ca,
                    hosts.highOf(ca),
                    hosts.lowOf(ca),
                    FlowKey.sourcePort(key1),
                    generation,
                    remote,
                    (flags & Session.FROM_OUTSIDE) != 0);
        }
        if ((flags & Session.BY_ADDRESS) != 0) {
            return allows(
                    nat.connections.withGeneration(Session.newAddress(session), generation), domain, ca, generation);
        }
        return allowsMapping(domain, ca, Session.newAddress(session), Session.newPort(session), generation);
    }

    /** Whether a host may have a mapping at an external port of a connection of a generation. */
    boolean allowsMapping(int domain, int ca, int external, int port, int generation) {
        return allows(nat.connections.at(external, port), domain, ca, generation);
    }

    private boolean allows(long connection, int domain, int ca, int generation) {
        return connection != 0
                && NatEntry.generation(connection) == generation
                && nat.connections.admits(domain, ca, hosts.highOf(ca), hosts.lowOf(ca), NatEntry.index(connection))
                && nat.oneToOnes.inside(domain, ca) == 0;
    }
}
