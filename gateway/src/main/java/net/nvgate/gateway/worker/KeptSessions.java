package net.nvgate.gateway.worker;

import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import net.nvgate.gateway.alg.ControlConnections;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.FlowTable;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.kept.KeptFile;
import net.nvgate.gateway.kept.KeptKind;
import net.nvgate.gateway.kept.KeptResult;
import net.nvgate.gateway.kept.KeptSource;
import net.nvgate.gateway.kept.KeptWriter;
import net.nvgate.gateway.nat.KeptMappings;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.route.Quiescence;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a worker beyond the life of the process: written when its loop has ended, made again before its first packet. A session is
 * made as by a first packet, except for quotas: under the policy at hand, for endpoints and a port that nobody else has. So the file's
 * workers may have been more or fewer: each takes the rows of the tenants that it has now.
 */
final class KeptSessions implements KeptFile.Rows {

    private static final int ROWS_PER_PASS = 256;
    private static final int GONE = 0;

    private final WorkerParts parts;
    private final int self;
    private final int workers;
    private final KeptSource source;
    private final int[] domains;
    private final long elapsedMs;
    private final BooleanSupplier stopped;
    private final Quiescence quiescence;
    private final int quiescenceSlot;
    private final KeptMappings mappings;
    private final KeptSessionMaker maker;
    private final Map<Integer, Integer> handles = new HashMap<>();
    /** Rows of control connections by their sessions, which may have to be taken back. */
    private final Map<Long, Integer> controls = new HashMap<>();

    private final long[] results = new long[KeptResult.values().length];
    private final BitSet living = new BitSet();
    private int rows;

    /**
     * @param self number of the worker, of so many
     * @param source of the file, which is told of conflicts
     * @param elapsedMs since it was written
     */
    KeptSessions(
            WorkerParts parts,
            int self,
            int workers,
            KeptSource source,
            long elapsedMs,
            BooleanSupplier stopped,
            Quiescence quiescence,
            int quiescenceSlot) {
        this.parts = parts;
        this.self = self;
        this.workers = workers;
        this.source = source;
        this.domains = source.domains();
        this.elapsedMs = elapsedMs;
        this.stopped = stopped;
        this.quiescence = quiescence;
        this.quiescenceSlot = quiescenceSlot;
        this.mappings = parts.bindings.kept();
        this.maker = new KeptSessionMaker(parts, mappings, elapsedMs);
    }

    /** Writes all that a worker has; its loop has ended. */
    static void save(WorkerParts parts, int self, KeptWriter out) throws IOException {
        long now = parts.clock.ms();
        long worker = out.row(KeptKind.WORKER);
        Mem.i64(worker, self);
        parts.services.pcpServer.save(out, now);
        parts.hosts.save(out);
        parts.bindings.kept().save(out);
        FlowTable flows = parts.flows;
        for (int i = 0; i < flows.touched(); i++) {
            long session = flows.at(i);
            if (session != 0) {
                long row = out.row(KeptKind.SESSION);
                save(session, FlowTable.ageMs(flows.stampOf(i), now), (int) now, row);
                KeptSessionMaker.ended(row, !parts.sessions.isBound(session));
            }
        }
        for (int i = 0; i < flows.touched(); i++) {
            long session = flows.at(i);
            long connection =
                    session != 0 && (Session.flags(session) & Session.ALG) != 0 ? parts.alg.connection(session) : 0;
            if (connection != 0) {
                long row = out.row(KeptKind.CONTROL);
                Mem.copy(session, row, 16);
                ControlConnections.save(connection, row + 16);
            }
        }
        parts.pcp.save(out, now);
    }

    private static void save(long session, long ageMs, int nowMs, long row) {
        long inbound = Session.other(session);
        Mem.i64(row, Session.key0(session));
        Mem.i64(row + 8, Session.key1(session));
        Mem.i32(row + 16, FlowKey.destination(Session.key0(inbound)));
        Mem.u16(row + 20, FlowKey.destinationPort(Session.key1(inbound)));
        Mem.u8(row + 22, Session.state(session));
        Mem.u8(row + 23, Session.flags(session));
        Mem.u8(row + 24, Session.isRelated(session) ? 1 : 0);
        Mem.u8(row + 25, Session.windowScales(session));
        Mem.i32(row + 28, Session.idleMs(session, nowMs));
        Mem.i32(row + 32, Session.window(session));
        Mem.i32(row + 36, Session.window(inbound));
        Mem.i64(row + 40, ageMs);
    }

    /**
     * Makes what a file says, but no more than is to be had.
     *
     * @throws IOException if the file cannot be read to its end: what was made is there, as if the file had no more
     */
    void restore(KeptFile file) throws IOException {
        SessionEvents listener = parts.sessions.muted();
        parts.sessions.tell(null);
        maker.listener(listener);
        boolean whole = false;
        try {
            file.forEach(this);
            whole = !stopped.getAsBoolean();
        } finally {
            parts.sessions.tell(listener);
            parts.bindings.endUnused(parts.clock.ms());
            if (!whole) {
                parts.services.pcpServer.allLost();
            }
        }
    }

