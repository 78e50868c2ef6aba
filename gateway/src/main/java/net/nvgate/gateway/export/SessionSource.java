package net.nvgate.gateway.export;

import java.util.function.Consumer;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.export.Observation.EndReason;
import net.nvgate.gateway.export.Observation.Life;
import net.nvgate.gateway.export.Observation.OfSession;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.flow.SessionState;
import net.nvgate.gateway.route.TableSpace;
import net.nvgate.gateway.worker.SessionEvents;

/** Sessions of one worker: those it tells of, and those that live long enough to be reported meanwhile. Used by one thread. */
final class SessionSource {

    private static final int ALIGNMENT = 128;
    /** Looks at a session while a timeout passes: how late a report may be. */
    private static final int LOOKS_PER_TIMEOUT = 8;

    private final SessionEvents events;
    private final Reported reported;
    private final Names names;
    private final long activeTimeoutMs;
    private final long copy;
    private long epochOffsetMs;
    private long scannedAtMs;
    private int next;
    private double due;

    /** @param activeTimeoutMs of flows, 0 = nobody wants flows */
    SessionSource(SessionEvents events, Names names, long activeTimeoutMs, TableSpace.Source memory) {
        this.events = events;
        this.names = names;
        this.activeTimeoutMs = activeTimeoutMs;
        this.reported = new Reported(memory, events.sessionsMax());
        this.copy = memory.allocate(SessionEvents.RECORD, ALIGNMENT);
    }

    /** @param epochMs since 1970, at {@code nowMs} of the worker's clock */
    void doWork(long nowMs, long epochMs, Consumer<OfSession> to) {
        epochOffsetMs = epochMs - nowMs;
        if (drain(to) && activeTimeoutMs > 0) {
            scan(nowMs, to);
        }
    }

    /** Takes what the worker told, at most as much as its ring holds; whether that was all. */
    private boolean drain(Consumer<OfSession> to) {
        for (int i = 0; i < SessionEvents.RECORDS; i++) {
            long record = events.next();
            if (record == 0) {
                return true;
            }
            try {
                to.accept(observe(record));
            } finally {
                events.taken(); // a record that cannot be told must not be met again for ever
            }
        }
        return false;
    }

    /**
     * Reports sessions that have not been for a timeout, a part of the table at a time. All that ended before the ring was found empty has
     * been reported: so what is found of a place is of its present session, which is older.
     */
    private void scan(long nowMs, Consumer<OfSession> to) {
        int touched = events.touched();
        double passMs = (double) activeTimeoutMs / LOOKS_PER_TIMEOUT;
        due = Math.min(touched, due + touched * (nowMs - scannedAtMs) / passMs);
        scannedAtMs = nowMs;
        for (; due >= 1; due--) {
            int item = next;
            next = next + 1 < touched ? next + 1 : 0;
            long madeAtMs = events.madeAtMs(item);
            boolean isDue = madeAtMs != 0 && nowMs - reported.lastMs(item, madeAtMs) >= activeTimeoutMs;
            if (isDue && events.copy(item, copy, nowMs) && SessionEvents.madeAtMs(copy) == madeAtMs) {
                OfSession session = observe(copy);
                if (session.packetsOut() + session.packetsIn() > 0) {
                    to.accept(session);
                }
            }
        }
    }

    private OfSession observe(long record) {
        int kind = SessionEvents.kind(record);
        long inbound = Session.other(record);
        long key0 = Session.key0(record);
        long key1 = Session.key1(record);
        int domain = FlowKey.domain(key1);
        IpAddress inside = inside(record, FlowKey.source(key0));
        Ipv4Address remoteIpv4 = new Ipv4Address(FlowKey.destination(key0));
        long remoteHigh = SessionEvents.remoteHigh(record);
        long remoteLow = SessionEvents.remoteLow(record);
        long at = SessionEvents.atMs(record);
        boolean made = kind == SessionEvents.MADE;
        Reported.Since since = made ? new Reported.Since(at, 0, 0, 0, 0) : reported.report(record);
        return new OfSession(
                made ? Life.MADE : kind == 0 ? Life.LIVES : Life.ENDED,
                domain,
                names.vsid(domain, inside),
                FlowKey.protocol(key1),
                inside,
                FlowKey.sourcePort(key1),
                new Ipv4Address(FlowKey.destination(Session.key0(inbound))),
                FlowKey.destinationPort(Session.key1(inbound)),
                (remoteHigh | remoteLow) == 0 ? remoteIpv4 : new Ipv6Address(remoteHigh, remoteLow),
                remoteIpv4,
                FlowKey.destinationPort(key1),
                epochOffsetMs + at,
                epochOffsetMs + since.startMs(),
                epochOffsetMs + Math.max(since.startMs(), at - Session.idleMs(record, (int) at)),
                reason(kind, Session.state(record)),
                since.packetsOut(),
                since.bytesOut(),
                since.packetsIn(),
                since.bytesIn(),
                (Session.flags(record) & Session.IDENTITY) == 0,
                (Session.flags(record) & Session.FROM_OUTSIDE) != 0);
    }

    private static IpAddress inside(long record, int address) {
        long high = SessionEvents.insideHigh(record);
        long low = SessionEvents.insideLow(record);
        return (high | low) == 0 ? new Ipv4Address(address) : new Ipv6Address(high, low);
    }

    private static EndReason reason(int kind, int state) {
        return switch (kind) {
            case SessionEvents.EXPIRED ->
                state == SessionState.CLOSING || state == SessionState.RESET
                        ? EndReason.END_OF_FLOW
                        : EndReason.IDLE_TIMEOUT;
            case SessionEvents.CUT -> EndReason.FORCED_END;
            default -> EndReason.ACTIVE_TIMEOUT;
        };
    }
}
