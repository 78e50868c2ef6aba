package net.nvgate.gateway.route;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.BitSet;

/**
 * Tells when no worker can still hold an address it read from a table (quiescent-state-based reclamation, as in DPDK's
 * rte_rcu_qsbr and in userspace RCU).
 *
 * <p>A worker calls {@link #pass} once per loop iteration, at a point where it holds no table address. The writer
 * unlinks an entry, takes a token with {@link #start}, and may reuse the memory once {@link #passed} holds for that
 * token: every worker has passed a quiescent point that saw the token, or is parked, or gone.
 *
 * <pre>
 * seen[slot * 16]: last token the worker saw; 0 = parked or free slot. One slot has two cache lines of its own.
 * </pre>
 */
public final class Quiescence {

    private static final VarHandle SEEN = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int STRIDE = 16;

    private final long[] seen;
    private final BitSet slots = new BitSet();
    private final int workersMax;
    private volatile long token = 1;

    /** @param workersMax most workers registered at one time */
    public Quiescence(int workersMax) {
        this.workersMax = workersMax;
        this.seen = new long[(workersMax + 1) * STRIDE];
    }

    /**
     * Registers a worker, parked at first: it must call {@link #unpark} before it reads a table.
     *
     * @return its slot, to be given to the other calls
     */
    public synchronized int register() {
        int slot = slots.nextClearBit(0);
        if (slot >= workersMax) {
            throw new IllegalStateException("more than " + workersMax + " workers");
        }
        slots.set(slot);
        SEEN.setVolatile(seen, index(slot), 0L);
        return slot;
    }

    /** The worker reads no tables any more. */
    public synchronized void unregister(int slot) {
        park(slot);
        slots.clear(slot);
    }

    /** Worker: holds no table address at this moment. One load and one store, no fence on x86. */
    public void pass(int slot) {
        SEEN.setRelease(seen, index(slot), token);
    }

    /** Worker: will read no table until {@link #unpark}; the writer does not wait for it. */
    public void park(int slot) {
        SEEN.setRelease(seen, index(slot), 0L);
    }

    /** Worker: is about to read tables again. */
    public void unpark(int slot) {
        SEEN.setVolatile(seen, index(slot), token);
        VarHandle.fullFence();
    }

    /** Writer: begins a grace period for everything unlinked so far. */
    public synchronized long start() {
        long next = token + 1;
        token = next;
        VarHandle.fullFence();
        return next;
    }

    /** Writer: true once no worker can hold what was unlinked before {@link #start} returned this token. */
    public boolean passed(long startToken) {
        VarHandle.fullFence();
        for (int slot = 0; slot < workersMax; slot++) {
            long last = (long) SEEN.getVolatile(seen, index(slot));
            if (last != 0 && last < startToken) {
                return false;
            }
        }
        return true;
    }

    private static int index(int slot) {
        return (slot + 1) * STRIDE - STRIDE / 2;
    }
}
