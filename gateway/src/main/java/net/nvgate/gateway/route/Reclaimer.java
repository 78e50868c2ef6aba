package net.nvgate.gateway.route;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * What one writer has unlinked and may not reuse yet. Things are collected until {@link #seal}, which starts one grace
 * period for all of them; {@link #poll} gives back those whose grace period is over. Used by one thread.
 */
public final class Reclaimer {

    /** Takes back what was retired: a block of a pool, an index. */
    @FunctionalInterface
    public interface Owner {
        void reclaim(long what, long size);
    }

    private static final int FIRST_CAPACITY = 16;

    private final Quiescence quiescence;
    private final Deque<Batch> waiting = new ArrayDeque<>();
    private Batch open = new Batch();
    private long pending;

    public Reclaimer(Quiescence quiescence) {
        this.quiescence = quiescence;
    }

    /** Writer: something is unlinked, or will be before {@link #seal}. */
    public void retire(Owner owner, long what, long size) {
        open.add(owner, what, size);
        pending++;
    }

    /** Everything retired so far has been unlinked from all tables. */
    public void seal() {
        if (open.count > 0) {
            open.token = quiescence.start();
            waiting.add(open);
            open = new Batch();
        }
        poll();
    }

    /** Reclaims what no worker can hold any more. Call from time to time, e.g. once per control cycle. */
    public void poll() {
        for (Batch next = waiting.peek(); next != null && quiescence.passed(next.token); next = waiting.peek()) {
            waiting.remove();
            pending -= next.count;
            next.reclaim();
        }
    }

    /** Things retired and not yet reclaimed. */
    public long pending() {
        return pending;
    }

    private static final class Batch {
        private Owner[] owners = new Owner[FIRST_CAPACITY];
        private long[] whats = new long[2 * FIRST_CAPACITY];
        private int count;
        private long token;

        void add(Owner owner, long what, long size) {
            if (count == owners.length) {
                owners = Arrays.copyOf(owners, 2 * count);
                whats = Arrays.copyOf(whats, 4 * count);
            }
            owners[count] = owner;
            whats[2 * count] = what;
            whats[2 * count + 1] = size;
            count++;
        }

        void reclaim() {
            for (int i = 0; i < count; i++) {
                owners[i].reclaim(whats[2 * i], whats[2 * i + 1]);
            }
        }
    }
}
