package net.nvgate.gateway.nat;

import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatChoice;
import net.nvgate.gateway.route.NatConnections;
import net.nvgate.gateway.route.NatEntry;
import org.jspecify.annotations.Nullable;

/**
 * Which external endpoint an inside endpoint has.
 *
 * <pre>
 *  host ---> connection: the one it has already, else by the weight of policy's pool ---> mapping: the one there is, else a new one
 *                                                                    port: computed range, own block, or any of the connection's
 * </pre>
 *
 * A mapping is made by a session ({@link #bind}) or by somebody who asks for it ({@link #map}), and ends when it has neither sessions
 * nor a deadline to come. A method that fails says why in {@link #refusal}.
 */
public final class NatBindings {

    /** Other connections of the pool that a new host tries when the first has no port. */
    private static final int OTHERS_MAX = 4;

    static final int ORDER_SHIFT = 8;
    private static final int SWEEP = 16;

    private final NatConnections connections;
    private final Mappings mappings;
    private final PortMaps ports;
    private final PortBlocks blocks;
    private final Peers peers;
    private final Subscribers subscribers;
    private final InsideHosts hosts;
    private final NatChoice choice = new NatChoice();
    private @Nullable NatRefusal refusal;
    private int explicitMappings;
    private int swept;
    private boolean trial;
    private boolean poolExhausted;
    private @Nullable MappingEvents told;

    public NatBindings(
            NatConnections connections,
            Mappings mappings,
            PortMaps ports,
            PortBlocks blocks,
            Peers peers,
            Subscribers subscribers,
            InsideHosts hosts) {
        this.connections = connections;
        this.mappings = mappings;
        this.ports = ports;
        this.blocks = blocks;
        this.peers = peers;
        this.subscribers = subscribers;
        this.hosts = hosts;
    }

    /** Before the first packet: who wants to know which mappings are made and end. */
    public void tell(MappingEvents to) {
        told = to;
    }

    /**
     * The mapping of an inside endpoint for one more session; it is made if there is none.
     *
     * @return a mapping for the static readers of {@link Mappings}; 0 = refused, see {@link #refusal}
     */
    public long bind(int domain, int ca, int port, int protocol, int remote, long nowMs) {
        long mapping = obtain(domain, ca, port, protocol, port, nowMs);
        if (mapping != 0) {
            acquire(mapping, remote);
        }
        return mapping;
    }

    /** The connection that a mapping was made under, 0 = it is gone; another one may have its number by now: its generation tells. */
    public long connectionOf(long mapping) {
        return connections.get(Mappings.connectionIndex(mapping));
    }

    /** One more session uses a mapping, as {@link #bind} does it. */
    public void acquire(long mapping, int remote) {
        Mappings.sessions(mapping, Mappings.sessions(mapping) + 1);
        long connection = connections.get(Mappings.connectionIndex(mapping));
        if (connection != 0 && NatEntry.filtering(connection) == NatEntry.ADDRESS_DEPENDENT) {
            peers.add(
                    Mappings.externalAddress(mapping),
                    Mappings.externalPort(mapping),
                    Mappings.protocol(mapping),
                    Mappings.generation(mapping),
                    remote);
        }
    }

    /**
     * One session of a mapping has ended.
     *
     * @param generation of the connection it was bound under
     * @param clean both sides have said that they are done: nothing more will come
     */
    public void unbind(
            int domain,
            int ca,
            int port,
            int protocol,
            int external,
            int externalPort,
            int generation,
            int remote,
            boolean clean,
            long nowMs) {
        peers.remove(external, externalPort, protocol, generation, remote);
        long mapping = mappings.find(domain, ca, port, protocol, external);
        if (mapping == 0 || Mappings.generation(mapping) != generation) {
            // Its mapping had to give way to one of another connection.
            return;
        }
        if (!clean && !trial) {
            Mappings.mark(mapping, Mappings.UNCLEAN);
        }
        Mappings.sessions(mapping, Mappings.sessions(mapping) - 1);
        endIfUnused(mapping, nowMs);
    }

    /** The mapping that has an external port, 0 = none. Whether policy still allows it is the caller's to ask. */
    public long at(int external, int externalPort, int protocol) {
        return mappings.findOutside(external, externalPort, protocol);
    }

