package net.nvgate.gateway.watch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * An order to one worker to report packets, and the ring into which it reports: a packet's records are published together, when all that
 * came of it is known. What finds no room is counted and no more, so that the worker never waits.
 *
 * <pre>
 *  0 read position (i64, a cache line)   64 written position (i64)   72 packets lost (i64)   128 records
 *  record: bytes, a multiple of 8 (i32) | kind (i32) | System.nanoTime (i64) | what is of its kind
 * </pre>
 *
 * <p>Its memory is the ring and, for a trial, the frame; it lives as long as somebody, such as the worker, has the object.
 */
public final class Watch {

    static final int FRAME = 1;
    static final int STEP = 2;
    static final int DROP = 3;
    static final int END = 4;
    /** The rest of the ring is not used. */
    static final int GAP = 5;

    static final int HEADER = 16;
    static final int FRAME_HEADER = HEADER + 16;
    private static final int STEP_BYTES = HEADER + 8 + 32;
    private static final int READ = 0;
    private static final int WRITTEN = 64;
    private static final int LOST = 72;
    private static final int RING = 128;

    private final WatchFilter filter;
    private final Limits limits;
    private final boolean steps;
    private final byte @Nullable [] trial;
    private final boolean trialFromPa;
    private final MemorySegment segment;
    private final long memory;
    private final int size;

    // The worker's.
    private long at;
    private long limit;
    private boolean overflown;
    private int packets;
    private long bytes;

    private volatile boolean stopped;
    private volatile boolean done;

    /**
     * Bounds of a watch.
     *
     * @param packets to report
     * @param bytes of frames to report
     * @param snap bytes of a frame to copy
     * @param deadlineMs on the worker's clock
     */
    public record Limits(int packets, long bytes, int snap, long deadlineMs) {}

    private Watch(
            WatchFilter filter,
            Limits limits,
            boolean steps,
            byte @Nullable [] trial,
            boolean trialFromPa,
            int ringBytes) {
        if (Integer.bitCount(ringBytes) != 1) {
            throw new IllegalArgumentException("ring of " + ringBytes + " bytes, must be a power of two");
        }
        this.filter = filter;
        this.limits = limits;
        this.steps = steps;
        this.trial = trial;
        this.trialFromPa = trialFromPa;
        this.size = ringBytes;
        int frameBytes = trial == null ? 0 : trial.length;
        this.segment = Arena.ofAuto().allocate(RING + (long) ringBytes + frameBytes, 64);
        this.memory = segment.address();
        if (trial != null) {
            MemorySegment.copy(trial, 0, segment, ValueLayout.JAVA_BYTE, RING + (long) ringBytes, trial.length);
        }
    }

    /**
     * Packets as they pass.
     *
     * @param steps the decisions, too
     * @param ringBytes room for what is not read yet, a power of two
     */
    public static Watch of(WatchFilter filter, Limits limits, boolean steps, int ringBytes) {
        return new Watch(filter, limits, steps, null, false, ringBytes);
    }

    /** What would become of a frame if a port received it; nothing of it stays or leaves. */
    public static Watch trial(byte[] frame, boolean fromPa, long deadlineMs) {
        Limits limits = new Limits(1, 1 << 16, 1 << 14, deadlineMs);
        return new Watch(WatchFilter.ALL, limits, true, frame.clone(), fromPa, 1 << 17);
    }

    public WatchFilter filter() {
        return filter;
    }

    public Limits limits() {
        return limits;
    }

    public boolean isTrial() {
        return trial != null;
    }

    public boolean isTrialFromPa() {
        return trialFromPa;
    }

    /** Address of the frame of a trial. */
    public long trialFrame() {
        return memory + RING + size;
    }

    public int trialLength() {
        return trial == null ? 0 : trial.length;
    }

    /** Any thread: no more packets. */
    public void stop() {
        stopped = true;
    }

    public boolean isStopped() {
        return stopped;
    }

    /** Worker: it will not touch this any more. */
    public void finish() {
        done = true;
    }

    /** Any thread: the worker is done with it; what it wrote can still be read. */
    public boolean isDone() {
        return done;
    }

    /** Worker: whether another packet is wanted. */
    public boolean isOpen(long nowMs) {
        return !stopped && packets < limits.packets() && bytes < limits.bytes() && nowMs < limits.deadlineMs();
    }

    /** Worker: a packet's records begin. */
    public void begin() {
        at = Mem.i64(memory + WRITTEN);
        limit = Mem.i64Acquire(memory + READ) + size;
        overflown = false;
    }

    /** Worker: a frame came or goes. */
    public void frame(long nanos, Side side, boolean out, long frame, int available, int length) {
        int copied = Math.min(available, limits.snap());
        long record = room(FRAME_HEADER + copied, FRAME, nanos);
        if (record != 0) {
            Mem.i32(record + 16, side == Side.PA ? 0 : 1);
            Mem.i32(record + 20, out ? 1 : 0);
            Mem.i32(record + 24, length);
            Mem.i32(record + 28, copied);
            Mem.copy(frame, record + FRAME_HEADER, copied);
            bytes += copied;
        }
    }

    /** Worker: a decision; nothing where only frames are wanted. */
    @SuppressWarnings("EnumOrdinal") // Read back with Step.of.
    public void step(long nanos, Step step, long a, long b, long c, long d) {
        long record = steps ? room(STEP_BYTES, STEP, nanos) : 0;
        if (record != 0) {
            Mem.i32(record + 16, step.ordinal());
            Mem.i64(record + 24, a);
            Mem.i64(record + 32, b);
            Mem.i64(record + 40, c);
            Mem.i64(record + 48, d);
        }
    }

    /** Worker: the packet was dropped. */
    public void drop(long nanos, int reason) {
        long record = room(HEADER + 8, DROP, nanos);
        if (record != 0) {
            Mem.i32(record + 16, reason);
        }
    }

    /** Worker: that was all of the packet. */
    public void end(long nanos) {
        packets++;
        if (room(HEADER, END, nanos) == 0) {
            Mem.i64Opaque(memory + LOST, Mem.i64(memory + LOST) + 1);
        } else {
            Mem.i64Release(memory + WRITTEN, at);
        }
    }

    private long room(int wanted, int kind, long nanos) {
        int length = (wanted + 7) & -8;
        int left = size - (int) (at & (size - 1));
        boolean wraps = length > left;
        if (overflown || at + length + (wraps ? left : 0) > limit) {
            overflown = true;
            return 0;
        }
        if (wraps) {
            long gap = record(at);
            Mem.i32(gap, left);
            Mem.i32(gap + 4, GAP);
            at += left;
        }
        long record = record(at);
        Mem.i32(record, length);
        Mem.i32(record + 4, kind);
        Mem.i64(record + 8, nanos);
        at += length;
        return record;
    }

    private long record(long position) {
        return memory + RING + (position & (size - 1));
    }

    /** Reader: address of the next record, 0 when there is none; it stays until {@link #taken}. */
    long next() {
        while (true) {
            long read = Mem.i64(memory + READ);
            if (read == Mem.i64Acquire(memory + WRITTEN)) {
                return 0;
            }
            long record = record(read);
            if (Mem.i32(record + 4) != GAP) {
                return record;
            }
            taken(record);
        }
    }

    void taken(long record) {
        Mem.i64Release(memory + READ, Mem.i64(memory + READ) + Mem.i32(record));
    }

    /** Any thread: packets that found no room. */
    public long lost() {
        return Mem.i64Opaque(memory + LOST);
    }
}
