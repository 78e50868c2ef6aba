package net.nvgate.fabric.sync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.v1.CacheHeader;
import net.nvgate.fabric.sync.v1.CacheRecord;
import net.nvgate.fabric.sync.v1.SnapshotChunk;
import net.nvgate.fabric.sync.v1.SnapshotEnd;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache on disk. One file holds a snapshot and the deltas after it; a new snapshot, from the manager or by folding
 * the deltas in, is written beside it and takes its place by rename, so that there is one valid file at any moment.
 * Used by one thread.
 *
 * <pre>
 *  policy.cache      header chunk chunk ... end | delta delta progress delta ...   appended
 *  policy.cache.new  header chunk chunk ...       written, fsynced, renamed to policy.cache, directory fsynced
 *  policy.cache.bad  the last file that could not be used, for people
 * </pre>
 */
final class CacheFile implements AutoCloseable {

    static final String NAME = "policy.cache";

    private static final Logger log = LoggerFactory.getLogger(CacheFile.class);
    private static final int FOLD_CHUNK_BYTES = 256 << 10;

    private final NodeId node;
    private final CacheLimits limits;
    private final Path directory;
    private final Path path;
    private final Path next;

    private @Nullable FileChannel current;
    private long size;
    private long foldAtSize;

    private @Nullable FileChannel writing;
    private boolean unsynced;

    CacheFile(Path directory, NodeId node, CacheLimits limits) throws IOException {
        this.node = node;
        this.limits = limits;
        this.directory = Files.createDirectories(directory);
        this.path = directory.resolve(NAME);
        this.next = directory.resolve(NAME + ".new");
    }

    long size() {
        return size;
    }