    /** Sessions so far, by the ordinal of {@link KeptResult}. */
    long[] results() {
        return results.clone();
    }

    /** Sessions and mappings that are there again, by the number of their row in the file; of a mapping without sessions for a moment. */
    BitSet living() {
        return living;
    }

    @Override
    public void row(KeptKind kind, long at) {
        int number = rows++;
        if (number % ROWS_PER_PASS == 0) {
            quiescence.pass(quiescenceSlot);
        }
        if (stopped.getAsBoolean()) {
            return;
        }
        switch (kind) {
            case TENANT -> {}
            case WORKER -> {
                handles.clear();
                controls.clear();
            }
            case EPOCH -> epoch(at);
            case HOST -> host(at);
            case RESTING -> mappings.rest(at, this::isMine, parts.clock.ms());
            case MAPPING -> mapping(at, number);
            case SESSION -> session(at, number);
            case CONTROL -> control(at);
            case PCP -> pcp(at);
        }
    }

    private void epoch(long at) {
        int domain = domain((int) Mem.i64(at));
        if (isMine(domain)) {
            parts.services.pcpServer.goesOn(at, domain, elapsedMs, parts.clock.ms());
        }
    }

    private void host(long at) {
        int domain = domain(Mem.i32(at + 4));
        if (isMine(domain)) {
            int handle = parts.hosts.restore(at, domain, (int) parts.clock.ms());
            if (handle != InsideHosts.NONE) {
                handles.put(Mem.i32(at), handle);
            }
        }
    }

    private void mapping(long at, int number) {
        int domain = domain(KeptMappings.domain(at));
        Integer ca = isMine(domain) ? insideAddress(KeptMappings.ca(at)) : null;
        if (ca != null) {
            living.set(number, mappings.restore(at, domain, ca, parts.clock.ms()) == KeptResult.RESTORED);
        }
    }

    private void session(long at, int number) {
        int domain = domain(FlowKey.domain(Mem.i64(at + 8)));
        if (domain == GONE) {
            // One of the workers counts it.
            count(KeptResult.TENANT_GONE, self == 0);
        } else if (isMine(domain)) {
            Integer ca = insideAddress(FlowKey.source(Mem.i64(at)));
            KeptResult result = ca == null ? KeptResult.NO_ROOM : maker.make(at, domain, ca);
            count(result, true);
            if (result == KeptResult.CONFLICT) {
                source.conflict(domain, maker.conflict());
            }
            if (result == KeptResult.RESTORED) {
                living.set(number);
                if (KeptSessionMaker.reads(at)) {
                    controls.put(maker.made(), number);
                }
            }
        }
    }

    private void count(KeptResult result, boolean counts) {
        add(result, counts ? 1 : 0);
    }

    @SuppressWarnings("EnumOrdinal") // Read back by the same enum.
    private void add(KeptResult result, int change) {
        results[result.ordinal()] += change;
    }

    private void control(long at) {
        int domain = domain(FlowKey.domain(Mem.i64(at + 8)));
        Integer ca = isMine(domain) ? insideAddress(FlowKey.source(Mem.i64(at))) : null;
        if (ca == null) {
            return;
        }
        long session = parts.sessions.find(
                FlowKey.addresses(ca, FlowKey.destination(Mem.i64(at))),
                KeptSessionMaker.inDomain(Mem.i64(at + 8), domain));
        Integer number = controls.remove(session);
        if (number == null) {
            return;
        }
        boolean reads = (Session.flags(session) & Session.ALG) != 0;
        boolean restored = reads && parts.alg.restore(session, at + 16);
        // One whose numbers are not shifted goes on unread. With a shift that nobody knows both sides would wait for
        // ever.
        if (!restored && ControlConnections.isShifted(at)) {
            parts.sessions.takeBack(session);
            living.clear(number);
            add(KeptResult.RESTORED, -1);
            add(reads ? KeptResult.NO_ROOM : KeptResult.POLICY, 1);
        }
    }

    private void pcp(long at) {
        int domain = domain(FlowKey.domain(Mem.i64(at + 8)));
        if (isMine(domain) && !parts.pcp.restore(at, domain, elapsedMs, parts.clock.ms())) {
            parts.services.pcpServer.lost(domain, parts.clock.ms());
        }
    }

    /** Inside address as this worker has it; null = it had a handle, and there is none for it here. */
    private @Nullable Integer insideAddress(int before) {
        return InsideHosts.isHandle(before) ? handles.get(before) : Integer.valueOf(before);
    }

    private int domain(int before) {
        return before < domains.length ? domains[before] : GONE;
    }

    private boolean isMine(int domain) {
        return domain != GONE && WorkerGroup.ownerOf(domain, workers) == self;
    }
}
