package net.nvgate.fabric.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.nvgate.fabric.store.SqliteStore;
import org.slf4j.LoggerFactory;

/** Runs many histories, each of them decided by its seed alone. */
final class Simulator {

    static final int STEPS = 18;

    private static final Path MEMORY = Path.of("/dev/shm");

    private final Path directory;
    private final Datacenter datacenter;

    /** @param directory empty, on a fast disk */
    Simulator(Path directory) {
        this.directory = directory;
        datacenter = new Datacenter(directory);
    }

    /** Where files are in memory, if there is such a place here. */
    static Path parent() {
        return Files.isWritable(MEMORY) ? MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** Faults are what a history is made of: the product's log would be full of them. */
    static void silence() {
        ((Logger) LoggerFactory.getLogger("net.nvgate")).setLevel(Level.OFF);
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** @throws AssertionError with the seed, and how to run it again */
    Simulation.Result run(long seed, int worker) {
        return run(seed, worker, Bug.NONE);
    }

    /** The same with a bug in it. */
    Simulation.Result run(long seed, int worker, Bug bug) {
        try {
            Path mine = directory.resolve("worker" + worker);
            SqliteStore store = datacenter.copy(seed, mine);
            return Simulation.run(store, datacenter.content(seed), mine, seed, STEPS, bug);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "history of seed " + seed + " fails; again: SimulatorMain " + seed + " 1\n" + e.getMessage(), e);
        }
    }

    /** Histories of consecutive seeds up to the first that fails; returns the revisions they made. */
    long run(long first, long count, int workers) throws InterruptedException, ExecutionException {
        return run(first, count, workers, failure -> {
            throw failure;
        });
    }

    /** Histories of consecutive seeds; returns the revisions that the good ones made. */
    long run(long first, long count, int workers, Consumer<AssertionError> onFailure)
            throws InterruptedException, ExecutionException {
        AtomicLong next = new AtomicLong(first);
        List<Future<Long>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
            for (int i = 0; i < workers; i++) {
                int worker = i;
                running.add(pool.submit(() -> {
                    long revisions = 0;
                    for (long seed = next.getAndIncrement(); seed < first + count; seed = next.getAndIncrement()) {
                        revisions += revisions(seed, worker, onFailure);
                    }
                    return revisions;
                }));
            }
        }
        long revisions = 0;
        for (Future<Long> each : running) {
            revisions += each.get();
        }
        return revisions;
    }

    /** The first of some seeds whose history fails with this bug in it; empty if none does. */
    OptionalLong find(Bug bug, long count) {
        return LongStream.rangeClosed(1, count)
                .filter(seed -> {
                    try {
                        run(seed, 0, bug);
                        return false;
                    } catch (AssertionError e) {
                        return true;
                    }
                })
                .findFirst();
    }

    private int revisions(long seed, int worker, Consumer<AssertionError> onFailure) {
        try {
            return run(seed, worker).revisions();
        } catch (AssertionError e) {
            onFailure.accept(e);
            return 0;
        }
    }
}
