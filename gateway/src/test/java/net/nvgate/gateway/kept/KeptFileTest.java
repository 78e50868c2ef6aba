package net.nvgate.gateway.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.kept.RefusedException.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is read as it was written, or not at all. */
class KeptFileTest {

    private static final int ROWS = 3_000;
    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("sessions.kept");
        try (KeptWriter out = new KeptWriter(file)) {
            Mem.i64(out.row(KeptKind.TENANT), 4711);
            for (int i = 0; i < ROWS; i++) {
                Mem.i64(out.row(KeptKind.SESSION) + 40, i);
            }
            out.finish("gw1", "fabric", 7, NOW);
        }
    }

    private KeptFile take(String node, String fabric, long revision, long now) throws RefusedException {
        KeptFile taken = KeptFile.take(file, node, fabric, now);
        try {
            taken.admit(revision, 600_000);
            return taken;
        } catch (RefusedException e) {
            taken.close();
            throw e;
        }
    }

    private void refused(Reason reason) {
        refused(reason, "gw1", "fabric", 7, NOW);
    }

    private void refused(Reason reason, String node, String fabric, long revision, long now) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> take(node, fabric, revision, now))
                .satisfies(e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
        assertThat(directory).as("no later start tries again").isEmptyDirectory();
    }

    @Test
    void rowsComeBackInTheirOrderOnce() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        List<Long> rows = new ArrayList<>();
        try (KeptFile kept = take("gw1", "fabric", 8, NOW + 1_500)) {
            kept.forEach((kind, at) -> rows.add(kind == KeptKind.TENANT ? -Mem.i64(at) : Mem.i64(at + 40)));
            assertThat(kept.elapsedMs()).isEqualTo(1_500);
        }
        assertThat(rows).hasSize(ROWS + 1).startsWith(-4711L, 0L, 1L).endsWith(ROWS - 1L);
        refused(Reason.UNREADABLE);
    }

    @Test
    void whatIsGivenBackIsThereForTheNextStartAndNoYounger() throws Exception {
        byte[] before = Files.readAllBytes(file);
        try (KeptFile kept = take("gw1", "fabric", 7, NOW + 1_000)) {
            assertThat(file).doesNotExist();
            kept.giveBack();
        }
        assertThat(file).hasBinaryContent(before);
        try (KeptFile kept = take("gw1", "fabric", 7, NOW + 2_000)) {
            assertThat(kept.elapsedMs()).isEqualTo(2_000);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatAProcessHasTakenThatDiedIsForgotten() throws Exception {
        try (KeptFile _ = take("gw1", "fabric", 7, NOW)) {
            assertThat(directory).isNotEmptyDirectory();
            assertThat(KeptFile.forget(file)).isTrue();
            assertThat(directory).isEmptyDirectory();
        }
        assertThat(KeptFile.forget(file)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "gw2, fabric, 7, 0, FOREIGN",
        "gw1, other,  7, 0, FOREIGN",
        "gw1, fabric, 6, 0, OLDER_POLICY",
        "gw1, fabric, 7, 600001, AGE",
        "gw1, fabric, 7, -5001, AGE"
    })
    void whatIsNotForThisGatewayNowIsRefused(String node, String fabric, long revision, long after, Reason reason) {
        refused(reason, node, fabric, revision, NOW + after);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 30, 40, 70, 76, 4096, 4100, 100_000, 4096 + 2 * 65_536 - 1})
    void oneBitThatIsOtherIsFound(int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 4;
        Files.write(file, bytes);
        refused(Reason.CORRUPT);
    }

    @Test
    void otherFilesAreNone() throws IOException {
        Files.writeString(file, "sessions\n");
        refused(Reason.FOREIGN);
    }

    @ParameterizedTest
    @ValueSource(ints = {5_000, 65_536, 4096})
    void aFileCutShortIsFound(int length) throws IOException {
        byte[] bytes = java.util.Arrays.copyOf(Files.readAllBytes(file), length);
        Files.write(file, bytes);
        refused(Reason.CORRUPT);
    }

    /** It was whole when it was looked at. */
    @Test
    void aFileCutShortWhileItIsReadIsNotTakenForAWholeOne() throws Exception {
        List<Long> rows = new ArrayList<>();
        try (KeptFile kept = take("gw1", "fabric", 7, NOW);
                Stream<Path> files = Files.list(directory)) {
            Path taken = files.findFirst().orElseThrow();
            try (FileChannel channel = FileChannel.open(taken, StandardOpenOption.WRITE)) {
                channel.truncate(KeptHeader.BYTES + KeptWriter.BLOCK + 100);
            }
            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> kept.forEach((_, at) -> rows.add(at)))
                    .withMessageContaining("should have");
        }
        assertThat(rows).as("what came before").isNotEmpty().hasSizeLessThan(ROWS);
    }

    @Test
    void rowsOfAnotherLayoutAreRefused() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[8] ^= 1;
        java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
        crc.update(bytes, 0, 76);
        java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(76, (int) crc.getValue());
        Files.write(file, bytes);
        refused(Reason.OTHER_LAYOUT);
    }

    @Test
    void whatWasNotFinishedLeavesTheOldOne() throws Exception {
        try (KeptWriter out = new KeptWriter(file)) {
            Mem.i64(out.row(KeptKind.TENANT), 1);
        }
        try (KeptFile kept = take("gw1", "fabric", 7, NOW)) {
            assertThat(kept.elapsedMs()).isZero();
        }
        assertThat(directory).isEmptyDirectory();
    }
}
