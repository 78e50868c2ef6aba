package net.nvgate.fabric.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * The files of an embedded store.
 *
 * <pre>
 *  fabric.db          the store, with fabric.db-wal and fabric.db-shm while it is open
 *  fabric.lock        locked by the process that may write
 *  fabric.db.restore  a store that is being written, to take the place of fabric.db
 *  fabric.db.old      the store whose place was taken last
 * </pre>
 */
record SqliteFiles(Path directory) {

    private static final int BUSY_TIMEOUT_MILLIS = 10_000;

    /** SQLite's own, 2 MiB, is too small for the inner pages of a large store. */
    private static final int WRITER_CACHE_KIBIBYTES = 64 << 10;

    /** 32 MiB. SQLite's own, 1000, writes the same pages into the file again after every few commits. See {@link SqliteCheckpoints}. */
    static final int CHECKPOINT_PAGES = 8192;

    Path database() {
        return directory.resolve("fabric.db");
    }

    Path restored() {
        return directory.resolve("fabric.db.restore");
    }

    private Path old() {
        return directory.resolve("fabric.db.old");
    }

    /** Makes the directory if it does not exist. */
    FileChannel lock() throws IOException {
        Files.createDirectories(directory);
        Path path = directory.resolve("fabric.lock");
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Another store of this process; the same answer as for another process.
        }
        channel.close();
        throw new StoreException("the store is open in another process: " + path + " is locked", null);
    }

    Connection connect(boolean readOnly) throws SQLException {
        return connect(database(), readOnly);
    }

    /** For the thread that commits. Keys are random, so commits to a large store touch pages all over it. */
    Connection connectWriter() throws SQLException {
        Connection connection = connect(false);
        try (Statement statement = connection.createStatement()) {
            // A negative size is in KiB.
            statement.execute("PRAGMA cache_size = " + -WRITER_CACHE_KIBIBYTES);
            statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
        }
        return connection;
    }

    static Connection connect(Path file, boolean readOnly) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setReadOnly(readOnly);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    /** Puts what is in the write-ahead log of a file that nobody else has open into the file itself. */
    static void settle(Path file) throws SQLException {
        try (Connection connection = connect(file, false);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            statement.execute("PRAGMA journal_mode = DELETE");
        }
    }

    /** The restored store takes the place of the present one, at no moment of which there is none. */
    void putRestoredInPlace() throws SQLException, IOException {
        settle(restored());
        if (Files.exists(database())) {
            settle(database());
            Files.deleteIfExists(old());
            Files.createLink(old(), database());
        }
        Files.move(restored(), database(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    void deleteRestored() throws IOException {
        for (String suffix : new String[] {"", "-wal", "-shm", "-journal"}) {
            Files.deleteIfExists(Path.of(restored() + suffix));
        }
    }
}
