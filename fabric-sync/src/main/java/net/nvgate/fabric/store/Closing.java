package net.nvgate.fabric.store;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The end of something whose threads wait between rounds: once it has come, none of them waits any more. Thread-safe. */
public final class Closing {

    private final CountDownLatch latch = new CountDownLatch(1);

    /** The end has come. */
    public void close() {
        latch.countDown();
    }

    public boolean isClosed() {
        return latch.getCount() == 0;
    }

    /** True once it has come, or the thread was interrupted; false when it has not come within this time. */
    public boolean within(long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