    /** Whether a mapping lets in what no session knows (RFC 4787 REQ-8, RFC 5382 REQ-3); who asked for a mapping wants callers. */
    public boolean admits(long mapping, int remote) {
        long connection = connections.get(Mappings.connectionIndex(mapping));
        if (connection == 0 || NatEntry.generation(connection) != Mappings.generation(mapping)) {
            return false;
        }
        if (Mappings.isExplicit(mapping)) {
            return true;
        }
        return switch (NatEntry.filtering(connection)) {
            case NatEntry.ENDPOINT_INDEPENDENT -> true;
            case NatEntry.ADDRESS_DEPENDENT ->
                peers.has(
                        Mappings.externalAddress(mapping),
                        Mappings.externalPort(mapping),
                        Mappings.protocol(mapping),
                        Mappings.generation(mapping),
                        remote);
            default -> false;
        };
    }

    /**
     * Makes an explicit mapping, or prolongs it (RFC 6887 MAP): it lets everybody in and stays until its deadline, with or without
     * sessions. An inside endpoint that has a mapping keeps its external port.
     *
     * @param wanted external port asked for; it is given if it is free
     * @param deadlineMs on the worker's clock, after now
     * @return the mapping; 0 = refused, see {@link #refusal}
     */
    public long map(int domain, int ca, int port, int protocol, int wanted, long deadlineMs, long nowMs) {
        long there = mappingOf(domain, ca, port, protocol);
        boolean prolonged = there != 0 && Mappings.isExplicit(there);
        if (!prolonged && isExplicitShareUsedUp(TenantUsage.tenant(domain))) {
            refuse(domain, NatRefusal.TENANT_SHARE);
            return 0;
        }
        long mapping = obtain(domain, ca, port, protocol, wanted, nowMs);
        if (mapping == 0) {
            return 0;
        }
        boolean isNew = !Mappings.isExplicit(mapping);
        if (!mappings.explicit(mapping, deadlineMs)) {
            endIfUnused(mapping, nowMs);
            refuse(domain, NatRefusal.MAPPINGS_FULL);
            return 0;
        }
        if (isNew) {
            countExplicit(domain, 1);
        }
        return mapping;
    }

    /**
     * As {@link #map}, of a mapping that is there, whatever its tenant has: it was explicit before a restart.
     *
     * @return false if there is no room
     */
    public boolean mapAgain(long mapping, long deadlineMs) {
        boolean isNew = !Mappings.isExplicit(mapping);
        if (!mappings.explicit(mapping, deadlineMs)) {
            return false;
        }
        countExplicit(Mappings.domain(mapping), isNew ? 1 : 0);
        return true;
    }

    /** What a tenant has already stays its own however many others ask for. */
    private boolean isExplicitShareUsedUp(int tenant) {
        int free = mappings.explicitMax() - explicitMappings;
        return subscribers.tenants().explicitMappings(tenant) >= (long) Subscribers.SHARE * free;
    }

    /** Ends an explicit mapping before its deadline (RFC 6887: lifetime 0); it stays while it has sessions. */
    public void unmap(long mapping, long nowMs) {
        if (Mappings.isExplicit(mapping)) {
            mappings.implicit(mapping);
            countExplicit(Mappings.domain(mapping), -1);
            endIfUnused(mapping, nowMs);
        }
    }

    /** When an explicit mapping ends, ms of the worker's clock; 0 = it is not explicit. */
    public long deadline(long mapping) {
        return mappings.deadline(mapping);
    }

    /** The mapping that an inside endpoint has now at the connection it leaves by; 0 = none. */
    public long mappingOf(int domain, int ca, int port, int protocol) {
        if (!choose(domain, ca)) {
            return 0;
        }
        long mapping = mappings.find(domain, ca, port, protocol, NatEntry.externalIp(choice.entry()));
        return mapping != 0 && Mappings.generation(mapping) == NatEntry.generation(choice.entry()) ? mapping : 0;
    }

    /** Every millisecond or so: ends explicit mappings whose time has come or whose connection is gone, and lets ports rest. */
    public int keepHouse(int limit, long nowMs) {
        int ended = 0;
        for (long mapping; ended < limit && (mapping = mappings.pollExpired(nowMs)) != 0; ended++) {
            countExplicit(Mappings.domain(mapping), -1);
            endIfUnused(mapping, nowMs);
        }
        for (int i = 0; i < SWEEP && mappings.touched() > 0; i++) {
            swept = (swept + 1) % mappings.touched();
            long mapping = mappings.address(swept);
            if (Mappings.protocol(mapping) != 0 && Mappings.isExplicit(mapping) && !isCurrent(mapping)) {
                unmap(mapping, nowMs);
            }
        }
        ports.sweep(nowMs);
        return ended;
    }

