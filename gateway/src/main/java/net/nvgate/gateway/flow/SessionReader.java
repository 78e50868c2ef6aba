package net.nvgate.gateway.flow;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.dpdk.Mem;

/**
 * Lists the sessions of a worker from another thread. It only reads, and the worker does not know: a row is read, then its keys and
 * state are read again, and if they differ the row was changing hands and is left out.
 */
public final class SessionReader {

    private final FlowTable table;

    public SessionReader(FlowTable table) {
        this.table = table;
    }

    /** Up to {@code limit} rows in no order; {@code nowMs} is the worker's time. */
    public List<SessionRow> list(SessionFilter filter, int limit, long nowMs) {
        List<SessionRow> rows = new ArrayList<>();
        int end = table.touched();
        for (int i = 0; i < end && rows.size() < limit; i++) {
            long session = table.memory() + ((long) i << Session.SHIFT);
            if (Session.state(session) == SessionState.FREE) {
                continue;
            }
            long out0 = Session.key0(session);
            long out1 = Session.key1(session);
            int state = Session.state(session);
            VarHandle.acquireFence();
            SessionRow row = read(session, out0, out1, state, nowMs);
            VarHandle.acquireFence();
            boolean same = Session.key0(session) == out0
                    && Session.key1(session) == out1
                    && Session.state(session) != SessionState.FREE;
            if (same && state != SessionState.FREE && filter.accepts(row)) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** Takes the keys of a session's outbound line. */
    public interface KeyConsumer {
        void accept(long key0, long key1);
    }

    /** Gives the keys of up to {@code limit} sessions in no order; how many. */
    public int forEachKey(SessionFilter filter, int limit, KeyConsumer consumer) {
        int given = 0;
        int end = table.touched();
        for (int i = 0; i < end && given < limit; i++) {
            long session = table.memory() + ((long) i << Session.SHIFT);
            long inbound = session + Session.LINE;
            long out0 = Session.key0(session);
            long out1 = Session.key1(session);
            boolean wanted = Session.state(session) != SessionState.FREE
                    && filter.accepts(out0, out1, Session.key0(inbound), Session.key1(inbound));
            VarHandle.acquireFence();
            if (wanted && Session.key0(session) == out0 && Session.key1(session) == out1) {
                consumer.accept(out0, out1);
                given++;
            }
        }
        return given;
    }

    /** Sessions in use now. */
    public int count() {
        return table.used();
    }

    private static SessionRow read(long session, long out0, long out1, int state, long nowMs) {
        long inbound = session + Session.LINE;
        return new SessionRow(
                FlowKey.domain(out1),
                FlowKey.protocol(out1),
                FlowKey.source(out0),
                FlowKey.sourcePort(out1),
                (int) Mem.i64(inbound),
                FlowKey.destinationPort(Mem.i64(inbound + 8)),
                FlowKey.destination(out0),
                FlowKey.destinationPort(out1),
                SessionState.label(state),
                Session.packets(session),
                Session.bytes(session),
                Session.packets(inbound),
                Session.bytes(inbound),
                Math.max(0, Session.idleMs(session, (int) nowMs)));
    }
}
