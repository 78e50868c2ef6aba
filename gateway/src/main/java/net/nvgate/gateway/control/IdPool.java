package net.nvgate.gateway.control;

import java.util.BitSet;
import net.nvgate.gateway.route.Reclaimer;

/** Dense indexes from {@code first}, the lowest free one first. A freed index comes back after a grace period. */
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

    IdPool(Reclaimer reclaimer, int first, int count, Listener listener) {
        this.reclaimer = reclaimer;
        this.first = first;
        this.count = count;
        this.listener = listener;
    }

    int allocate() {
        int id = taken.nextClearBit(0);
        if (id >= count) {
            throw new IllegalStateException("all " + count + " indexes are in use");
        }
        taken.set(id);
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