    /**
     * Reads the policy and cuts off a torn tail.
     *
     * @param stop asked between chunks; true = give up
     * @return empty if there is no cache, or it cannot be used and was moved aside, or was given up
     */
    Optional<PolicyCache.Cached> load(BooleanSupplier stop) throws IOException {
        if (Files.notExists(path)) {
            return Optional.empty();
        }
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            CacheIndex index = CacheIndex.read(file, node);
            List<PolicyObject> objects = new ArrayList<>();
            index.objects(file, stop, entry -> objects.add(entry.object()));
            if (stop.getAsBoolean()) {
                file.close();
                return Optional.empty();
            }
            cutTail(file, index);
            append(file, index.snapshotEnd());
            return Optional.of(new PolicyCache.Cached(
                    index.header().getFabricId(), new PolicySnapshot(index.revision(), objects)));
        } catch (CacheRecords.CorruptException | ModelException e) {
            file.close();
            Path aside = directory.resolve(NAME + ".bad");
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            log.error("Policy cache cannot be used and is moved to {}: {}", aside, e.getMessage());
            return Optional.empty();
        }
    }

    private void cutTail(FileChannel file, CacheIndex index) throws IOException {
        long lost = file.size() - index.validEnd();
        if (lost > 0) {
            log.warn(
                    "Policy cache {} is cut at offset {}, revision {}; {} bytes are dropped: {}",
                    path,
                    index.validEnd(),
                    index.revision(),
                    lost,
                    index.problem());
            file.truncate(index.validEnd());
            file.force(true);
        }
    }

    private void append(FileChannel file, long snapshotEnd) throws IOException {
        close();
        current = file;
        size = file.size();
        long logBytesMax = Math.clamp(snapshotEnd / 4, limits.logBytesMin(), limits.logBytesMax());
        foldAtSize = snapshotEnd + logBytesMax;
        file.position(size);
    }

    /** Begins a snapshot beside the current file; one begun before is forgotten. */
    void begin(String fabricId) throws IOException {
        abort();
        writing = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        CacheHeader header = CacheHeader.newBuilder()
                .setFormat(CacheIndex.FORMAT)
                .setKind(PolicyCodec.encode(node.kind()))
                .setName(node.name())
                .setFabricId(fabricId)
                .build();
        write(writing, CacheRecord.newBuilder().setHeader(header).build());
    }

    /** @param record as {@link CacheRecords#encode} makes it */
    void chunk(byte[] record) throws IOException {
        write(begun(), record);
    }

    /** The snapshot is whole: makes it the cache, durably. */
    void commit(long revision) throws IOException {
        FileChannel file = begun();
        SnapshotEnd end = SnapshotEnd.newBuilder().setRevision(revision).build();
        write(file, CacheRecord.newBuilder().setEnd(end).build());
        file.force(true);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory();
        writing = null;
        append(file, file.size());
        unsynced = false;
    }

    private FileChannel begun() {
        if (writing == null) {
            throw new IllegalStateException("no snapshot was begun");
        }
        return writing;
    }

    /** Forgets a snapshot that was begun. */
    void abort() throws IOException {
        if (writing != null) {
            writing.close();
            writing = null;
            Files.deleteIfExists(next);
        }
    }

    private void syncDirectory() throws IOException {
        try (FileChannel handle = FileChannel.open(directory, StandardOpenOption.READ)) {
            handle.force(true);
        }
    }

    /**
     * Appends a delta or progress. Durable against a crash of the process when it returns, against a power cut after
     * {@link #sync}.
     */
    void append(CacheRecord record) throws IOException {
        FileChannel file = current;
        if (file == null) {
            throw new IOException("there is no snapshot to append to");
        }
        try {
            size += write(file, record);
        } catch (IOException e) {
            // Half a record must not be in the way of the next one.
            file.truncate(size);
            file.position(size);
            throw e;
        }
        unsynced = true;
        if (size > foldAtSize) {
            tryFold();
        }
    }

    private void tryFold() throws IOException {
        try {
            fold();
        } catch (IOException e) {
            // The file is as good as before, only longer.
            abort();
            foldAtSize = size + limits.logBytesMax();
            log.warn("Policy cache stays at {} bytes: {}", size, e.getMessage());
        }
    }

    boolean isUnsynced() {
        return unsynced;
    }

    void sync() throws IOException {
        if (current != null) {
            current.force(false);
        }
        unsynced = false;
    }

    /** Makes one snapshot of the snapshot and the deltas. */
    private void fold() throws IOException {
        long before = size;
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            CacheIndex index = CacheIndex.read(file, node);
            if (index.problem() != null) {
                throw new IOException("policy cache cannot be folded: " + index.problem());
            }
            begin(index.header().getFabricId());
            Chunks chunks = new Chunks(begun());
            index.objects(file, () -> false, chunks::add);
            chunks.flush();
            commit(index.revision());
        } catch (CacheRecords.CorruptException e) {
            throw new IOException("policy cache cannot be folded: " + e.getMessage(), e);
        }
        log.info("Policy cache folded from {} to {} bytes", before, size);
    }

    private static int write(FileChannel file, CacheRecord record) throws IOException {
        return write(file, CacheRecords.encode(record));
    }

    private static int write(FileChannel file, byte[] record) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(record);
        int length = bytes.remaining();
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        return length;
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
            current = null;
        }
    }

    /** Gathers objects into chunks. */
    private static final class Chunks {

        private final FileChannel file;
        private SnapshotChunk.Builder chunk = SnapshotChunk.newBuilder();
        private int bytes;
        private @Nullable IOException failure;

        Chunks(FileChannel file) {
            this.file = file;
        }

        void add(CacheIndex.Entry entry) {
            chunk.addObjects(entry.wire());
            bytes += entry.wire().getSerializedSize();
            if (bytes >= FOLD_CHUNK_BYTES && failure == null) {
                try {
                    flush();
                } catch (IOException e) {
                    failure = e;
                }
            }
        }

        void flush() throws IOException {
            if (failure != null) {
                throw failure;
            }
            if (bytes > 0) {
                write(file, CacheRecord.newBuilder().setChunk(chunk).build());
                chunk = SnapshotChunk.newBuilder();
                bytes = 0;
            }
        }
    }
}
