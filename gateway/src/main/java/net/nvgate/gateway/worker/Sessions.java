package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.FlowTable;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.nat.Mappings;
import net.nvgate.gateway.nat.NatBindings;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.OwnAddresses;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.talkers.SessionTraffic;
import org.jspecify.annotations.Nullable;

/** The life of a session: made by its first packet, led to its way again when policy changes, ended by its timer. */
final class Sessions {

    private static final int LOOKED_AT_FOR_ROOM = 64;

    private final FlowTable flows;
    private final NatBindings bindings;
    private final SessionTimers timers;
    private final RouteTables tables;
    private final SessionPolicy policy;
    private final Adjacencies adjacencies;
    private final TenantRoutes routes;
    private final InsideHosts hosts;
    private final Alg alg;
    private final AclGate acl;
    private final SessionLimits limits;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final Events events;
    private final SessionTraffic traffic;
    private @Nullable SessionEvents told;
    private @Nullable Trial trial;
    private long roomMissingAtMs = Long.MIN_VALUE;

    Sessions(
            FlowTable flows,
            NatBindings bindings,
            SessionTimers timers,
            RouteTables tables,
            Adjacencies adjacencies,
            TenantRoutes routes,
            InsideHosts hosts,
            Alg alg,
            AclGate acl,
            SessionLimits limits,
            WorkerClock clock,
            WorkerCounters counters,
            Events events,
            SessionTraffic traffic) {
        this.flows = flows;
        this.bindings = bindings;
        this.timers = timers;
        this.tables = tables;
        this.policy = new SessionPolicy(tables, hosts);
        this.adjacencies = adjacencies;
        this.routes = routes;
        this.hosts = hosts;
        this.alg = alg;
        this.acl = acl;
        this.limits = limits;
        this.clock = clock;
        this.counters = counters;
        this.events = events;
        this.traffic = traffic;
    }

    /** Before the first packet: who wants to know what is made and ends. */
    void tell(@Nullable SessionEvents to) {
        told = to;
    }

    /** Who takes sessions back that are made from now on; null: they are real. */
    void trial(@Nullable Trial maker) {
        trial = maker;
    }

    /** Ends a session, by its outbound line, that nobody has been told of. */
    void takeBack(long session) {
        SessionEvents listener = muted();
        remove(session);
        told = listener;
    }

    /** The line with a key, found anew; 0 when there is none. */
    long find(long hash, long key0, long key1) {
        return flows.index().find(hash, key0, key1);
    }

    /** As {@link #find(long, long, long)}. */
    long find(long key0, long key1) {
        return find(flows.index().hash(key0, key1), key0, key1);
    }

    int removals() {
        return flows.removals();
    }

    /**
     * Makes a session. The external tuple must be free, see {@link #isTupleFree}.
     *
     * @param flags {@link Session#STATIC}, {@link Session#ONE_TO_ONE}, {@link Session#IDENTITY} or none of them for a mapping's;
     *     {@link Session#FROM_OUTSIDE}
     * @param generation of the connection or 1:1 pair of the external address
     * @return its outbound line, 0 when the table of sessions or that of hosts is full
     */
    long create(
            int domain,
            int ca,
            int port,
            int remote,
            int remotePort,
            int external,
            int externalPort,
            int protocol,
            int state,
            int flags,
            int generation) {
        return create(
                domain,
                ca,
                port,
                remote,
                remotePort,
                external,
                externalPort,
                protocol,
                state,
                flags,
                generation,
                idleMsMax(protocol, state, external, externalPort, generation));
    }

    /** Of a session to be made by a mapping: how long it may live without packets, ms. */
    int idleMsMax(int protocol, int state, long mapping) {
        return timers.idleMsMax(protocol, state, bindings.connectionOf(mapping), Mappings.generation(mapping));
    }

