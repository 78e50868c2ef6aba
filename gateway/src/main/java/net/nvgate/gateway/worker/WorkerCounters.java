package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;

/**
 * The counters of one worker, in memory that any thread may read while the worker writes: aligned 64-bit values that only grow.
 *
 * <pre>
 *  0            WorkerCounter, 8 bytes each
 *  DROPS        DropReason, 8 bytes each
 *  VSIDS        per VSID, by its counters index: VsidCounter, 8 bytes each; what packets touch lies close together
 *  VSID drops   per VSID, by its counters index: DropReason, 8 bytes each
 * </pre>
 */
@SuppressWarnings("EnumOrdinal") // The layout is the enums' order.
public final class WorkerCounters {

    private static final long DROPS = 8L * WorkerCounter.COUNT;
    private static final long VSIDS = align(DROPS + 8L * DropReason.COUNT);
    private static final long VSID_STRIDE = align(8L * VsidCounter.values().length);
    private static final long VSID_DROPS_STRIDE = align(8L * DropReason.COUNT);

    private final Tap tap;
    private final long base;
    private final long vsidDrops;
    private final int vsidsMax;
    /** Where is counted what does not count: a VSID's counters that all share, at most. */
    private final long scratch;
    // Where the worker counts; other threads do not look here.
    private long target;
    private long targetDrops;
    private int targetVsidsMax;

    /** Zeroed memory of {@link #bytes}. */
    WorkerCounters(long memory, int vsidsMax, Tap tap) {
        this.tap = tap;
        this.base = memory;
        this.vsidsMax = vsidsMax;
        this.vsidDrops = vsidDropsAt(memory, vsidsMax);
        this.scratch = vsidDrops + VSID_DROPS_STRIDE * (vsidsMax + 1L);
        aside(false);
    }

    /** Worker: what is counted from now on does not count, or does again. */
    void aside(boolean on) {
        target = on ? scratch : base;
        targetVsidsMax = on ? 0 : vsidsMax;
        targetDrops = vsidDropsAt(target, targetVsidsMax);
    }

    boolean isAside() {
        return target != base;
    }

    private static long vsidDropsAt(long memory, int vsids) {
        return memory + VSIDS + VSID_STRIDE * (vsids + 1L);
    }

    public static long bytes(int vsidsMax) {
        // VSIDs beyond the limit share the last block.
        return 2 * VSIDS + (VSID_STRIDE + VSID_DROPS_STRIDE) * (vsidsMax + 2L);
    }

    /** Any thread. */
    public long get(WorkerCounter counter) {
        return Mem.i64(base + 8L * counter.ordinal());
    }

    /** Any thread. */
    public long drops(DropReason reason) {
        return Mem.i64(base + DROPS + 8L * reason.ordinal());
    }

    /** Any thread: packets of a VSID dropped for a reason. */
    public long vsidDrops(int countersIndex, DropReason reason) {
        return Mem.i64(vsidDrops + VSID_DROPS_STRIDE * number(countersIndex, vsidsMax) + 8L * reason.ordinal());
    }

    /** Any thread. */
    public long vsid(int countersIndex, VsidCounter counter) {
        return Mem.i64(ofVsid(countersIndex) + 8L * counter.ordinal());
    }

    /** Control thread, when no packet can be counted on the index any more and before another VSID gets it. */
    public void resetVsid(int countersIndex) {
        if (countersIndex >= 0 && countersIndex < vsidsMax) {
            Mem.zero(ofVsid(countersIndex), VSID_STRIDE);
            Mem.zero(vsidDrops + VSID_DROPS_STRIDE * countersIndex, VSID_DROPS_STRIDE);
        }
    }

    void add(WorkerCounter counter, long count) {
        add(target + 8L * counter.ordinal(), count);
    }

    /** A VSID's counter; index -1 counts for VSIDs without one of their own. */
    void add(int countersIndex, VsidCounter counter, long count) {
        add(vsid(countersIndex) + 8L * counter.ordinal(), count);
    }

    void drop(DropReason reason) {
        add(target + DROPS + 8L * reason.ordinal(), 1);
        if (tap.isFollowing()) {
            tap.drop(reason);
        }
    }

    /** Also counts it in total. */
    void drop(DropReason reason, int countersIndex) {
        drop(reason);
        add(targetDrops + VSID_DROPS_STRIDE * number(countersIndex, targetVsidsMax) + 8L * reason.ordinal(), 1);
    }

    void received(int countersIndex, int bytes) {
        received(vsid(countersIndex), bytes);
    }

    /** As {@link #received(int, int)}, by {@link #receivedAt}. */
    static void received(long at, int bytes) {
        add(at, 1);
        add(at + 8, bytes);
    }

    /** Where a VSID's packets are counted that it receives, but for those that count aside. */
    long receivedAt(int countersIndex) {
        return ofVsid(countersIndex);
    }

    void sent(int countersIndex, int bytes) {
        long at = vsid(countersIndex);
        add(at + 16, 1);
        add(at + 24, bytes);
    }

    private long vsid(int countersIndex) {
        return target + VSIDS + VSID_STRIDE * number(countersIndex, targetVsidsMax);
    }

    private long ofVsid(int countersIndex) {
        return base + VSIDS + VSID_STRIDE * number(countersIndex, vsidsMax);
    }

    private static int number(int countersIndex, int vsidsMax) {
        return Integer.compareUnsigned(countersIndex, vsidsMax) > 0 ? vsidsMax : countersIndex;
    }

    private static void add(long address, long count) {
        Mem.i64(address, Mem.i64(address) + count);
    }

    private static long align(long bytes) {
        return (bytes + 63) & ~63L;
    }
}
