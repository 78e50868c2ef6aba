package net.nvgate.gateway.flow;

import java.util.Arrays;
import net.nvgate.gateway.dpdk.Mem;

/**
 * A hashed timing wheel (Varghese and Lauck, scheme 6) whose list links lie inside the items, so that it needs no memory of its
 * own per item. It fires late by at most one tick and never early. Packets do not move timers: who takes an item from
 * {@link #poll} looks when the item was last used and schedules it again if its time has not come.
 */
public final class TimerWheel {

    private final long base;
    private final int shift;
    private final int nextOffset;
    private final int prevOffset;
    private final int tickMs;
    private final int[] heads;
    private final int mask;
    private long cursor;

    /**
     * Items lie at {@code base + (item << shift)}; the two offsets name 4 bytes each that are the wheel's while an item is
     * scheduled. {@code slots} is a power of two.
     */
    public TimerWheel(long base, int shift, int nextOffset, int prevOffset, int tickMs, int slots, long nowMs) {
        this.base = base;
        this.shift = shift;
        this.nextOffset = nextOffset;
        this.prevOffset = prevOffset;
        this.tickMs = tickMs;
        this.heads = new int[slots];
        this.mask = slots - 1;
        this.cursor = nowMs / tickMs;
        Arrays.fill(heads, -1);
    }

    /** Fires an item at a time, or after one turn of the wheel if that is earlier. */
    public void schedule(int item, long deadlineMs) {
        long tick = Math.ceilDiv(deadlineMs, (long) tickMs);
        tick = Math.min(Math.max(tick, cursor + 1), cursor + mask);
        int slot = (int) tick & mask;
        int head = heads[slot];
        next(item, head);
        prev(item, -1 - slot);
        if (head >= 0) {
            prev(head, item);
        }
        heads[slot] = item;
    }

    /** Takes a scheduled item out. */
    public void cancel(int item) {
        int next = Mem.i32(address(item) + nextOffset);
        int prev = Mem.i32(address(item) + prevOffset);
        if (next >= 0) {
            prev(next, prev);
        }
        if (prev >= 0) {
            next(prev, next);
        } else {
            heads[-1 - prev] = next;
        }
    }

    /** The next item whose time has come, taken out of the wheel; -1 when there is none now. */
    public int poll(long nowMs) {
        long now = nowMs / tickMs;
        if (now - cursor > mask) {
            // After a long pause one turn visits every slot.
            cursor = now - mask;
        }
        while (true) {
            int item = heads[(int) cursor & mask];
            if (item >= 0) {
                cancel(item);
                return item;
            }
            if (cursor >= now) {
                return -1;
            }
            cursor++;
        }
    }

    /** An item that fires at the next tick, -1 when there is none; for who cannot wait for it. */
    public int firstOfNextTick() {
        return heads[(int) (cursor + 1) & mask];
    }

    /** The item after one that {@link #firstOfNextTick} or this gave, -1 when there is none. */
    public int following(int item) {
        return Mem.i32(address(item) + nextOffset);
    }

    private long address(int item) {
        return base + ((long) item << shift);
    }

    private void next(int item, int value) {
        Mem.i32(address(item) + nextOffset, value);
    }

    private void prev(int item, int value) {
        Mem.i32(address(item) + prevOffset, value);
    }
}
