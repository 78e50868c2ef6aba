package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.util.ArrayDeque;
import net.nvgate.fabric.sync.v1.CacheRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes the policy cache, and the queue before it. Everything queued is written before an fsync, so that
 * many deltas share one.
 */
final class CacheWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CacheWriter.class);

    /** What a step without policy in it counts for in the queue. */
    private static final int STEP_BYTES = 64;

    private static final long CLOSE_TIMEOUT_MS = 10_000;

    sealed interface Step {}

    record Begin(String fabricId) implements Step {}

    /** In bytes, as messages take several times as much memory. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares steps.
    record Chunk(byte[] chunk) implements Step {}

    record Commit(long revision) implements Step {}

    record Abort() implements Step {}

    record Append(CacheRecord record) implements Step {}

    private record Queued(Step step, int bytes) {}

    private final CacheFile file;
    private final CacheLimits limits;
    private final Counter writes;
    private final Counter errors;
    private final Thread thread;

    private final Object lock = new Object();
    private final ArrayDeque<Queued> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean closing;

    private volatile boolean behind;
    private volatile long fileBytes;

    /** Steps are skipped until the next snapshot begins. Of the thread. */
    private boolean failed;

    private long syncedNanos = System.nanoTime();

    CacheWriter(CacheFile file, CacheLimits limits, Counter writes, Counter errors) {
        this.file = file;
        this.limits = limits;
        this.writes = writes;
        this.errors = errors;
        this.thread = new Thread(this::run, "sync-cache");
        this.thread.setDaemon(true);
    }

    void start() {
        fileBytes = file.size();
        thread.start();
    }

    boolean isBehind() {
        return behind;
    }

    long fileBytes() {
        return fileBytes;
    }

    /**
     * Queues a step; waits for room at most {@link CacheLimits#stallTimeout}.
     *
     * @return false if there was none: the step and what follows it until the next snapshot is lost
     */
    boolean put(Step step, int bytes) {
        int cost = bytes + STEP_BYTES;
        long deadline = System.nanoTime() + limits.stallTimeout().toNanos();
        synchronized (lock) {
            // One step is always taken, however big it is.
            if (closing) {
                // From an apply thread that was left behind: what the file holds is whole, and stays.
                return true;
            }
            while (queuedBytes > 0 && queuedBytes + cost > limits.queueBytes()) {
                long leftMs = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0 || !await(leftMs)) {
                    behind = true;
                    errors.increment();
                    return false;
                }
            }
            queue.add(new Queued(step, cost));
            queuedBytes += cost;
            lock.notifyAll();
            return true;
        }
    }

    /** @return false if the thread was interrupted, and still is */
    @SuppressWarnings("WaitNotInLoop") // Every caller loops over its condition.
    private boolean await(long milliseconds) {
        try {
            lock.wait(milliseconds);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        try {
            Queued next = take();
            while (next != null) {
                write(next.step);
                next = take();
            }
        } finally {
            finish();
        }
    }

    /** The next step; null when closing and all is written. Calls for an fsync while there is nothing to do. */
    private @Nullable Queued take() {
        while (true) {
            long syncInMs = (syncedNanos + limits.syncInterval().toNanos() - System.nanoTime()) / 1_000_000;
            if (file.isUnsynced() && syncInMs <= 0) {
                sync();
            }
            synchronized (lock) {
                Queued next = queue.poll();
                if (next != null) {
                    queuedBytes -= next.bytes;
                    lock.notifyAll();
                    return next;
                }
                if (closing || !await(file.isUnsynced() ? Math.max(1, syncInMs) : 0)) {
                    return null;
                }
            }
        }
    }

    private void write(Step step) {
        if (failed && !(step instanceof Begin)) {
            return;
        }
        try {
            switch (step) {
                case Begin begin -> {
                    failed = false;
                    file.begin(begin.fabricId);
                }
                case Chunk chunk -> file.chunk(chunk.chunk);
                case Commit commit -> {
                    file.commit(commit.revision);
                    syncedNanos = System.nanoTime();
                    behind = false;
                }
                case Abort _ -> file.abort();
                case Append append -> file.append(append.record);
            }
            writes.increment();
            fileBytes = file.size();
        } catch (IOException e) {
            fail(e);
        }
    }

    private void sync() {
        syncedNanos = System.nanoTime();
        try {
            file.sync();
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException e) {
        failed = true;
        behind = true;
        errors.increment();
        log.error("Policy cache cannot be written and needs a snapshot; policy is applied as before", e);
    }

    private void finish() {
        if (file.isUnsynced()) {
            sync();
        }
        try {
            file.abort();
            file.close();
        } catch (IOException e) {
            log.warn("Policy cache does not close: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
