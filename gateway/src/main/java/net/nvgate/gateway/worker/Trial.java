package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.nat.NatBindings;

/**
 * What a packet that is none leaves behind, and how that is taken back: the packet goes the way of all others, with the sessions,
 * mappings and quotas of this moment, so that what it meets is what a real one would meet. Counters count aside meanwhile, nobody is
 * told of events, sessions that it made end without a trace and others get back what they were. Nobody sees any of it but who reads
 * tables in the same microseconds.
 */
final class Trial {

    private static final int SESSIONS_MAX = 8;
    /** Of a line: all but its links in the timer wheel. */
    private static final int KEPT = Session.LINE - 4;

    private final long memory;
    private final long[] kept = new long[SESSIONS_MAX];
    private final WorkerCounters counters;
    private final Events events;
    private final NatBindings bindings;
    private final long[] made = new long[SESSIONS_MAX];
    private int count;
    private int madeCount;

    /** Memory of {@link #bytes}. */
    Trial(long memory, WorkerCounters counters, Events events, NatBindings bindings) {
        this.memory = memory;
        this.counters = counters;
        this.events = events;
        this.bindings = bindings;
    }

    static long bytes() {
        return (long) SESSIONS_MAX << Session.SHIFT;
    }

    void begin(Sessions sessions) {
        count = 0;
        madeCount = 0;
        quiet(true);
        sessions.trial(this);
    }

    /** A session that the packet may change. */
    void meets(long line) {
        long session = Session.outbound(line);
        if (!isIn(kept, count, session) && !hasMade(session) && count < SESSIONS_MAX) {
            Mem.copy(session, memory + ((long) count << Session.SHIFT), 2L * Session.LINE);
            kept[count++] = session;
        }
    }

    /** A session that the packet has made. */
    void made(long session) {
        if (madeCount < SESSIONS_MAX) {
            made[madeCount++] = session;
        }
    }

    /** What ends now would have ended by the next packet: that is counted and told as ever, see {@link #goOn}. */
    void pause(Sessions sessions) {
        sessions.trial(null);
        quiet(false);
    }

    void goOn(Sessions sessions) {
        quiet(true);
        sessions.trial(this);
    }

    boolean hasMade(long session) {
        return isIn(made, madeCount, session);
    }

    void end(Sessions sessions) {
        for (int i = 0; i < count; i++) {
            long copy = memory + ((long) i << Session.SHIFT);
            // One whose policy is gone was removed on the way; its place may be another's.
            boolean there = sessions.find(Session.key0(copy), Session.key1(copy)) == kept[i];
            if (there && !hasMade(kept[i])) {
                Mem.copy(copy, kept[i], KEPT);
                Mem.copy(copy + Session.LINE, kept[i] + Session.LINE, KEPT);
            }
        }
        for (int i = 0; i < madeCount; i++) {
            if (sessions.find(Session.key0(made[i]), Session.key1(made[i])) == made[i]) {
                sessions.takeBack(made[i]);
            }
        }
        sessions.trial(null);
        quiet(false);
    }

    private static boolean isIn(long[] sessions, int length, long session) {
        for (int i = 0; i < length; i++) {
            if (sessions[i] == session) {
                return true;
            }
        }
        return false;
    }

    private void quiet(boolean quiet) {
        counters.aside(quiet);
        events.mute(quiet);
        bindings.trial(quiet);
    }
}