    /** As {@link #create(int, int, int, int, int, int, int, int, int, int, int)}; {@code idleMsMax}: how long it may live without packets. */
    long create(
            int domain,
            int ca,
            int port,
            int remote,
            int remotePort,
            int external,
            int externalPort,
            int protocol,
            int state,
            int flags,
            int generation,
            int idleMsMax) {
        if (!bindings.subscribers().sessionStarted(domain, ca, clock.nanos())) {
            return 0;
        }
        long outKey1 = FlowKey.rest(FlowKey.ports(port, remotePort), domain, protocol);
        long inKey1 = FlowKey.rest(FlowKey.ports(remotePort, externalPort), FlowKey.OUTSIDE, protocol);
        long outKey0 = FlowKey.addresses(ca, remote);
        long inKey0 = FlowKey.addresses(remote, external);
        long line = flows.create(outKey0, outKey1, inKey0, inKey1, state, clock.ms() + idleMsMax);
        if (line == 0) {
            bindings.subscribers().sessionEnded(domain, ca);
            return 0;
        }
        counters.add(WorkerCounter.SESSIONS_CREATED, 1);
        if (InsideHosts.isHandle(ca)) {
            hosts.acquire(ca);
        }
        long inbound = Session.other(line);
        int made = flags & ~Session.FROM_OUTSIDE;
        int all = flags | alg.flag(protocol, port, remotePort, external, externalPort, made, generation);
        Session.flags(line, all);
        Session.flags(inbound, all);
        Session.natGeneration(line, generation);
        Session.related(line, false);
        Session.domain(inbound, domain);
        Session.lastUsedMs(line, (int) clock.ms());
        Session.lastUsedMs(inbound, (int) clock.ms());
        int address = Checksum.delta32(ca, external);
        int portDelta = Checksum.delta16(port, externalPort);
        // The pseudo header of TCP and UDP has the addresses, ICMP has none.
        int l4 = protocol == Ipv4.ICMP ? portDelta : Checksum.add(address, portDelta);
        // A ping from outside has its identifier for the remote port: it stays what it is.
        boolean identifierStays = protocol == Ipv4.ICMP && externalPort == 0;
        int newPort = identifierStays ? remotePort : externalPort;
        Session.rewrite(line, external, newPort, Checksum.add(address, Checksum.TTL_DECREMENT), l4);
        Session.rewrite(
                inbound,
                ca,
                identifierStays ? remotePort : port,
                Checksum.add(Checksum.delta32(external, ca), Checksum.TTL_DECREMENT),
                protocol == Ipv4.ICMP
                        ? Checksum.delta16(externalPort, port)
                        : Checksum.add(Checksum.delta32(external, ca), Checksum.delta16(externalPort, port)));
        int stale = adjacencies.epoch(domain) - 1;
        Session.resolved(line, -1, stale);
        Session.resolved(inbound, -1, stale);
        if (trial != null) {
            trial.made(line);
            return line;
        }
        flows.completed(line, clock.ms());
        if (told != null) {
            told.made(line);
        }
        return line;
    }

    /**
     * A session just made was there before a restart: its timer goes on, and nobody is told that it is made, see {@link #muted}.
     *
     * @param ageMs since it was made
     */
    void goesOn(long line, int idleMs, long ageMs) {
        long now = clock.ms();
        Session.lastUsedMs(line, (int) now - idleMs);
        Session.lastUsedMs(Session.other(line), (int) now - idleMs);
        flows.reschedule(line, now - idleMs + timers.idleMsMax(line));
        flows.completed(line, now - ageMs);
        if (told != null) {
            told.goesOn(line, now - ageMs);
        }
    }

    /** From now on nobody is told what is made and ends; who would have been, for {@link #tell}. */
    @Nullable
    SessionEvents muted() {
        SessionEvents listener = told;
        told = null;
        return listener;
    }

    /** How long a session lives without packets, ms; as {@link SessionTimers#idleMsMax(int, int, int, int, int)}. */
    int idleMsMax(int protocol, int state, int external, int externalPort, int generation) {
        return timers.idleMsMax(protocol, state, external, externalPort, generation);
    }

    /** Whether no session has an external tuple with a remote endpoint; one whose rule or connection is gone gives way. */
    boolean isTupleFree(int remote, int remotePort, int external, int externalPort, int protocol) {
        long key0 = FlowKey.addresses(remote, external);
        long key1 = FlowKey.rest(FlowKey.ports(remotePort, externalPort), FlowKey.OUTSIDE, protocol);
        long line = flows.index().find(flows.index().hash(key0, key1), key0, key1);
        if (line == 0) {
            return true;
        }
        long session = Session.outbound(line);
        return ends(session);
    }

    /**
     * Leads a session's outbound packets to their way again.
     *
     * @return false when the session is gone or no longer the way of its packets: they must be routed as new
     */
    boolean resolveOutbound(long line) {
        counters.add(WorkerCounter.RESOLVED_AGAIN, 1);
        int domain = FlowKey.domain(Session.key1(line));
        int epoch = adjacencies.epoch(domain);
        if (ends(line)) {
            return false;
        }
        int remote = FlowKey.destination(Session.key0(line));
        boolean fromHandle = InsideHosts.isHandle(FlowKey.source(Session.key0(line)));
        if (!fromHandle && !routes.leadsOut(domain, remote)) {
            return false;
        }
        lead(line, domain, remote, routes.outerSource(domain, FlowKey.source(Session.key0(line))), epoch);
        return true;
    }

