package net.nvgate.gateway;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A part that a thread of its own makes while other parts start. */
final class Meanwhile<T extends AutoCloseable> implements AutoCloseable {

    private final FutureTask<T> task;

    Meanwhile(String name, Callable<T> make) {
        task = new FutureTask<>(make);
        Thread.ofPlatform().daemon().name("start-" + name).start(task);
    }

    /**
     * Waits for the part.
     *
     * @throws IOException as its making did; so are unchecked exceptions
     */
    T await() throws IOException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it was starting", e);
        }
    }

    /** Closes the part when it is made; one that could not be made needs no closing. */
    @Override
    public void close() throws Exception {
        try {
            task.get().close();
        } catch (ExecutionException e) {
            return;
        }
    }
}
