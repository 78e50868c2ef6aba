package net.nvgate.fabric.store.backup;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.store.DumpHeader;
import net.nvgate.fabric.store.DumpSink;
import net.nvgate.fabric.store.DumpSource;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoredJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A backup in a file. Read and written in one pass; neither needs memory for more than one revision, and checking it for
 * an id and a few keys per object.
 *
 * <pre>
 *  nvgate-backup 1 LF                  what it is, and the version of this format
 *  gzip of lines in UTF-8:
 *    header, objects, guards, log      as {@link net.nvgate.fabric.store.DumpLines} says
 *    {"sha256":"HEX"}                  of all lines before it, with their LF
 * </pre>
 */
public final class BackupFile implements DumpSource {

    private static final String MAGIC = "nvgate-backup ";
    private static final int VERSION = 1;
    private static final int FIRST_LINE_MAX = 64;

    private final Path file;

    public BackupFile(Path file) {
        this.file = file;
    }

    /**
     * What is in a backup.
     *
     * @param sha256 of its lines
     */
    public record Summary(UUID fabricId, long revision, long compacted, long objects, String sha256) {

        static Summary of(DumpCheck.Summary summary) {
            DumpHeader header = summary.header();
            return new Summary(
                    header.fabricId(), header.revision(), header.compacted(), summary.objects(), summary.sha256());
        }
    }

    /**
     * Writes what the source holds, and reads it again; the file is there when it is complete, on disk and good, and not
     * before.
     *
     * @throws StoreException if it cannot be written, or what was written is not what the source holds
     */
    public static Summary write(DumpSource source, Path file) {
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        try {
            Summary summary;
            try (FileChannel channel = FileChannel.open(
                            unfinished,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                out.write((MAGIC + VERSION + "\n").getBytes(StandardCharsets.US_ASCII));
                GZIPOutputStream zip = new GZIPOutputStream(out, 1 << 16);
                Writer lines = new BufferedWriter(new OutputStreamWriter(zip, StandardCharsets.UTF_8), 1 << 16);
                BackupWriter writer = new BackupWriter(lines);
                source.copyTo(writer);
                lines.flush();
                zip.finish();
                channel.force(true);
                summary = Summary.of(writer.summary());
            }
            verifyWritten(unfinished, summary);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return summary;
        } catch (IOException e) {
            throw new StoreException("cannot write " + file + ": " + e, e);
        }
    }

    private static void verifyWritten(Path unfinished, Summary summary) throws IOException {
        try {
            if (!new BackupFile(unfinished).verify().equals(summary)) {
                throw new StoreException("what was written is not what was read", null);
            }
        } catch (StoreException e) {
            Files.delete(unfinished);
            throw e;
        }
    }

    /** @throws StoreException if the file is not a backup, was cut off or altered, or is of a newer format */
    public Summary verify() {
        DumpCheck check = new DumpCheck();
        read(check);
        return Summary.of(check.summary());
    }

    @Override
    public void copyTo(DumpSink sink) {
        read(new Tee(new DumpCheck(), sink));
    }

    private void read(DumpSink to) {
        try (InputStream in = Files.newInputStream(file)) {
            checkFirstLine(in);
            // Its checksum is over the lines as they are read: of a piece that this program would write otherwise, too.
            LineDigest digest = new LineDigest();
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(in, 1 << 16), StandardCharsets.UTF_8), 1 << 16)) {
                readLines(lines, digest, to);
            }
        } catch (IOException e) {
            throw new StoreException(
                    "the backup " + file + " cannot be read: it was cut off or altered (" + e + ")", e);
        } catch (StoreException e) {
            throw new StoreException("the backup " + file + " cannot be used: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new StoreException("the backup " + file + " was altered: " + e.getMessage(), e);
        }
    }

    private static void checkFirstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c > 0 && c != '\n' && line.length() < FIRST_LINE_MAX; c = in.read()) {
            line.append((char) c);
        }
        String text = line.toString();
        if (!text.startsWith(MAGIC)) {
            throw new StoreException("this is not a backup of nvgate", null);
        }
        if (!text.equals(MAGIC + VERSION)) {
            throw new StoreException(
                    "it has format version " + text.substring(MAGIC.length()) + ", this program knows " + VERSION,
                    null);
        }
    }

    private static void readLines(BufferedReader lines, LineDigest digest, DumpSink to) throws IOException {
        boolean begun = false;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode node = FabricJson.mapper().readTree(line);
            if (!begun) {
                to.begin(FabricJson.mapper().treeToValue(node, DumpHeader.class));
                begun = true;
            } else if (node.has("sha256")) {
                checkEnd(node.required("sha256").stringValue(), digest, lines.readLine());
                to.end();
                return;
            } else if (node.has("object")) {
                to.object(StoredJson.readObject(node));
            } else if (node.has("guard")) {
                to.guard(
                        node.required("guard").stringValue(),
                        node.required("passed").longValue());
            } else {
                to.revision(StoredJson.readRevision(node).changes());
            }
            digest.add(line);
        }
        throw new StoreException("it was cut off: its last line is missing", null);
    }

    private static void checkEnd(String sha256, LineDigest digest, @Nullable String rest) {
        if (!sha256.equals(digest.hex()) || rest != null) {
            throw new StoreException("its checksum is wrong: it was altered", null);
        }
    }

    @Override
    public void close() {
        // Open only while it is read.
    }
}
