package net.nvgate.fabric.testing;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition that another thread makes true. */
public final class Await {

    public static final long TIMEOUT_SECONDS = 60;

    private Await() {}

    public static void until(String what, BooleanSupplier condition) {
        until(() -> what, condition);
    }

    /** @param what must come true; asked again when it did not, to say how things stand */
    public static void until(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TIMEOUT_SECONDS * 1_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not happen within " + TIMEOUT_SECONDS + " s: " + what.get());
            }
            LockSupport.parkNanos(500_000);
        }
    }
}