    private void countExplicit(int domain, int change) {
        explicitMappings += change;
        subscribers.tenants().explicitMappings(domain, change);
    }

    private boolean isCurrent(long mapping) {
        long connection = connections.at(Mappings.externalAddress(mapping), Mappings.externalPort(mapping));
        return connection != 0 && NatEntry.generation(connection) == Mappings.generation(mapping);
    }

    private long obtain(int domain, int ca, int port, int protocol, int wanted, long nowMs) {
        refusal = null;
        poolExhausted = false;
        boolean kept = keeps(domain, ca);
        if (!kept && !choose(domain, ca, NatChoice.NO_LIMIT)) {
            boolean some = connections.has(TenantUsage.tenant(domain));
            refuse(domain, some ? NatRefusal.SOURCE_NOT_SERVED : NatRefusal.NO_CONNECTION);
            return 0;
        }
        for (int others = 0; ; others++) {
            long mapping = current(domain, ca, port, protocol, nowMs);
            if (mapping == 0) {
                mapping = make(domain, ca, port, protocol, wanted, nowMs);
            }
            boolean again = mapping == 0 && refusal == NatRefusal.PORTS_EXHAUSTED && !kept && others < OTHERS_MAX;
            poolExhausted = again && !choose(domain, ca, choice.weight());
            if (!again || poolExhausted) {
                if (mapping == 0 && refusal != null) {
                    tellRefused(domain, refusal);
                }
                return mapping;
            }
        }
    }

    private boolean choose(int domain, int ca) {
        return keeps(domain, ca) || choose(domain, ca, NatChoice.NO_LIMIT);
    }

    private boolean choose(int domain, int ca, long limit) {
        return connections.choose(domain, ca, hosts.highOf(ca), hosts.lowOf(ca), limit, choice);
    }

    /** Whether a host has ports at a connection of its pool: then it stays there (RFC 4787 REQ-2). */
    private boolean keeps(int domain, int ca) {
        long host = subscribers.hosts().find(domain, ca);
        if (host == 0 || HostUsage.ports(host) == 0) {
            return false;
        }
        long connection = connections.get(HostUsage.connectionIndex(host));
        return connection != 0
                && NatEntry.generation(connection) == HostUsage.generation(host)
                && connections.keep(domain, ca, hosts.highOf(ca), hosts.lowOf(ca), connection, choice);
    }

    /** The mapping there is; one of a connection that is gone ends, also while sessions of then are left: nobody inherits it. */
    private long current(int domain, int ca, int port, int protocol, long nowMs) {
        long connection = choice.entry();
        long mapping = mappings.find(domain, ca, port, protocol, NatEntry.externalIp(connection));
        if (mapping != 0 && Mappings.generation(mapping) != NatEntry.generation(connection)) {
            if (Mappings.isExplicit(mapping)) {
                mappings.implicit(mapping);
                countExplicit(domain, -1);
            }
            Mappings.mark(mapping, Mappings.UNCLEAN);
            // It is gone in truth, also when a trial finds it.
            boolean quiet = trial;
            trial = false;
            end(mapping, nowMs);
            trial = quiet;
            return 0;
        }
        return mapping;
    }

    private long make(int domain, int ca, int port, int protocol, int wanted, long nowMs) {
        refusal = subscribers.admitPort(domain, ca);
        if (refusal != null) {
            return 0;
        }
        long host = subscribers.obtain(domain, ca);
        if (host == 0) {
            refusal = NatRefusal.HOSTS_FULL;
            return 0;
        }
        long connection = choice.entry();
        int external = NatEntry.externalIp(connection);
        int blockSize = choice.isDeterministic() ? 0 : NatEntry.portBlockSize(connection);
        int order = Integer.numberOfTrailingZeros(Math.max(1, blockSize));
        int given = blockSize == 0
                ? ports.take(external, protocol, wanted, choice.portMin(), choice.portMax(), nowMs)
                : blocks.take(host, external, protocol, wanted, choice.portMin(), choice.portMax(), order, nowMs);
        long mapping = given < 0 ? 0 : mappings.create(domain, ca, port, protocol, external, given);
        if (mapping == 0) {
            refusal = given == PortMaps.NO_PORT ? NatRefusal.PORTS_EXHAUSTED : NatRefusal.MAPPINGS_FULL;
            if (given >= 0) {
                releasePort(host, external, protocol, given, order, false, nowMs);
            }
            subscribers.dropIfUnused(domain, host);
            return 0;
        }
        Mappings.owner(mapping, NatEntry.index(connection), NatEntry.generation(connection));
        Mappings.mark(mapping, (choice.isDeterministic() ? Mappings.DETERMINISTIC : 0) | order << ORDER_SHIFT);
        HostUsage.connection(host, NatEntry.index(connection), NatEntry.generation(connection));
        if (told != null && !trial) {
            if (HostUsage.ports(host) == 0) {
                told.tell(MappingEvents.Kind.BOUND, mapping, nowMs);
            }
            told.tell(MappingEvents.Kind.MADE, mapping, nowMs);
        }
        subscribers.portTaken(domain, host);
        return mapping;
    }

