package net.nvgate.fabric.netwnv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Imports again when files change, and at intervals besides: file systems of other machines do not tell of changes, and the fabric may
 * have been changed by others. After a change it waits until files have been quiet for a while.
 */
public final class ImportFollower {

    /** After so many times of waiting for quiet the import is tried all the same. */
    private static final int WAITS_MAX = 100;

    private static final List<WatchEvent.Kind<Path>> KINDS = List.of(
            StandardWatchEventKinds.ENTRY_CREATE,
            StandardWatchEventKinds.ENTRY_MODIFY,
            StandardWatchEventKinds.ENTRY_DELETE);

    private final ImportRun run;
    private final Duration interval;
    private final Duration settle;
    private final Consumer<ImportRun.Outcome> outcomes;

    /**
     * @param interval between imports while nothing changes
     * @param settle how long files must be quiet
     * @param outcomes is told of each import
     */
    public ImportFollower(ImportRun run, Duration interval, Duration settle, Consumer<ImportRun.Outcome> outcomes) {
        this.run = run;
        this.interval = interval;
        this.settle = settle;
        this.outcomes = outcomes;
    }

    /**
     * Imports at once, and then until the thread is interrupted.
     *
     * @throws IOException if the directories cannot be watched
     */
    public void follow() throws IOException {
        try (WatchService watch = run.places().getFirst().getFileSystem().newWatchService()) {
            while (!Thread.currentThread().isInterrupted()) {
                // Those that are new since the last time are watched before they are read.
                register(watch);
                outcomes.accept(run.run());
                if (await(watch, interval)) {
                    for (int waits = 0; waits < WAITS_MAX && await(watch, settle); waits++) {
                        register(watch);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void register(WatchService watch) throws IOException {
        for (Path place : run.places()) {
            Path root =
                    Files.isDirectory(place) ? place : place.toAbsolutePath().getParent();
            if (root == null || !Files.isDirectory(root)) {
                continue;
            }
            try (Stream<Path> directories = Files.walk(root, 1)) {
                for (Path directory : directories.filter(Files::isDirectory).toList()) {
                    directory.register(watch, KINDS.toArray(WatchEvent.Kind<?>[]::new));
                }
            }
        }
    }

    /** True if something changed in time. */
    private static boolean await(WatchService watch, Duration time) throws InterruptedException {
        WatchKey key = watch.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        boolean changed = key != null;
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = watch.poll();
        }
        return changed;
    }
}
