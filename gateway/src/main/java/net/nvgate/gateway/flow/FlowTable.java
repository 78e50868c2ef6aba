package net.nvgate.gateway.flow;

import java.lang.invoke.VarHandle;
import net.nvgate.gateway.dpdk.Mem;

/**
 * The sessions of one worker: storage, index of both directions, timers, stamps. Its size is fixed at start. About 150 bytes per session.
 *
 * <p>A stamp tells a session from all others that ever had or will have its place, and when it was made: {@code serial 32 | made at, in
 * steps of 16 ms, 32}. It is 0 while the place is free and while the session is not complete. Other threads read a session between two
 * looks at its stamp: if both show the same one, what was read is of that session alone.
 */
public final class FlowTable {

    private static final int TICK_MS = 1_000;
    /** The longest timer, 7,440 s, in one turn. */
    private static final int WHEEL_SLOTS = 8_192;

    private static final int STAMP_SHIFT = 4;

    private final long memory;
    private final Slab slab;
    private final FlowIndex index;
    private final TimerWheel wheel;
    private final long stamps;
    private int removals;
    private int serial;

    /** Zeroed memory of {@link #bytes} at a multiple of two lines of a session; time is that of the worker's clock. */
    public FlowTable(long memory, int sessionsMax, long seed, long nowMs) {
        if ((memory & 2 * Session.LINE - 1) != 0) {
            // An address tells which of the two lines it is.
            throw new IllegalArgumentException("sessions at 0x" + Long.toHexString(memory));
        }
        this.memory = memory;
        this.slab = new Slab(memory, Session.SHIFT, sessionsMax);
        long indexMemory = memory + ((long) sessionsMax << Session.SHIFT);
        this.index = new FlowIndex(indexMemory, 2 * sessionsMax, memory, Session.LINE_SHIFT, seed);
        this.stamps = indexMemory + FlowIndex.bytes(2 * sessionsMax);
        this.wheel = new TimerWheel(
                memory, Session.SHIFT, Session.TIMER_NEXT, Session.TIMER_PREV, TICK_MS, WHEEL_SLOTS, nowMs);
    }

    public static long bytes(int sessionsMax) {
        return ((long) sessionsMax << Session.SHIFT) + FlowIndex.bytes(2 * sessionsMax) + 8L * sessionsMax;
    }

    public FlowIndex index() {
        return index;
    }

    /**
     * Makes a session, found from both sides at once.
     *
     * @return address of its outbound line, 0 when there is no room
     */
    public long create(long outKey0, long outKey1, long inKey0, long inKey1, int state, long deadlineMs) {
        int item = slab.allocate();
        if (item < 0) {
            return 0;
        }
        long session = slab.address(item);
        long inbound = session + Session.LINE;
        // The index reads keys of lines that it moves.
        Session.key(session, outKey0, outKey1);
        Session.key(inbound, inKey0, inKey1);
        long outHash = index.hash(outKey0, outKey1);
        if (!index.insert(outHash, 2 * item)) {
            slab.free(item);
            return 0;
        }
        if (!index.insert(index.hash(inKey0, inKey1), 2 * item + 1)) {
            index.remove(outHash, 2 * item);
            slab.free(item);
            return 0;
        }
        wheel.schedule(item, deadlineMs);
        Session.state(session, state);
        return session;
    }

    /** Address of the {@code i}-th session to be made next, to be touched ahead of use. */
    public long upcoming(int i) {
        return slab.upcoming(i);
    }

    /** A session is complete, by its outbound line: others may see it from now on. */
    public void completed(long session, long nowMs) {
        serial += serial == -1 ? 2 : 1;
        Mem.i64Release(stamp(item(session)), (long) serial << 32 | (nowMs >>> STAMP_SHIFT & 0xffff_ffffL));
    }

    /** Any thread: the stamp of a place, 0 = nobody's. What is read of the session after it belongs to it or is newer. */
    public long stampOf(int item) {
        return Mem.i64Acquire(stamp(item));
    }

