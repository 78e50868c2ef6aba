package net.nvgate.mgmt.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs calls that block off the event loop, on virtual threads, a bounded number at once. Changes, reads and what watches
 * the manager have each their own: changes that wait for a store without a quorum must not keep anybody from looking.
 */
final class BlockingCalls implements AutoCloseable {

    /** Calls at once; one more is refused, since waiting longer helps nobody. */
    static final int CALLS_MAX = 256;

    static final int CLOSE_MILLIS_MAX = 500;

    private final Vertx vertx;
    private final Semaphore permits = new Semaphore(CALLS_MAX);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("api-", 0).factory());

    BlockingCalls(Vertx vertx) {
        this.vertx = vertx;
    }

    /** The result arrives on the caller's context. Fails with {@code busy} when too many calls are running. */
    <T> Future<T> run(Callable<T> call) {
        if (!permits.tryAcquire()) {
            return Future.failedFuture(
                    new ProblemException(ProblemCode.BUSY, CALLS_MAX + " requests are being worked on; try again"));
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> complete(call, result));
        } catch (RuntimeException | Error e) {
            permits.release();
            throw e;
        }
        return Future.fromCompletionStage(result, vertx.getOrCreateContext());
    }

    private <T> void complete(Callable<T> call, CompletableFuture<T> result) {
        T value;
        try {
            value = call.call();
        } catch (Throwable e) {
            permits.release();
            result.completeExceptionally(e);
            return;
        }
        permits.release();
        result.complete(value);
    }

    /** Calls at work now. */
    int running() {
        return CALLS_MAX - permits.availablePermits();
    }

    /** Lets running calls end, for {@value #CLOSE_MILLIS_MAX} ms. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