    /**
     * As {@link #resolveOutbound}, for a session that its first packet has just made: where that goes and whether it may is known.
     *
     * @param outerSource see {@link TenantRoutes#outerSource}
     * @param epoch of before anything was looked up
     */
    void resolveMade(long line, int outerSource, int epoch) {
        counters.add(WorkerCounter.RESOLVED_AGAIN, 1);
        lead(line, FlowKey.domain(Session.key1(line)), FlowKey.destination(Session.key0(line)), outerSource, epoch);
    }

    private void lead(long line, int domain, int remote, int outerSource, int epoch) {
        Session.providerAddress(line, outerSource);
        boolean hairpin = (tables.ownAddresses.kinds(remote) & (OwnAddresses.NAT | OwnAddresses.EXTERNAL)) != 0;
        int flags = Session.flags(line) & ~Session.HAIRPIN;
        Session.flags(line, limited(domain, hairpin ? flags | Session.HAIRPIN : flags));
        Session.nic(line, limits.renew(Meters.OUTBOUND, domain, FlowKey.source(Session.key0(line))));
        Session.resolved(
                line,
                hairpin
                        ? -1
                        : adjacencies.toExternal(remote, Multipath.entropy(Session.key0(line), Session.key1(line))),
                epoch);
    }

    /** Leads a session's inbound packets to their way again; false when the session is gone. */
    boolean resolveInbound(long line) {
        counters.add(WorkerCounter.RESOLVED_AGAIN, 1);
        long session = Session.outbound(line);
        if (ends(session)) {
            return false;
        }
        int domain = Session.domain(line);
        int epoch = adjacencies.epoch(domain);
        int flags = limited(domain, Session.flags(line) & ~Session.LIMITED_VIA);
        int ca = Session.newAddress(line);
        int number = routes.toward(domain, ca, Multipath.entropy(Session.key0(line), Session.key1(line)));
        int nic = limits.renew(Meters.INBOUND, domain, ca);
        if (number >= 0 && Adjacency.isToward(adjacencies.address(number), domain, ca)) {
            Adjacency.nic(adjacencies.address(number), nic);
        } else if ((flags & Session.LIMITED) != 0) {
            flags |= Session.LIMITED_VIA;
        }
        Session.flags(line, flags);
        Session.resolved(line, number, epoch);
        return true;
    }

    private int limited(int domain, int flags) {
        return limits.limits(domain) ? flags | Session.LIMITED : flags & ~Session.LIMITED;
    }

    /** Moves a TCP session to another state, and its timer if that is a shorter one. */
    void changeTcpState(long line, int next) {
        long session = Session.outbound(line);
        int before = timers.idleMsMax(session);
        Session.state(line, next);
        int after = timers.idleMsMax(session);
        if (after < before) {
            flows.reschedule(session, clock.ms() + after);
        }
    }

    /** Ends the session with a number and a stamp, if it is still there: an administrator wants it. */
    boolean end(int item, long stamp) {
        boolean there = flows.stampOf(item) == stamp;
        if (there) {
            remove(flows.session(item));
        }
        return there;
    }

    /** Ends sessions whose time has come; at most {@code limit} timers are looked at. */
    int expire(int limit) {
        int looked = 0;
        while (looked < limit) {
            long session = flows.pollTimer(clock.ms());
            if (session == 0) {
                return looked;
            }
            looked++;
            int idle = Session.idleMs(session, (int) clock.ms());
            int idleMax = timers.idleMsMax(session);
            if (idle < idleMax) {
                flows.scheduleFired(session, clock.ms() - idle + idleMax);
            } else {
                unbind(session, true);
                flows.removeFired(session, clock.ms());
            }
        }
        return looked;
    }

    /**
     * Whether there is room for one more session of a tenant's host, which an expired one may have to make. To be asked before the
     * external tuple is.
     */
    boolean hasRoom(int domain, int ca, int protocol) {
        if (flows.used() < flows.capacity() || makeRoom()) {
            return true;
        }
        events.report(EventKind.FLOW_TABLE_FULL, domain, ca, 0, protocol);
        return false;
    }

