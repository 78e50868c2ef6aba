package net.nvgate.mgmt;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/** Waits for the end of work whose time depends on the machine, and tells that it goes on. */
final class Waiting {

    private Waiting() {}

    /**
     * Returns at the end of the work.
     *
     * @param stillAtWork is given the milliseconds waited so far, each {@code tellMillis}
     * @throws TimeoutException if it takes longer than {@code millisMax}
     * @throws Exception as which the work failed
     */
    static void forEnd(CompletableFuture<?> work, long millisMax, long tellMillis, LongConsumer stillAtWork)
            throws Exception {
        long start = System.nanoTime();
        long waited = 0;
        while (true) {
            try {
                work.get(Math.min(tellMillis, millisMax - waited), TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            } catch (TimeoutException e) {
                waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                if (waited >= millisMax) {
                    throw new TimeoutException("no end within " + millisMax + " ms");
                }
                stillAtWork.accept(waited);
            }
        }
    }
}
