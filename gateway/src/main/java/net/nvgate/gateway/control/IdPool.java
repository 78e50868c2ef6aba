package net.nvgate.gateway.control;

import java.util.BitSet;
import net.nvgate.gateway.route.Reclaimer;

/**
 * Dense indexes from {@code first}, handed out in turn, so that a freed one is not used again before all others had theirs. It
 * comes back after a grace period at the earliest.
 */
final class IdPool implements Reclaimer.Owner {

    /** Told when no worker can use the index any more and before it is handed out again. */
    @FunctionalInterface
    interface Listener {
        void freed(int id);
    }

    private final Reclaimer reclaimer;
    private final int first;
    private final int count;
    private final Listener listener;
    private final BitSet taken = new BitSet();
    private int next;

    IdPool(Reclaimer reclaimer, int first, int count, Listener listener) {
        this.reclaimer = reclaimer;
        this.first = first;
        this.count = count;
        this.listener = listener;
    }

    int allocate() {
        int id = taken.nextClearBit(next);
        if (id >= count) {
            id = taken.nextClearBit(0);
        }
        if (id >= count) {
            throw new IllegalStateException("all " + count + " indexes are in use");
        }
        taken.set(id);
        next = id + 1;
        return first + id;
    }

    void retire(int id) {
        reclaimer.retire(this, id, 0);
    }

    /** Indexes that can be handed out now; those in a grace period are not among them. */
    int available() {
        return count - taken.cardinality();
    }

    @Override
    public void reclaim(long id, long size) {
        listener.freed((int) id);
        taken.clear((int) id - first);
    }
}
