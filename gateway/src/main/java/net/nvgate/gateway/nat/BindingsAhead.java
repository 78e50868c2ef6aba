package net.nvgate.gateway.nat;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;

/**
 * What {@link NatBindings#bind} will most probably read, told without changing anything, so that the cache misses of several packets' new
 * sessions overlap. A guess: who trusts it gets no more than lines in the cache.
 */
public final class BindingsAhead {

    private final NatConnections connections;
    private final Mappings mappings;
    private final PortMaps ports;
    private final HostUsage hosts;
    private int external;
    private int externalPort;
    private int draws;

    BindingsAhead(NatConnections connections, Mappings mappings, PortMaps ports, HostUsage hosts) {
        this.connections = connections;
        this.mappings = mappings;
        this.ports = ports;
        this.hosts = hosts;
    }

    /** A burst begins: nothing has been guessed that is still to come. */
    public void begin() {
        draws = 0;
    }

    /** Address of the bucket in which a host will be looked for. */
    public long hostBucket(int domain, int ca) {
        return hosts.bucket(domain, ca);
    }

    /** A host that will be found, 0 when that cannot be said; after {@link #hostBucket}. */
    public long hostCandidate(int domain, int ca) {
        return hosts.candidate(domain, ca);
    }

    /**
     * The external endpoint of an inside one whose host has ports already, so that its connection is known.
     *
     * @return false when nothing can be said
     */
    public boolean guess(int domain, int ca, int port, int protocol) {
        long host = hosts.find(domain, ca);
        long connection =
                host == 0 || HostUsage.ports(host) == 0 ? 0 : connections.get(HostUsage.connectionIndex(host));
        if (connection == 0
                || NatEntry.portBlockSize(connection) != 0
                || NatEntry.deterministicHosts(connection) != 0) {
            return false;
        }
        external = NatEntry.externalIp(connection);
        draws = ports.ahead(external, protocol, port, connection, draws);
        externalPort = ports.likely();
        return externalPort >= 0;
    }

    /** Of the last guess. */
    public int external() {
        return external;
    }

    /** Of the last guess. */
    public int externalPort() {
        return externalPort;
    }

    /** Address of the bucket in which an inside endpoint's mapping will be looked for at the guessed address. */
    public long insideBucket(int ca, long rest) {
        return mappings.bucket(FlowKey.addresses(ca, external), rest);
    }

    /** Address of the bucket in which the guessed endpoint will be entered. */
    public long outsideBucket(int protocol) {
        return mappings.outsideBucket(external, externalPort, protocol);
    }

    /** Address of the {@code i}-th mapping to be made next. */
    public long mapping(int i) {
        return mappings.upcoming(i);
    }
}
