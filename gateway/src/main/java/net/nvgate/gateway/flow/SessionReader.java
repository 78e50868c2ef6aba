package net.nvgate.gateway.flow;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

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
            long age = FlowTable.ageMs(table.stampOf(i), nowMs);
            SessionRow row = read(session, out0, out1, state, age, nowMs);
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

    /** Looks at sessions one after the other. */
    public interface Look {

        /**
         * A session that matches, or did a moment ago.
         *
         * @param stamp of the session, for {@link #row}
         * @return false to look no further
         */
        boolean at(int item, long session, long stamp);
    }

    /**
     * Looks at the sessions of places {@code from .. to - 1}. A session keeps its place for its life: one that lives all the while is met
     * once in a walk over all places, however long that takes.
     *
     * @return the place after the last one looked at
     */
    public int look(int from, int to, SessionMatch match, long nowMs, Look look) {
        int end = Math.min(to, table.touched());
        for (int item = from; item < end; item++) {
            long stamp = table.stampOf(item);
            if (stamp == 0) {
                continue;
            }
            long session = table.session(item);
            if (match.accepts(session, stamp, nowMs) && table.isOf(item, stamp) && !look.at(item, session, stamp)) {
                return item + 1;
            }
        }
        return Math.max(from, end);
    }

    /** Places that were ever in use: there are no sessions from this number on. */
    public int touched() {
        return table.touched();
    }

    /** Whether all that was read of a place since {@link Look#at} was of the session with that stamp. */
    public boolean isStill(int item, long stamp) {
        return table.isOf(item, stamp);
    }

    /** The session with a stamp; null if it is gone. All that the row shows is of that session. */
    public @Nullable SessionRow row(int item, long stamp, long nowMs) {
        long session = table.session(item);
        long out0 = Session.key0(session);
        long out1 = Session.key1(session);
        int state = Session.state(session);
        SessionRow row = read(session, out0, out1, state, FlowTable.ageMs(stamp, nowMs), nowMs);
        return table.isOf(item, stamp) ? row : null;
    }

    /** Sessions in use now. */
    public int count() {
        return table.used();
    }

    private static SessionRow read(long session, long out0, long out1, int state, long ageMs, long nowMs) {
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
                Math.max(0, Session.idleMs(session, (int) nowMs)),
                ageMs,
                SessionNat.of(Session.flags(session)),
                (Session.flags(session) & Session.FROM_OUTSIDE) != 0);
    }
}
