package net.nvgate.gateway.worker;

import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.kept.KeptResult;
import net.nvgate.gateway.nat.KeptMappings;
import net.nvgate.gateway.nat.Mappings;
import net.nvgate.gateway.nat.NatBindings;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatOneToOnes;
import net.nvgate.gateway.route.NatRuleEntry;
import net.nvgate.gateway.route.NatTable;
import org.jspecify.annotations.Nullable;

/** Makes one session of a row, see {@link net.nvgate.gateway.kept.KeptKind#SESSION}. */
final class KeptSessionMaker {

    private static final int KINDS = Session.STATIC | Session.ONE_TO_ONE | Session.IDENTITY | Session.BY_ADDRESS;
    private static final int NOTHING = -1;

    private final Sessions sessions;
    private final NatBindings bindings;
    private final KeptMappings mappings;
    private final NatTable nat;
    private final InsideHosts hosts;
    private final WorkerClock clock;
    private final long elapsedMs;
    private @Nullable SessionEvents listener;
    private long mapping;
    private long made;
    private String conflict = "";

    KeptSessionMaker(WorkerParts parts, KeptMappings mappings, long elapsedMs) {
        this.sessions = parts.sessions;
        this.bindings = parts.bindings;
        this.mappings = mappings;
        this.nat = parts.tables.nat;
        this.hosts = parts.hosts;
        this.clock = parts.clock;
        this.elapsedMs = elapsedMs;
    }

    /** Who keeps when sessions were made. */
    void listener(@Nullable SessionEvents to) {
        listener = to;
    }

    /** Whether an ALG read the session of a row. */
    static boolean reads(long row) {
        return (Mem.u8(row + 23) & Session.ALG) != 0;
    }

    /**
     * Sets whether policy has ended a row's session: its next packet would have found out, and so does who reads the row. The connection,
     * rule or pair that it was made by may be there again under the same name, but not for it: its endpoints may be others' by now.
     */
    static void ended(long row, boolean byPolicy) {
        Mem.u8(row + 26, byPolicy ? 1 : 0);
    }

    /** Outbound line of the session made last. */
    long made() {
        return made;
    }

    /** The session that was not made last, and what stood in its way, for people. */
    String conflict() {
        return conflict;
    }

    /** The second word of a row's key, of another domain. */
    static long inDomain(long key1, int domain) {
        return FlowKey.rest((int) (key1 >>> 32), domain, FlowKey.protocol(key1));
    }

    /**
     * Makes it, as it was but for what it has carried, which is counted anew.
     *
     * @param domain that its tenant has now
     * @param ca its host's, or the handle that that has now
     */
    KeptResult make(long row, int domain, int ca) {
        int external = Mem.i32(row + 16);
        int externalPort = Mem.u16(row + 20);
        int state = Mem.u8(row + 22);
        int flags = Mem.u8(row + 23) & (KINDS | Session.FROM_OUTSIDE);
        int remote = FlowKey.destination(Mem.i64(row));
        long key1 = inDomain(Mem.i64(row + 8), domain);
        int remotePort = FlowKey.destinationPort(key1);
        int protocol = FlowKey.protocol(key1);
        int generation = generation(key1, domain, ca, remote, external, externalPort, flags);
        if (generation == NOTHING || Mem.u8(row + 26) != 0) {
            return KeptResult.POLICY;
        }
        long idle = Mem.i32(row + 28) + elapsedMs;
        if (idle >= sessions.idleMsMax(protocol, state, external, externalPort, generation)) {
            return KeptResult.EXPIRED;
        }
        int port = FlowKey.sourcePort(key1);
        boolean bound = (flags & KINDS) == 0;
        if (bound && mapping == 0) {
            String obstacle = mappings.obstacle(domain, ca, port, protocol, external, externalPort);
            return obstacle == null ? KeptResult.NO_ROOM : conflict(row, ca, obstacle);
        }
        long inKey1 = FlowKey.rest(FlowKey.ports(remotePort, externalPort), FlowKey.OUTSIDE, protocol);
        long sameInside = sessions.find(FlowKey.addresses(ca, remote), key1);
        long sameOutside = sessions.find(FlowKey.addresses(remote, external), inKey1);
        if (sameInside != 0 || sameOutside != 0) {
            return conflict(row, ca, there(sameInside != 0 ? sameInside : sameOutside));
        }
        long line = sessions.create(
                domain, ca, port, remote, remotePort, external, externalPort, protocol, state, flags, generation);
        if (line == 0) {
            return KeptResult.NO_ROOM;
        }
        if (bound) {
            bindings.acquire(mapping, remote);
        }
        made = line;
        goesOn(line, row, (int) idle);
        if (!sessions.isBound(line)) {
            sessions.takeBack(line);
            return KeptResult.POLICY;
        }
        return KeptResult.RESTORED;
    }