    /** Any thread: whether all that was read of a place since {@link #stampOf} was of the session with that stamp. */
    public boolean isOf(int item, long stamp) {
        VarHandle.acquireFence();
        return Mem.i64Opaque(stamp(item)) == stamp;
    }

    /** How long ago the session of a stamp was made, ms, in steps of 16. */
    public static long ageMs(long stamp, long nowMs) {
        int ticks = (int) (nowMs >>> STAMP_SHIFT) - (int) stamp;
        // Other threads read the time before they look here.
        return Math.max(0, ticks) * (1L << STAMP_SHIFT);
    }

    private long stamp(int item) {
        return stamps + 8L * item;
    }

    /** A session is about to end, by its outbound line: others see it no more before what is then written. */
    public void ending(long session) {
        Mem.i64Opaque(stamp(item(session)), 0);
        VarHandle.storeStoreFence();
    }

    /** Removes a session by its outbound line. */
    public void remove(long session) {
        removals++;
        int item = item(session);
        ending(session);
        long inbound = session + Session.LINE;
        index.remove(index.hash(Session.key0(session), Session.key1(session)), 2 * item);
        index.remove(index.hash(Session.key0(inbound), Session.key1(inbound)), 2 * item + 1);
        wheel.cancel(item);
        slab.free(item);
    }

    /** Moves a session's timer. */
    public void reschedule(long session, long deadlineMs) {
        wheel.cancel(item(session));
        wheel.schedule(item(session), deadlineMs);
    }

    /**
     * The next session whose timer has fired, 0 when there is none now. The caller removes it with {@link #removeFired} or calls
     * {@link #scheduleFired}.
     */
    public long pollTimer(long nowMs) {
        int item = wheel.poll(nowMs);
        return item < 0 ? 0 : slab.address(item);
    }

    /** A session whose timer fires at the next tick, after one of those or 0 for the first; 0 when there is none. */
    public long dueNext(long session) {
        int item = session == 0 ? wheel.firstOfNextTick() : wheel.following(item(session));
        return item < 0 ? 0 : slab.address(item);
    }

    public void scheduleFired(long session, long deadlineMs) {
        wheel.schedule(item(session), deadlineMs);
    }

    public void removeFired(long session, long nowMs) {
        wheel.schedule(item(session), nowMs);
        remove(session);
    }

    /** Grows with each session removed: lines found before may be another session's. */
    public int removals() {
        return removals;
    }

    public int used() {
        return slab.used();
    }

    public int capacity() {
        return slab.capacity();
    }

    /** Sessions that were ever in use; none lies beyond, see {@link SessionReader}. */
    public int touched() {
        return slab.touched();
    }

    long memory() {
        return memory;
    }

    /** The outbound line of a session by its number. */
    public long session(int item) {
        return slab.address(item);
    }

    /** The session at a place, 0 = none. */
    public long at(int item) {
        long session = slab.address(item);
        return Session.state(session) == SessionState.FREE ? 0 : session;
    }

    /**
     * Another thread: copies both lines of a session, which it only reads; false when there is none. The copy is good if the place is
     * {@link #isStill} the session's when all that belongs to it has been read.
     *
     * @param copy {@code 2 * Session.LINE} bytes at a multiple of as many
     */
    public boolean copy(int item, long copy) {
        long session = slab.address(item);
        if (Session.state(session) == SessionState.FREE) {
            return false;
        }
        VarHandle.acquireFence();
        Mem.copy(session, copy, 2L * Session.LINE);
        return true;
    }

    /** Another thread: whether a place is that of the session of a copy, see {@link #copy}. */
    public boolean isStill(int item, long copy) {
        VarHandle.acquireFence();
        long session = slab.address(item);
        return Session.state(session) != SessionState.FREE
                && Session.state(copy) != SessionState.FREE
                && Session.key0(session) == Session.key0(copy)
                && Session.key1(session) == Session.key1(copy);
    }

    /** Number of a session, by its outbound line: 0 .. capacity - 1. */
    public int item(long session) {
        return (int) ((session - memory) >>> Session.SHIFT);
    }
}
