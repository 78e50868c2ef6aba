package net.nvgate.fabric.store.etcd;

import java.time.Duration;

/** A point of {@link System#nanoTime}. */
record Deadline(long nanos) {

    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    long leftNanos() {
        return nanos - System.nanoTime();
    }

    boolean over() {
        return leftNanos() <= 0;
    }
}