    private KeptResult conflict(long row, int ca, String obstacle) {
        long key1 = Mem.i64(row + 8);
        int number = FlowKey.protocol(key1);
        String protocol = switch (number) {
            case Ipv4.TCP -> "TCP";
            case Ipv4.UDP -> "UDP";
            case Ipv4.ICMP -> "ICMP";
            default -> "protocol " + number;
        };
        Ipv4Address remote = new Ipv4Address(FlowKey.destination(Mem.i64(row)));
        Ipv4Address external = new Ipv4Address(Mem.i32(row + 16));
        conflict = protocol + " " + hosts.text(ca, FlowKey.sourcePort(key1)) + " to " + remote + ":"
                + FlowKey.destinationPort(key1) + " by " + external + ":" + Mem.u16(row + 20) + ": " + obstacle;
        return KeptResult.CONFLICT;
    }

    private String there(long line) {
        long session = Session.outbound(line);
        int ca = FlowKey.source(Session.key0(session));
        return "its endpoints are those of the session of "
                + hosts.text(ca, FlowKey.sourcePort(Session.key1(session))) + " by "
                + new Ipv4Address(Session.newAddress(session)) + ":" + Session.newPort(session);
    }

    private void goesOn(long line, long row, int idleMs) {
        long ageMs = Mem.i64(row + 40) + elapsedMs;
        Session.related(line, Mem.u8(row + 24) != 0);
        Session.windows(line, Mem.u8(row + 25), Mem.i32(row + 32), Mem.i32(row + 36));
        sessions.goesOn(line, idleMs, ageMs);
        if (listener != null) {
            listener.goesOn(line, clock.ms() - ageMs);
        }
    }

    /** Of what policy has now for what the session was made by; {@link #NOTHING} if it has nothing. Finds the mapping, too. */
    private int generation(long key1, int domain, int ca, int remote, int external, int externalPort, int flags) {
        int protocol = FlowKey.protocol(key1);
        int port = FlowKey.sourcePort(key1);
        if ((flags & Session.IDENTITY) != 0) {
            return 0;
        }
        if ((flags & Session.ONE_TO_ONE) != 0) {
            long pair = nat.oneToOnes.at(external);
            boolean same = pair != 0 && NatOneToOnes.rdid(pair) == domain && NatOneToOnes.internalIp(pair) == ca;
            return same ? NatOneToOnes.generation(pair) : NOTHING;
        }
        if ((flags & Session.STATIC) != 0) {
            boolean inbound = (flags & Session.FROM_OUTSIDE) != 0;
            long rule = inbound
                    ? nat.rules.at(external, protocol, externalPort, remote)
                    : nat.rules.inside(domain, ca, hosts.highOf(ca), hosts.lowOf(ca), protocol, port, remote);
            boolean same = rule != 0 && NatRuleEntry.externalIp(rule) == external;
            return same ? NatRuleEntry.generation(rule) : NOTHING;
        }
        if ((flags & Session.BY_ADDRESS) != 0) {
            long connection = nat.connections.first(external);
            return connection == 0 || NatEntry.rdid(connection) != domain ? NOTHING : NatEntry.generation(connection);
        }
        mapping = bindings.at(external, externalPort, protocol);
        if (mapping == 0
                || Mappings.domain(mapping) != domain
                || Mappings.ca(mapping) != ca
                || Mappings.port(mapping) != port) {
            mapping = 0;
            long connection = mappings.connection(domain, ca, external, externalPort);
            return connection == 0 ? NOTHING : NatEntry.generation(connection);
        }
        return Mappings.generation(mapping);
    }
}
