package net.nvgate.fabric.store.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import net.nvgate.fabric.model.FabricJson;
import net.nvgate.fabric.store.StoreException;

/**
 * What a manager that has begun to move its store finds when it starts again: a file in its state directory. It is there from
 * before the old store is fenced until the configuration names the new one.
 */
public final class MoveJournal {

    private final Path directory;

    public MoveJournal(Path directory) {
        this.directory = directory;
    }

    /**
     * A move.
     *
     * @param from name of the old place
     * @param to name of the new place
     * @param token of the store that was written there
     * @param done false: whether it was put in place is to be seen there
     */
    public record Entry(String from, String to, String token, boolean done) {}

    private Path file() {
        return directory.resolve("store-move.json");
    }

    public Optional<Entry> read() {
        try {
            return Files.exists(file())
                    ? Optional.of(FabricJson.read(Files.readString(file()), Entry.class))
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            throw new StoreException("cannot read " + file() + ": " + e.getMessage(), e);
        }
    }

    /** On disk when it returns. */
    void write(Entry entry) {
        Path unfinished = directory.resolve("store-move.json.part");
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(FabricJson.write(entry).getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.move(unfinished, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync();
        } catch (IOException e) {
            throw new StoreException("cannot write " + file() + ": " + e, e);
        }
    }

    /** There was no move, or everybody knows of it. */
    public void clear() {
        try {
            if (Files.deleteIfExists(file())) {
                sync();
            }
        } catch (IOException e) {
            throw new StoreException("cannot delete " + file() + ": " + e, e);
        }
    }

    private void sync() throws IOException {
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
