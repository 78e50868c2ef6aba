package net.nvgate.fabric.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded store: one SQLite file, one process.
 *
 * <p>WAL with synchronous=FULL: a commit is on disk when it returns, and readers see the last commit while the writer
 * works. All writes go through one thread ({@link SqliteWriter}); every watch has a thread.
 */
public final class SqliteStore implements FabricStore {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    public static final long HISTORY_REVISIONS_DEFAULT = 100_000;

    private static final int TAIL_REVISIONS = 4096;
    private static final int TAIL_CHANGES = 20_000;
    private static final int WATCHES_MAX = 64;

    private final SqliteFiles files;
    private final SqliteReaders readers;
    private final FileChannel lock;
    private final UUID fabricId;
    private final String lineage;
    private final RevisionTail tail;
    private final SqliteWriter writer;
    private final Set<LogWatch> watches = ConcurrentHashMap.newKeySet();
    /** Until the next commit: those who follow the store read it one after the other when a manager starts. */
    private volatile Optional<StoreSnapshot> lastRead = Optional.empty();

    private SqliteStore(SqliteFiles files, FileChannel lock, long historyRevisions, Clock clock) throws SQLException {
        this.lock = lock;
        this.files = files;
        readers = new SqliteReaders(files);
        Connection connection = files.connectWriter();
        SqliteSchema.migrate(connection, UUID.randomUUID(), clock.millis());
        SqliteReader.Position position = new SqliteReader(connection).position();
        if (!position.fenced().isEmpty()) {
            connection.close();
            throw new StoreFencedException(position.fenced());
        }
        fabricId = position.fabricId();
        lineage = position.lineage();
        tail = new RevisionTail(TAIL_REVISIONS, TAIL_CHANGES, position.head());
        SqliteCheckpoints checkpoints = new SqliteCheckpoints(files.connect(false));
        writer = new SqliteWriter(connection, checkpoints, tail, position.compacted(), historyRevisions, clock);
        writer.start();
    }

    public static SqliteStore open(Path directory) {
        return open(directory, HISTORY_REVISIONS_DEFAULT, Clock.systemUTC());
    }

    /**
     * Opens the store in a directory, makes it if there is none.
     *
     * @param historyRevisions revisions that the log keeps
     * @throws StoreException if another process has it open, the file is damaged or of a newer version
     */
    public static SqliteStore open(Path directory, long historyRevisions, Clock clock) {
        try {
            SqliteFiles files = new SqliteFiles(directory);
            FileChannel lock = files.lock();
            try {
                return new SqliteStore(files, lock, historyRevisions, clock);
            } catch (SQLException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (SQLException | IOException e) {
            throw new StoreException("cannot open the store in " + directory + ": " + e.getMessage(), e);
        }
    }

    @Override
    public UUID fabricId() {
        return fabricId;
    }

    @Override
    public String lineage() {
        return lineage;
    }

    @Override
    public long head() {
        return tail.head();
    }

    @Override
    public long compacted() {
        return writer.compacted();
    }

    @Override
    public StoreSnapshot snapshot() {
        Optional<StoreSnapshot> last = lastRead.filter(known -> known.revision() == head());
        if (last.isPresent()) {
            return last.get();
        }
        StoreSnapshot snapshot = readers.read(SqliteReader::snapshot);
        lastRead = Optional.of(snapshot);
        return snapshot;
    }

    @Override
    public List<RevisionChanges> changes(long after, int limit) {
        if (after < 0 || limit < 1) {
            throw new IllegalArgumentException("after " + after + ", limit " + limit);
        }
        long compacted = compacted();
        if (after < compacted) {
            throw new CompactedException(after, compacted);
        }
        return tail.read(after, limit).orElseGet(() -> readers.read(reader -> reader.changes(after, limit)));
    }

    @Override
    public Optional<RevisionChanges> change(long revision, UUID id) {
        long compacted = compacted();
        if (revision <= compacted) {
            throw new CompactedException(revision - 1, compacted);
        }
        return readers.read(reader -> reader.change(revision, id));
    }

    @Override
    public Optional<Long> deletion(UUID id) {
        return readers.read(reader -> reader.deletion(id));
    }

    @Override
    public Outcome apply(Transaction transaction) {
        lastRead = Optional.empty();
        return await(writer.submit(transaction));
    }

    @Override
    public void compact(long revision) {
        await(writer.compact(revision));
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while the transaction was in work", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException known) {
                throw known;
            }
            throw new StoreException("cannot commit", e.getCause());
        }
    }

    @Override
    public Subscription watch(long after, Listener listener) {
        if (after < 0 || after > head()) {
            throw new IllegalArgumentException("no revision " + after + " yet, head is " + head());
        }
        if (watches.size() >= WATCHES_MAX) {
            throw new StoreException("more than " + WATCHES_MAX + " watches", null);
        }
        long compacted = compacted();
        if (after < compacted) {
            throw new CompactedException(after, compacted);
        }
        try {
            LogWatch.LogReader reader = logReader(new SqliteReader(files.connect(true)));
            LogWatch[] self = new LogWatch[1];
            LogWatch watch = new LogWatch(after, tail, reader, listener, () -> watches.remove(self[0]));
            self[0] = watch;
            watches.add(watch);
            watch.start();
            return watch;
        } catch (SQLException e) {
            throw new StoreException("cannot watch the store: " + e.getMessage(), e);
        }
    }

    private static LogWatch.LogReader logReader(SqliteReader reader) {
        return new LogWatch.LogReader() {
            @Override
            public List<RevisionChanges> changes(long after, int limit) {
                try {
                    return reader.changes(after, limit);
                } catch (SQLException e) {
                    throw new StoreException("cannot read the log: " + e.getMessage(), e);
                }
            }

            @Override
            public void close() {
                try {
                    reader.close();
                } catch (SQLException e) {
                    LOG.warn("closing the connection of a watch: {}", e.toString());
                }
            }
        };
    }

    /** Commits what is queued; later calls fail. */
    @Override
    public void close() {
        // First: the last connection to close puts the write-ahead log into the file, and cannot if it only reads.
        readers.close();
        writer.close();
        tail.close();
        watches.forEach(LogWatch::close);
        try {
            lock.close();
        } catch (IOException e) {
            throw new StoreException("cannot unlock the store", e);
        }
    }
}
