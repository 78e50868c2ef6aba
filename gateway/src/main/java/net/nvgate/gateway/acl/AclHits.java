package net.nvgate.gateway.acl;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How often rules have decided: counted by one worker, read by any thread. Slot 0 is that of rules without a counter. */
public final class AclHits {

    /** Rules and defaults of all tenants that have counters of their own. */
    public static final int SLOTS_MAX = 1 << 18;

    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts;

    public AclHits(int slots) {
        this.counts = new long[slots];
    }

    void count(int slot) {
        if (slot < counts.length) {
            COUNT.setOpaque(counts, slot, counts[slot] + 1);
        }
    }

    /** Another rule gets a counter that no worker is likely to count by any more. Any thread. */
    public void reset(int slot) {
        if (slot < counts.length) {
            COUNT.setOpaque(counts, slot, 0L);
        }
    }

    public long get(int slot) {
        return slot < counts.length ? (long) COUNT.getOpaque(counts, slot) : 0;
    }
}
