package net.nvgate.gateway.nat;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.route.NatChoice;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;

/**
 * What {@link NatBindings#bind} will most probably read, told ahead, so that the cache misses of several packets' new sessions overlap. A
 * guess: who trusts it gets no more than lines in the cache. What was found for it is found for {@code bind}, too, see {@link #expect}.
 *
 * <pre>
 *  foreseen of a packet, 32 bytes:  0 host (i64)   8 map of its ports (i64)   16 connection (i64)   24 drawn port, NONE = none (i32)
 *                                  28 likely port, NONE = none (i32)
 * </pre>
 */
public final class BindingsAhead {

    /** Of what is foreseen of a packet. */
    public static final int BYTES = 32;

    private static final int DRAWS_MORE = 6;
    private static final int NONE = PortMaps.NO_PORT;

    private final NatConnections connections;
    private final Mappings mappings;
    private final PortMaps ports;
    private final HostUsage hosts;
    private int external;
    private int externalPort;

    BindingsAhead(NatConnections connections, Mappings mappings, PortMaps ports, HostUsage hosts) {
        this.connections = connections;
        this.mappings = mappings;
        this.ports = ports;
        this.hosts = hosts;
    }

    /** Nothing is foreseen of a packet. */
    public static void clear(long at) {
        Mem.i64(at, 0);
        Mem.i64(at + 8, 0);
        Mem.i32(at + 24, NONE);
    }

    /** Address of the bucket in which a host will be looked for. */
    public long hostBucket(int domain, int ca) {
        return hosts.bucket(domain, ca);
    }

    /** Address of the host of a packet that will be found, 0 when that cannot be said; after {@link #hostBucket}. */
    public long hostLine(long at, int domain, int ca) {
        long host = hosts.candidate(domain, ca);
        Mem.i64(at, host);
        return host;
    }

    /**
     * Address of where it is said whether a host's own port is free at the external address that it has, after {@link #hostLine}; 0 when
     * nothing can be said.
     */
    public long wantedLine(long at, int domain, int ca, int port, int protocol) {
        hosts.expect(Mem.i64(at));
        long host = hosts.find(domain, ca);
        long connection =
                host == 0 || HostUsage.ports(host) == 0 ? 0 : connections.get(HostUsage.connectionIndex(host));
        boolean known = connection != 0
                && NatEntry.portBlockSize(connection) == 0
                && NatEntry.deterministicHosts(connection) == 0;
        long map = known ? ports.find(NatEntry.externalIp(connection)) : 0;
        Mem.i64(at + 8, map);
        Mem.i64(at + 16, connection);
        return map == 0 ? 0 : ports.line(map, protocol, port);
    }

    /** Address of where it is said whether another port is free, which is drawn if the host's own is not, after {@link #wantedLine}; or 0. */
    public long drawnLine(long at, int port, int protocol) {
        long map = Mem.i64(at + 8);
        if (map == 0) {
            return 0;
        }
        long connection = Mem.i64(at + 16);
        int min = NatChoice.firstPort(connection);
        int max = NatEntry.portMax(connection);
        boolean free = port >= min && port <= max && ports.isLikelyFree(map, protocol, port);
        int drawn = free || min > max ? NONE : ports.draw(port, min, max);
        Mem.i32(at + 24, drawn);
        Mem.i32(at + 28, free ? port : drawn);
        return drawn == NONE ? 0 : ports.line(map, protocol, drawn);
    }

    /** Chooses the external endpoint that follows, after {@link #drawnLine}; false when nothing can be said. */
    public boolean guess(long at, int port, int protocol) {
        long map = Mem.i64(at + 8);
        if (map == 0 || Mem.i32(at + 28) == NONE) {
            return false;
        }
        long connection = Mem.i64(at + 16);
        external = NatEntry.externalIp(connection);
        externalPort = Mem.i32(at + 28);
        // Where many ports are taken the one that was drawn is, too, now and then.
        for (int i = 0; i < DRAWS_MORE && !ports.isLikelyFree(map, protocol, externalPort); i++) {
            externalPort = ports.draw(port, NatChoice.firstPort(connection), NatEntry.portMax(connection));
            Mem.i32(at + 24, externalPort);
        }
        return true;
    }

    /** The packet is at hand: what was found and drawn for it is used, once. */
    public void expect(long at) {
        hosts.expect(Mem.i64(at));
        ports.expect(Mem.i64(at + 8), Mem.i32(at + 24));
        clear(at);
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
