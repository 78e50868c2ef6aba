package net.nvgate.gateway.nat;

import java.lang.invoke.VarHandle;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.Slab;
import net.nvgate.gateway.flow.TimerWheel;

/**
 * When explicit mappings end: a table of its own, since few mappings are. Used by one worker; {@link #of} by any thread.
 *
 * <pre>
 *  deadline, 32 bytes:  0 number of the mapping (i64)   8 = 1 (i64)   16 ms of the worker's clock (i64)   24, 28 timer wheel (2 x i32)
 * </pre>
 */
final class Deadlines {

    private static final int SHIFT = 5;
    private static final int TICK_MS = 1_000;
    private static final int WHEEL_SLOTS = 1 << 12;

    private final FlowIndex index;
    private final Slab slab;
    private final TimerWheel wheel;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    Deadlines(long memory, int deadlinesMax, long seed, long nowMs) {
        this.slab = new Slab(memory, SHIFT, deadlinesMax);
        this.index = new FlowIndex(memory + lineBytes(deadlinesMax), deadlinesMax, memory, SHIFT, seed);
        this.wheel = new TimerWheel(memory, SHIFT, 24, 28, TICK_MS, WHEEL_SLOTS, nowMs);
    }

    static long bytes(int deadlinesMax) {
        return lineBytes(deadlinesMax) + FlowIndex.bytes(deadlinesMax);
    }

    /** Any thread: when a mapping ends, 0 = it has no deadline. */
    long of(int mapping) {
        long at = find(mapping);
        long deadline = at == 0 ? 0 : Mem.i64(at + 16);
        VarHandle.acquireFence();
        return at != 0 && Mem.i64(at) == mapping ? deadline : 0;
    }

    /** Gives a mapping a deadline, or moves it; false when there are as many as there may be. */
    boolean set(int mapping, long deadlineMs) {
        long at = find(mapping);
        if (at != 0) {
            wheel.cancel(item(at));
        } else {
            int item = slab.allocate();
            if (item < 0) {
                return false;
            }
            at = slab.address(item);
            Mem.i64(at, mapping);
            Mem.i64(at + 8, 1);
            if (!index.insert(index.hash(mapping, 1), item)) {
                slab.free(item);
                return false;
            }
        }
        Mem.i64(at + 16, deadlineMs);
        wheel.schedule(item(at), deadlineMs);
        return true;
    }

    /** A mapping has no deadline any more. */
    void clear(int mapping) {
        long at = find(mapping);
        if (at != 0) {
            wheel.cancel(item(at));
            remove(at);
        }
    }

    /** The next mapping whose deadline has come, which has none any more; -1 when there is none now. */
    int pollExpired(long nowMs) {
        for (int item = wheel.poll(nowMs); item >= 0; item = wheel.poll(nowMs)) {
            long at = slab.address(item);
            long deadline = Mem.i64(at + 16);
            if (deadline <= nowMs) {
                int mapping = (int) Mem.i64(at);
                remove(at);
                return mapping;
            }
            wheel.schedule(item, deadline);
        }
        return -1;
    }

    int capacity() {
        return slab.capacity();
    }

    private void remove(long at) {
        int item = item(at);
        index.remove(index.hash(Mem.i64(at), 1), item);
        slab.free(item);
    }

    private long find(int mapping) {
        return index.find(index.hash(mapping, 1), mapping, 1);
    }

    private int item(long at) {
        return (int) ((at - slab.address(0)) >>> SHIFT);
    }

    private static long lineBytes(int deadlinesMax) {
        return Math.ceilDiv((long) deadlinesMax << SHIFT, 64L) * 64;
    }
}
