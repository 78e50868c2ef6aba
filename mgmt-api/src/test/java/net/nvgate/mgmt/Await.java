package net.nvgate.mgmt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for what other threads do, as long as a slow machine may need. */
final class Await {

    private static final long SECONDS_MAX = 120;
    private static final long PAUSE_NANOS = 5_000_000;

    private Await() {}

    interface Look<T, E extends Exception> {
        T look() throws E;
    }

    static <E extends Exception> void until(String what, Look<Boolean, E> holds) throws E {
        until(what, holds, is -> is);
    }

    /** What is seen once it is as wanted. */
    static <T, E extends Exception> T until(String what, Look<T, E> look, Predicate<T> wanted) throws E {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        T seen = look.look();
        while (!wanted.test(seen)) {
            assertThat(System.nanoTime())
                    .as("%s, within %d s; seen: %s", what, SECONDS_MAX, seen)
                    .isLessThan(end);
            LockSupport.parkNanos(PAUSE_NANOS);
            seen = look.look();
        }
        return seen;
    }
}
