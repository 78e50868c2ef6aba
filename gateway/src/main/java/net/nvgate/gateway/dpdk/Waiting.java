package net.nvgate.gateway.dpdk;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for a result that is sure to come, whatever interrupts. */
final class Waiting {

    private Waiting() {}

    static <T> T uninterruptibly(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw NativeCall.unexpected(e.getCause() == null ? e : e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
