package net.nvgate.gateway.export;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other threads and programs do. */
final class Wait {

    private static final long SECONDS = 60;

    private Wait() {}

    static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen within " + SECONDS + " s: " + what);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }
}
