package net.nvgate.gateway.nat;

import java.io.IOException;
import java.util.function.IntPredicate;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.kept.KeptKind;
import net.nvgate.gateway.kept.KeptResult;
import net.nvgate.gateway.kept.KeptWriter;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;
import org.jspecify.annotations.Nullable;

/**
 * Writes the mappings and resting ports of a worker for the next process, and makes them again: each as it was, or not at all. One that
 * is made has its port for itself, as every mapping has. Used by the worker's thread, or when there is none.
 */
public final class KeptMappings {

    private static final int[] PROTOCOLS = {Ipv4.TCP, Ipv4.UDP, Ipv4.ICMP};
    private static final int PORTS = 1 << 16;
    /** Ports of a row of resting ones. */
    private static final int PORTS_PER_ROW = 512;

    private static final int FLAGS = Mappings.UNCLEAN | Mappings.DETERMINISTIC | (-1 << NatBindings.ORDER_SHIFT);

    private final NatConnections connections;
    private final Mappings mappings;
    private final PortMaps ports;
    private final PortBlocks blocks;
    private final Subscribers subscribers;
    private final InsideHosts hosts;
    private boolean full;

    KeptMappings(
            NatConnections connections,
            Mappings mappings,
            PortMaps ports,
            PortBlocks blocks,
            Subscribers subscribers,
            InsideHosts hosts) {
        this.connections = connections;
        this.mappings = mappings;
        this.ports = ports;
        this.blocks = blocks;
        this.subscribers = subscribers;
        this.hosts = hosts;
    }

    /** Writes all there are. */
    public void save(KeptWriter out) throws IOException {
        for (int i = 0; i < ports.touched(); i++) {
            int address = ports.addressOfResting(i);
            for (int protocol : PROTOCOLS) {
                for (int port = 0; address != 0 && port < PORTS; port += PORTS_PER_ROW) {
                    saveResting(out, i, address, protocol, port);
                }
            }
        }
        for (int i = 0; i < mappings.touched(); i++) {
            long mapping = mappings.address(i);
            if (Mappings.protocol(mapping) != 0) {
                long row = out.row(KeptKind.MAPPING);
                Mem.i64(row, Mem.i64(mapping));
                Mem.i64(row + 8, Mem.i64(mapping + 8));
                Mem.i32(row + 16, Mappings.externalPort(mapping));
                Mem.i32(row + 20, isOfHostsConnection(mapping) ? 1 : 0);
            }
        }
    }

    private void saveResting(KeptWriter out, int item, int address, int protocol, int first) throws IOException {
        long any = 0;
        for (int port = first; port < first + PORTS_PER_ROW; port += Long.SIZE) {
            any |= ports.resting(item, protocol, port);
        }
        if (any == 0) {
            return;
        }
        long row = out.row(KeptKind.RESTING);
        Mem.i32(row, address);
        Mem.i32(row + 4, protocol);
        Mem.i32(row + 8, first);
        for (int i = 0; i < PORTS_PER_ROW / Long.SIZE; i++) {
            Mem.i64(row + 16 + 8L * i, ports.resting(item, protocol, first + Long.SIZE * i));
        }
    }

    private boolean isOfHostsConnection(long mapping) {
        long host = subscribers.hosts().find(Mappings.domain(mapping), Mappings.ca(mapping));
        return host != 0
                && HostUsage.connectionIndex(host) == Mappings.connectionIndex(mapping)
                && (HostUsage.generation(host) & Mappings.SESSIONS_MAX) == Mappings.generation(mapping);
    }

    /**
     * Ports of a row rest again.
     *
     * @param mine whether the worker has the tenant of a domain; of an address that several tenants share all ports rest at each
     */
    public void rest(long row, IntPredicate mine, long nowMs) {
        long connection = connections.first(Mem.i32(row));
        if (connection == 0 || (!connections.isShared(Mem.i32(row)) && !mine.test(NatEntry.rdid(connection)))) {
            return;
        }
        for (int i = 0; i < PORTS_PER_ROW / Long.SIZE; i++) {
            long some = Mem.i64(row + 16 + 8L * i);
            if (some != 0) {
                ports.rest(Mem.i32(row), Mem.i32(row + 4), Mem.i32(row + 8) + Long.SIZE * i, some, nowMs);
            }
        }
    }

    /** Domain that a row's mapping had. */
    public static int domain(long row) {
        return FlowKey.domain(Mem.i64(row + 8));
    }

    /** Inside port that a row's mapping had. */
    public static int port(long row) {
        return FlowKey.sourcePort(Mem.i64(row + 8));
    }

