package net.nvgate.gateway.kept;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32C;
import net.nvgate.gateway.dpdk.Mem;

/**
 * Writes the file: a header, then blocks of one size, each with rows of one kind.
 *
 * <pre>
 *  block, 64 KiB:  0 kind (i32)   4 rows (i32)   8 0 (i64)   16 rows
 * </pre>
 *
 * It is there under its name once all is written. Not forced to the disk: what a power cut leaves of it has a wrong checksum. One thread.
 */
public final class KeptWriter implements AutoCloseable {

    static final int BLOCK = 1 << 16;
    static final int ROWS = 16;

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final Path unfinished;
    private final FileChannel channel;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment block;
    private final ByteBuffer bytes;
    private final CRC32C crc = new CRC32C();
    private KeptKind kind = KeptKind.TENANT;
    private int rows;
    private long blocks;
    private long allRows;

    /** Begins to write in the place of the file there may be. */
    public KeptWriter(Path file) throws IOException {
        this.file = file;
        this.unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, OWNER_ONLY);
        channel = FileChannel.open(unfinished, StandardOpenOption.WRITE);
        channel.position(KeptHeader.BYTES);
        block = arena.allocate(BLOCK, Long.BYTES);
        bytes = block.asByteBuffer();
    }

    /** Address of one more row, all zero; good until the next one. */
    @SuppressWarnings("EnumOrdinal") // Read back by the same enum, see KeptKind.layoutHash.
    public long row(KeptKind wanted) throws IOException {
        if (wanted != kind || ROWS + (rows + 1) * kind.bytes() > BLOCK) {
            flush();
            kind = wanted;
        }
        long address = block.address();
        if (rows == 0) {
            Mem.i32(address, kind.ordinal());
        }
        rows++;
        allRows++;
        Mem.i32(address + 4, rows);
        return address + ROWS + (long) (rows - 1) * kind.bytes();
    }

    private void flush() throws IOException {
        if (rows == 0) {
            return;
        }
        bytes.clear();
        crc.update(bytes);
        bytes.clear();
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        block.fill((byte) 0);
        rows = 0;
        blocks++;
    }

    /** All rows are written: the file takes its name. */
    public void finish(String node, String fabric, long revision, long wallMs) throws IOException {
        flush();
        KeptHeader header =
                new KeptHeader(wallMs, revision, KeptHeader.identity(node, fabric), blocks, (int) crc.getValue());
        ByteBuffer encoded = header.encoded();
        for (long at = 0; encoded.hasRemaining(); ) {
            at += channel.write(encoded, at);
        }
        channel.close();
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Rows so far. */
    public long rows() {
        return allRows;
    }

    /** What was not finished is gone. */
    @Override
    public void close() throws IOException {
        arena.close();
        channel.close();
        Files.deleteIfExists(unfinished);
    }
}
