package net.nvgate.gateway;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part that a thread of its own makes while other parts start. */
final class Meanwhile<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Meanwhile.class);

    private final FutureTask<T> task;
    private final Consumer<T> end;

    /**
     * Begins.
     *
     * @param end closes what was made
     */
    Meanwhile(String name, Callable<T> make, Consumer<T> end) {
        this.task = new FutureTask<>(make);
        this.end = end;
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
    public void close() {
        try {
            end.accept(task.get());
        } catch (ExecutionException e) {
            LOG.debug("nothing to close", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