    /** Protocol of a row's mapping. */
    public static int protocol(long row) {
        return FlowKey.protocol(Mem.i64(row + 8));
    }

    /** External address of a row's mapping. */
    public static int external(long row) {
        return FlowKey.destination(Mem.i64(row));
    }

    /** External port of a row's mapping. */
    public static int externalPort(long row) {
        return Mem.i32(row + 16);
    }

    /** Logarithm of the size of the block that its external port is of, 0 = it is of none. */
    public static int blockOrder(long row) {
        return flags(row) >>> NatBindings.ORDER_SHIFT;
    }

    private static int flags(long row) {
        return (int) (Mem.i64(row + 8) >>> 32) & 0xffff & FLAGS;
    }

    /** Inside address that a row's mapping had. */
    public static int ca(long row) {
        return FlowKey.source(Mem.i64(row));
    }

    /** The connection by which policy lets a host have an external port, 0 = none. */
    public long connection(int domain, int ca, int external, int externalPort) {
        long connection = connections.at(external, externalPort);
        boolean may = connection != 0
                && NatEntry.rdid(connection) == domain
                && connections.admits(domain, ca, hosts.highOf(ca), hosts.lowOf(ca), NatEntry.index(connection));
        return may ? connection : 0;
    }

    /**
     * What keeps an inside endpoint from having a mapping at an external port that policy lets it have, for people. Rows of mappings have
     * been read.
     *
     * @return null: nothing does, but some had no room
     */
    public @Nullable String obstacle(int domain, int ca, int port, int protocol, int external, int externalPort) {
        long there = mappings.findOutside(external, externalPort, protocol);
        if (there != 0) {
            return "the external port is that of " + hosts.text(Mappings.ca(there), Mappings.port(there));
        }
        there = mappings.find(domain, ca, port, protocol, external);
        if (there != 0) {
            return "the endpoint inside has external port " + Mappings.externalPort(there);
        }
        if (blocks.isAnothers(subscribers.hosts().find(domain, ca), external, externalPort)) {
            return "the external port is in another host's block";
        }
        return full ? null : "it had no mapping";
    }

    /**
     * Makes a row's mapping, which has no session yet.
     *
     * @param domain that its tenant has now
     * @param ca its host's, or the handle that that has now
     */
    public KeptResult restore(long row, int domain, int ca, long nowMs) {
        int external = external(row);
        int port = port(row);
        int protocol = protocol(row);
        int externalPort = externalPort(row);
        long connection = connection(domain, ca, external, externalPort);
        if (connection == 0) {
            return KeptResult.POLICY;
        }
        if (mappings.find(domain, ca, port, protocol, external) != 0) {
            return KeptResult.CONFLICT;
        }
        long host = subscribers.obtain(domain, ca);
        if (host == 0) {
            full = true;
            return KeptResult.NO_ROOM;
        }
        KeptResult result = make(host, connection, row, domain, ca, port, protocol, external, externalPort, nowMs);
        full |= result == KeptResult.NO_ROOM;
        if (result != KeptResult.RESTORED) {
            subscribers.dropIfUnused(domain, host);
        }
        return result;
    }

    private KeptResult make(
            long host,
            long connection,
            long row,
            int domain,
            int ca,
            int port,
            int protocol,
            int external,
            int externalPort,
            long nowMs) {
        int flags = flags(row);
        int order = blockOrder(row);
        int taken = ports.takeAgain(external, protocol, externalPort, nowMs);
        if (taken < 0) {
            return taken == PortMaps.NO_PORT ? KeptResult.CONFLICT : KeptResult.NO_ROOM;
        }
        if (order != 0 && !blocks.takeAgain(host, external, externalPort, order, nowMs)) {
            ports.release(external, protocol, externalPort, false, nowMs);
            return KeptResult.CONFLICT;
        }
        long mapping = mappings.create(domain, ca, port, protocol, external, externalPort);
        if (mapping == 0) {
            ports.release(external, protocol, externalPort, false, nowMs);
            if (order != 0) {
                blocks.released(host, external, externalPort, order, nowMs);
            }
            return KeptResult.NO_ROOM;
        }
        Mappings.owner(mapping, NatEntry.index(connection), NatEntry.generation(connection));
        Mappings.mark(mapping, flags);
        if (HostUsage.ports(host) == 0 || Mem.i32(row + 20) != 0) {
            HostUsage.connection(host, NatEntry.index(connection), NatEntry.generation(connection));
        }
        subscribers.portTaken(domain, host);
        return KeptResult.RESTORED;
    }
}