    private void endIfUnused(long mapping, long nowMs) {
        if (Mappings.sessions(mapping) == 0 && !Mappings.isExplicit(mapping)) {
            end(mapping, nowMs);
        }
    }

    /** RFC 6888 REQ-8: a port rests, but for TCP that was seen to close and for a host's own computed range. */
    private void end(long mapping, long nowMs) {
        int domain = Mappings.domain(mapping);
        int protocol = Mappings.protocol(mapping);
        long host = subscribers.hosts().find(domain, Mappings.ca(mapping));
        boolean rests = !trial
                && !Mappings.is(mapping, Mappings.DETERMINISTIC)
                && (protocol != Ipv4.TCP || Mappings.is(mapping, Mappings.UNCLEAN));
        int order = Mappings.flags(mapping) >>> ORDER_SHIFT;
        releasePort(
                host, Mappings.externalAddress(mapping), protocol, Mappings.externalPort(mapping), order, rests, nowMs);
        if (told != null && !trial) {
            told.tell(MappingEvents.Kind.ENDED, mapping, nowMs);
            if (HostUsage.ports(host) == 1) {
                told.tell(MappingEvents.Kind.UNBOUND, mapping, nowMs);
            }
        }
        mappings.remove(mapping);
        subscribers.portFreed(domain, host);
    }

    private void releasePort(long host, int external, int protocol, int port, int order, boolean rests, long nowMs) {
        ports.release(external, protocol, port, rests, nowMs);
        if (order != 0) {
            blocks.released(host, external, port, order, nowMs);
        }
    }

    private void refuse(int domain, NatRefusal why) {
        refusal = why;
        tellRefused(domain, why);
    }

    private void tellRefused(int domain, NatRefusal why) {
        if (!trial) {
            subscribers.refused(domain, why);
        }
    }

    /** What is bound and unbound from now on is for no packet: nobody is told, and no port rests after it. Or that is over. */
    public void trial(boolean on) {
        trial = on;
        blocks.events().mute(on);
    }

    /** Why the last method that failed did. */
    public @Nullable NatRefusal refusal() {
        return refusal;
    }

    /** Whether the last refusal for want of ports was one of every external address that the host may have, not only of the one it has. */
    public boolean isPoolExhausted() {
        return poolExhausted;
    }

    public Subscribers subscribers() {
        return subscribers;
    }

    /** Any thread: port maps, for how full external addresses are. */
    public PortMaps ports() {
        return ports;
    }

    /** Mappings in use. */
    public int used() {
        return mappings.used();
    }

    /** Blocks of ports that hosts have. */
    public int blocksUsed() {
        return blocks.used();
    }

    /** For one other thread: what blocks were given to whom. */
    public PortBlockEvents blockEvents() {
        return blocks.events();
    }

    /** Remote addresses counted for address-dependent filtering. */
    public int peersUsed() {
        return peers.used();
    }

    /** What will be read for new sessions. */
    public BindingsAhead ahead() {
        return new BindingsAhead(connections, mappings, ports, subscribers.hosts());
    }

    /** For the worker, before its first packet and after its last one. */
    public KeptMappings kept() {
        return new KeptMappings(connections, mappings, ports, blocks, subscribers, hosts);
    }

    /** Ends what neither sessions nor anybody who asked for it have; for mappings that were made before their sessions. */
    public void endUnused(long nowMs) {
        for (int i = 0; i < mappings.touched(); i++) {
            long mapping = mappings.address(i);
            if (Mappings.protocol(mapping) != 0) {
                endIfUnused(mapping, nowMs);
            }
        }
    }

    /** For one other thread. */
    public MappingReader reader() {
        return new MappingReader(mappings);
    }
}