    /**
     * Ends sessions whose time has come but not yet their timer's turn, the longest unused first; a living one never gives way (RFC 6888
     * REQ-11). They are found in the timer wheel, so that a full table costs a bounded look per millisecond.
     */
    private boolean makeRoom() {
        if (roomMissingAtMs == clock.ms()) {
            return false;
        }
        if (expire(LOOKED_AT_FOR_ROOM) > 0 && flows.used() < flows.capacity()) {
            return true;
        }
        long oldest = 0;
        int oldestIdle = 0;
        long session = flows.dueNext(0);
        for (int i = 0; i < LOOKED_AT_FOR_ROOM && session != 0; i++) {
            int idle = Session.idleMs(session, (int) clock.ms());
            if (idle > oldestIdle && idle >= timers.idleMsMax(session)) {
                oldest = session;
                oldestIdle = idle;
            }
            session = flows.dueNext(session);
        }
        if (oldest == 0) {
            roomMissingAtMs = clock.ms();
            return false;
        }
        remove(oldest);
        return true;
    }

    int used() {
        return flows.used();
    }

    /** Sessions there is room for. */
    int free() {
        return flows.capacity() - flows.used();
    }

    private void remove(long session) {
        unbind(session, false);
        flows.remove(session);
    }

    private void unbind(long session, boolean expired) {
        Trial paused = pause(session);
        release(session, expired);
        goOn(paused);
    }

    /** A session that is no trial's ends in truth, also when a trial finds it. By the outbound line; what {@link #goOn} needs. */
    private @Nullable Trial pause(long session) {
        Trial current = trial;
        if (current == null || current.hasMade(session)) {
            return null;
        }
        current.pause(this);
        return current;
    }

    private void goOn(@Nullable Trial paused) {
        if (paused != null) {
            paused.goOn(this);
        }
    }

    private void release(long session, boolean expired) {
        counters.add(WorkerCounter.SESSIONS_ENDED, 1);
        if (told != null) {
            told.ended(session, expired);
        }
        if (trial == null) {
            // First it is gone for those who look, then it is among the ended: nobody counts it twice.
            flows.ending(session);
            traffic.ended(session);
        }
        long key1 = Session.key1(session);
        int domain = FlowKey.domain(key1);
        int ca = FlowKey.source(Session.key0(session));
        int protocol = FlowKey.protocol(key1);
        if (InsideHosts.isHandle(ca)) {
            hosts.release(ca, (int) clock.ms());
        }
        if ((Session.flags(session) & Session.ALG) != 0) {
            alg.ended(session);
        }
        if ((Session.flags(session) & (Session.STATIC | Session.ONE_TO_ONE | Session.IDENTITY | Session.BY_ADDRESS))
                == 0) {
            bindings.unbind(
                    domain,
                    ca,
                    FlowKey.sourcePort(key1),
                    protocol,
                    Session.newAddress(session),
                    Session.newPort(session),
                    Session.natGeneration(session),
                    FlowKey.destination(Session.key0(session)),
                    protocol == Ipv4.TCP && Session.state(session) == SessionState.CLOSING,
                    clock.ms());
        }
        bindings.subscribers().sessionEnded(domain, ca);
    }

    /** Whether policy still has what a session was made by, see {@link SessionPolicy}; by the outbound line. */
    boolean isBound(long session) {
        return policy.allows(session) && acl.allows(session);
    }

    /** Whether a session ends because of policy: what it was made by is gone, or port ACLs no longer allow it. By the outbound line. */
    private boolean ends(long session) {
        if (!policy.allows(session)) {
            remove(session);
            return true;
        }
        return cutIfDenied(session);
    }

    /** Ends a session that port ACLs no longer allow, by its outbound line; whether it has. */
    private boolean cutIfDenied(long session) {
        if (acl.allows(session)) {
            return false;
        }
        Trial paused = pause(session);
        acl.cut(session);
        counters.add(WorkerCounter.ACL_SESSIONS_CUT, 1);
        remove(session);
        goOn(paused);
        return true;
    }

    /** Ends those of some places in the table that port ACLs no longer allow; the place after them. */
    int cutDenied(int place, int limit) {
        int end = Math.min(flows.touched(), place + limit);
        for (; place < end; place++) {
            long session = flows.at(place);
            if (session != 0) {
                cutIfDenied(session);
            }
        }
        return place;
    }

    /** Places of the table that were ever in use. */
    int places() {
        return flows.touched();
    }
}
