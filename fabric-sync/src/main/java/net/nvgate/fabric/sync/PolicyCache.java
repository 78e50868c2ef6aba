package net.nvgate.fabric.sync;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.v1.CacheRecord;
import net.nvgate.fabric.sync.v1.Delta;
import net.nvgate.fabric.sync.v1.Progress;
import net.nvgate.fabric.sync.v1.SnapshotChunk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last policy on disk, so that a follower forwards before, and without, the manager.
 *
 * <p>Writing is ordered and done by a thread of its own, behind a queue bounded in bytes: policy is applied, then
 * acknowledged, then written. So <em>the cache may lag what is applied, it never leads</em>: after a crash the follower
 * starts from a slightly older revision and asks for the rest. Killing the process at any moment loses at most what is
 * in the queue; a power cut at most one {@link CacheLimits#syncInterval} more.
 *
 * <p>If the disk fails or is too slow for the queue, the file keeps the last good revision, {@link #isBehind} turns true,
 * and the next snapshot mends it: policy never waits for a broken disk.
 *
 * <p>Called by one thread (the one that applies policy), except {@link #isBehind}.
 */
public final class PolicyCache implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PolicyCache.class);

    /** A revision without changes is worth a record so often: it keeps the resume point within the manager's history. */
    private static final long PROGRESS_NANOS = 10_000_000_000L;

    private final CacheFile file;
    private final CacheWriter writer;
    private final Gauge[] gauges;
    private final MeterRegistry registry;

    /** Skips what comes until the next snapshot begins. */
    private boolean lost = true;

    private long queuedRevision;
    private long progressRevision;
    private long progressNanos = System.nanoTime();

    /**
     * What was found on disk.
     *
     * @param fabricId identity of the store the revision belongs to
     */
    public record Cached(String fabricId, PolicySnapshot snapshot) {}

    /**
     * @param directory made if absent; holds files named policy.cache*
     * @param node whose policy; a file of another node is not used
     * @throws IOException if the directory cannot be made
     */
    public PolicyCache(Path directory, NodeId node, CacheLimits limits, MeterRegistry registry) throws IOException {
        this.registry = registry;
        this.file = new CacheFile(directory, node, limits);
        this.writer = new CacheWriter(
                file,
                limits,
                Counter.builder("nvgate.sync.cache.writes")
                        .description("Records written to the policy cache")
                        .register(registry),
                SyncMetrics.errors(registry, "cache"));
        this.gauges = new Gauge[] {
            Gauge.builder("nvgate.sync.cache.bytes", writer, CacheWriter::fileBytes)
                    .strongReference(true)
                    .description("Size of the policy cache file")
                    .baseUnit("bytes")
                    .register(registry),
            Gauge.builder("nvgate.sync.cache.behind", this, c -> c.isBehind() ? 1 : 0)
                    .strongReference(true)
                    .description("1 while the policy cache has lost track and waits for a snapshot")
                    .register(registry)
        };
    }

    /** As {@link #load(BooleanSupplier)}, to its end. */
    public Optional<Cached> load() throws IOException {
        return load(() -> false);
    }

    /**
     * Reads the policy; called once, before anything is written. A torn tail is cut off and logged, a file that cannot
     * be used is moved aside and logged.
     *
     * @param stop asked between chunks; true = give up, as if there were no cache
     * @throws IOException if the file cannot be read
     */
    public Optional<Cached> load(BooleanSupplier stop) throws IOException {
        try {
            Optional<Cached> cached = file.load(stop);
            cached.ifPresent(found -> {
                lost = false;
                queuedRevision = found.snapshot().revision();
                progressRevision = queuedRevision;
            });
            return cached;
        } finally {
            writer.start();
        }
    }

    /** True if the cache has lost track of policy: only a snapshot helps. */
    public boolean isBehind() {
        return writer.isBehind();
    }

    /** A snapshot begins to come in; the current cache stays valid until {@link #commitSnapshot}. */
    void beginSnapshot(String fabricId) {
        lost = false;
        put(new CacheWriter.Begin(fabricId), 0);
    }

    void chunk(SnapshotChunk chunk) {
        if (!lost) {
            byte[] record =
                    CacheRecords.encode(CacheRecord.newBuilder().setChunk(chunk).build());
            put(new CacheWriter.Chunk(record), record.length);
        }
    }

    /** The snapshot has been applied. */
    void commitSnapshot(long revision) {
        put(new CacheWriter.Commit(revision), 0);
        queuedRevision = revision;
        progressRevision = revision;
    }

    /** The snapshot was not applied; the cache stays as it was. */
    void abortSnapshot() {
        put(new CacheWriter.Abort(), 0);
    }

    /** The delta has been applied. */
    void delta(Delta delta) {
        // Progress in between need not have been written: the cache's own revision is what this delta follows.
        Delta following = delta.getFrom() == queuedRevision
                ? delta
                : delta.toBuilder().setFrom(queuedRevision).build();
        put(
                new CacheWriter.Append(
                        CacheRecord.newBuilder().setDelta(following).build()),
                following.getSerializedSize());
        queuedRevision = delta.getTo();
        progressRevision = queuedRevision;
    }

    /** Nothing changed up to this revision. */
    void progress(long revision) {
        progressRevision = revision;
        long now = System.nanoTime();
        if (now - progressNanos >= PROGRESS_NANOS) {
            progressNanos = now;
            writeProgress();
        }
    }

    private void writeProgress() {
        if (progressRevision > queuedRevision) {
            Progress progress =
                    Progress.newBuilder().setRevision(progressRevision).build();
            put(
                    new CacheWriter.Append(
                            CacheRecord.newBuilder().setProgress(progress).build()),
                    0);
            queuedRevision = progressRevision;
        }
    }

    private void put(CacheWriter.Step step, int bytes) {
        if (lost) {
            return;
        }
        if (!writer.put(step, bytes)) {
            lost = true;
            log.error("Policy cache is too slow and falls behind; it needs a snapshot. Policy is applied as before");
        }
    }

    /** Writes what is queued, makes it durable and ends the thread. */
    @Override
    public void close() {
        writeProgress();
        writer.close();
        for (Gauge gauge : gauges) {
            registry.remove(gauge);
        }
    }
}
