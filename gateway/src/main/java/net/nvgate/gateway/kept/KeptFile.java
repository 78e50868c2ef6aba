package net.nvgate.gateway.kept;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.kept.RefusedException.Reason;

/** A file that {@link KeptWriter} has written, checked as a whole before anything of it is used. Any thread may read it. */
public final class KeptFile implements AutoCloseable {

    /** Clocks are set: so much of the future is now. */
    private static final long AHEAD_MS_MAX = 5_000;

    private final Path file;
    private final FileChannel channel;
    private final KeptHeader header;
    private final long sinceMs;
    private boolean unlinked;

    private KeptFile(Path file, FileChannel channel, KeptHeader header, long sinceMs) {
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.sinceMs = sinceMs;
    }

    /** Takes rows one after the other. */
    public interface Rows {

        /**
         * A row.
         *
         * @param at its address, good until this returns
         */
        void row(KeptKind kind, long at);
    }

    /**
     * Opens the file and takes it away: whatever comes of it, no later start finds it again, unless it is {@link #giveBack given back}.
     * Until {@link #close} it is there under another name, see {@link #forget}; one that is refused is gone. Whether it is for now says
     * {@link #admit}.
     *
     * @param wallMs now
     * @throws RefusedException if it is not whole, or not this gateway's
     */
    public static KeptFile take(Path file, String node, String fabric, long wallMs) throws RefusedException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            Files.move(file, taken(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new RefusedException(Reason.UNREADABLE, e.toString());
        }
        try {
            KeptHeader header = checked(channel, node, fabric);
            return new KeptFile(file, channel, header, wallMs - header.writtenAtMs());
        } catch (RefusedException | RuntimeException e) {
            remove(file, channel);
            throw e;
        }
    }

    /**
     * Whether sessions may be made again of it.
     *
     * @param revision of the policy at hand
     * @throws RefusedException if not; then its rows say what has ended
     */
    public void admit(long revision, long ageMsMax) throws RefusedException {
        if (revision < header.revision()) {
            throw new RefusedException(
                    Reason.OLDER_POLICY,
                    "its sessions are of policy revision " + header.revision() + ", the one at hand is " + revision);
        }
        if (sinceMs > ageMsMax || sinceMs < -AHEAD_MS_MAX) {
            throw new RefusedException(
                    Reason.AGE,
                    "it was written " + sinceMs / 1_000 + " s ago, at most " + ageMsMax / 1_000
                            + " s may have gone by");
        }
    }

    private static Path taken(Path file) {
        return file.resolveSibling(file.getFileName() + ".taken");
    }

    /**
     * Deletes a file that somebody has taken and not closed.
     *
     * @return whether there was one
     */
    public static boolean forget(Path file) throws IOException {
        return Files.deleteIfExists(taken(file));
    }

    /** Nothing of it has been used: the next start shall find it as it was. What is left to be done is {@link #close}. */
    public void giveBack() throws IOException {
        Files.move(taken(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static KeptHeader checked(FileChannel channel, String node, String fabric) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer raw = ByteBuffer.allocate(KeptHeader.BYTES);
            // What is shorter than a header is no such file: the rest stays zero, and is none of one.
            var _ = readSome(channel, raw, 0);
            KeptHeader header = KeptHeader.decoded(raw.array());
            if (!header.identity().equals(KeptHeader.identity(node, fabric))) {
                throw new RefusedException(Reason.FOREIGN, "it is another gateway's, or of another fabric");
            }
            if (channel.size() != KeptHeader.BYTES + header.blocks() * KeptWriter.BLOCK) {
                throw new RefusedException(
                        Reason.CORRUPT,
                        "it has " + channel.size() + " bytes, not "
                                + (KeptHeader.BYTES + header.blocks() * KeptWriter.BLOCK));
            }
            if (header.crc() != crcOf(channel, header.blocks(), arena)) {
                throw new RefusedException(Reason.CORRUPT, "its checksum is wrong");
            }
            return header;
        } catch (IOException e) {
            throw new RefusedException(Reason.UNREADABLE, e.toString());
        }
    }

    private static int crcOf(FileChannel channel, long blocks, Arena arena) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer bytes = arena.allocate(KeptWriter.BLOCK).asByteBuffer();
        for (long i = 0; i < blocks; i++) {
            bytes.clear();
            readFully(channel, bytes, KeptHeader.BYTES + i * KeptWriter.BLOCK);
            bytes.flip();
            crc.update(bytes);
        }
        return (int) crc.getValue();
    }

    /** Every byte that the buffer has room for. */
    private static void readFully(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
        long end = readSome(channel, bytes, from);
        if (bytes.hasRemaining()) {
            throw new EOFException("it ends at byte " + end + ", and should have " + bytes.remaining() + " more");
        }
    }

    /** As much as there is; where that ends. */
    private static long readSome(FileChannel channel, ByteBuffer bytes, long from) throws IOException {
        long at = from;
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, at);
            if (read < 0) {
                break;
            }
            at += read;
        }
        return at;
    }

    /** Shows all rows in the order in which they were written. */
    public void forEach(Rows to) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment block = arena.allocate(KeptWriter.BLOCK, Long.BYTES);
            ByteBuffer bytes = block.asByteBuffer();
            for (long i = 0; i < header.blocks(); i++) {
                bytes.clear();
                readFully(channel, bytes, KeptHeader.BYTES + i * KeptWriter.BLOCK);
                show(block.address(), to);
            }
        }
    }

    private static void show(long block, Rows to) {
        KeptKind kind = KeptKind.ALL[Mem.i32(block)];
        int rows = Mem.i32(block + 4);
        for (int i = 0; i < rows; i++) {
            to.row(kind, block + KeptWriter.ROWS + (long) i * kind.bytes());
        }
    }

    /** Time that has gone by since it was written, ms. */
    public long elapsedMs() {
        return Math.max(0, sinceMs);
    }

    /** When it was written, ms since 1970. */
    public long writtenAtMs() {
        return header.writtenAtMs();
    }

    /** Deletes it: it can be read on until {@link #close}, by nobody but who has it. */
    public void unlink() throws IOException {
        var _ = forget(file);
        unlinked = true;
    }

    /**
     * Deletes it.
     *
     * @throws UncheckedIOException if that is not possible
     */
    @Override
    public void close() {
        try (channel) {
            if (!unlinked) {
                var _ = forget(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path file, FileChannel channel) {
        try (channel) {
            var _ = forget(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
