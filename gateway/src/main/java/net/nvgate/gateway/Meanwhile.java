package net.nvgate.gateway;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part that a thread of its own makes while other parts start. */
final class Meanwhile<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Meanwhile.class);

    /** Far more than reading files and making a key take. */
    private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

    private final String name;
    private final Duration closeMax;
    private final FutureTask<T> task;
    private final Consumer<T> end;

    /**
     * Begins.
     *
     * @param name of the part, for the log
     * @param end closes what was made
     */
    Meanwhile(String name, Callable<T> make, Consumer<T> end) {
        this(name, make, end, CLOSE_MAX);
    }

    /** @param closeMax how long {@link #close} waits at most for a part that is still being made */
    Meanwhile(String name, Callable<T> make, Consumer<T> end, Duration closeMax) {
        this.name = name;
        this.closeMax = closeMax;
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

    /**
     * Closes the part when it is made; one that could not be made needs no closing. One that takes too long is left to the end of the process.
     */
    @Override
    public void close() {
        try {
            end.accept(task.get(closeMax.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            LOG.debug("{}: nothing to close", name, e);
        } catch (TimeoutException e) {
            LOG.warn("{} is still being made after {} ms: it is left as it is, unclosed", name, closeMax.toMillis());
        } catch (InterruptedException e) {
            LOG.warn("interrupted: {} is left as it is, unclosed", name);
            Thread.currentThread().interrupt();
        }
    }
}
