package net.nvgate.fabric.store.backup;

import static net.nvgate.fabric.store.TestObjects.delete;
import static net.nvgate.fabric.store.TestObjects.network;
import static net.nvgate.fabric.store.TestObjects.put;
import static net.nvgate.fabric.store.TestObjects.puts;
import static net.nvgate.fabric.store.TestObjects.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import net.nvgate.fabric.model.LogicalNetwork;
import net.nvgate.fabric.store.Conflict;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectChange;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.RestoreTarget;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreFencedException;
import net.nvgate.fabric.store.StoreSource;
import net.nvgate.fabric.store.Transaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backup, restore and move of one kind of store; each test has two places for stores, both empty. */
@Timeout(300)
abstract class BackupContract {

    /** Where stores can be kept, e.g. a directory. */
    interface Place {

        FabricStore open();

        StoreSource shared();

        StoreSource exclusive();

        RestoreTarget target(boolean replace);
    }

    abstract Place first();

    abstract Place second();

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("fabric.backup");
    }

    /** Six revisions, the first two without log. */
    private static void fill(FabricStore store) {
        LogicalNetwork network = network("network");
        store.apply(new Transaction(0, List.of(put(network)), Set.of("set"), new Origin("alice", "why not")));
        store.apply(puts(site("site", network.id(), "10.0.0.0/24")));
        LogicalNetwork goes = network("goes");
        store.apply(puts(goes));
        store.apply(delete(store.snapshot().objects().stream()
                .filter(object -> object.id().equals(goes.id()))
                .findFirst()
                .orElseThrow()));
        store.apply(puts(network("fünf")));
        store.apply(new Transaction(5, List.of(put(network("six"))), Set.of("set")));
        store.compact(2);
    }

    private static void same(FabricStore actual, FabricStore expected) {
        assertThat(actual.fabricId()).isEqualTo(expected.fabricId());
        assertThat(actual.head()).isEqualTo(expected.head());
        assertThat(actual.compacted()).isEqualTo(expected.compacted());
        assertThat(actual.snapshot().objects())
                .containsExactlyInAnyOrderElementsOf(expected.snapshot().objects());
        assertThat(actual.changes(expected.compacted(), 100)).isEqualTo(expected.changes(expected.compacted(), 100));
        ObjectChange gone = expected.changes(3, 1).getFirst().changes().getFirst();
        assertThat(gone.after()).isEmpty();
        assertThat(actual.deletion(gone.id())).hasValue(4L);
    }

    private BackupFile.Summary backup(Place place) {
        try (StoreSource source = place.shared()) {
            return BackupFile.write(source, file());
        }
    }

    private BackupFile.Summary restore(Place place, boolean replace) {
        try (RestoreTarget target = place.target(replace)) {
            return StoreTransfer.restore(new BackupFile(file()), target);
        }
    }

    @Test
    void aRestoredStoreIsTheSame() {
        try (FabricStore store = first().open()) {
            fill(store);
            BackupFile.Summary summary = backup(first());
            assertThat(summary.revision()).isEqualTo(6);
            assertThat(new BackupFile(file()).verify()).isEqualTo(summary);
            assertThat(restore(second(), false)).isEqualTo(summary);
            try (FabricStore restored = second().open()) {
                same(restored, store);
                // Its keys, references and guards hold.
                assertThat(restored.apply(puts(network("six")))).isInstanceOf(Outcome.Rejected.class);
                assertThat(restored.apply(new Transaction(5, List.of(put(network("x"))), Set.of("set"))))
                        .isEqualTo(new Outcome.Rejected(new Conflict.GuardPassed("set", 6), 6));
                assertThat(restored.apply(puts(network("seven")))).isEqualTo(new Outcome.Committed(7));
            }
        }
    }

    /** What is committed after a restore has revisions that others had before: nobody may take them for the same. */
    @Test
    void aRestoredStoreHasAnotherHistoryAndAMovedOneHasNot() {
        String before;
        try (FabricStore store = first().open()) {
            fill(store);
            before = store.history();
        }
        backup(first());
        restore(second(), false);
        String restored;
        try (FabricStore store = second().open()) {
            restored = store.history();
            assertThat(restored).startsWith(store.fabricId().toString()).isNotEqualTo(before);
        }
        restore(second(), true);
        try (FabricStore store = second().open()) {
            assertThat(store.history()).isNotEqualTo(restored).isNotEqualTo(before);
            restored = store.history();
        }
        try (StoreSource source = second().exclusive();
                RestoreTarget target = first().target(true)) {
            StoreTransfer.move(source, target, Instant.EPOCH);
        }
        try (FabricStore store = first().open()) {
            assertThat(store.history()).isEqualTo(restored);
        }
    }

    /** Each address of a pool, each MAC and each VM network has guards: without end there would be more and more of them. */
    @Test
    void compactingForgetsGuards() {
        try (FabricStore store = first().open()) {
            for (int i = 1; i <= 300; i++) {
                store.apply(new Transaction(i - 1, List.of(put(network("n" + i))), Set.of("guard" + i)));
            }
            store.compact(290);
        }
        List<String> guards = new ArrayList<>();
        try (StoreSource source = first().shared()) {
            StringWriter lines = new StringWriter();
            source.copyTo(new BackupWriter(lines));
            lines.toString()
                    .lines()
                    .filter(line -> line.startsWith("{\"guard\""))
                    .forEach(guards::add);
        }
        assertThat(guards).hasSize(10).first().asString().contains("\"guard291\"");
    }

    @Test
    void aBackupIsOfOneRevisionWhileOthersWrite() throws InterruptedException {
        try (FabricStore store = first().open()) {
            AtomicBoolean stop = new AtomicBoolean();
            Thread writer = Thread.startVirtualThread(() -> {
                for (int i = 0; !stop.get(); i++) {
                    LogicalNetwork network = network("n" + i);
                    store.apply(puts(network, site("s" + i, network.id(), "10.0.0.0/24")));
                }
            });
            for (int i = 0; i < 5; i++) {
                BackupFile.Summary summary = backup(first());
                assertThat(summary.objects()).isEqualTo(2 * summary.revision());
            }
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void aStoreWithSomethingInItIsReplacedOnlyWhenToldSo() {
        try (FabricStore store = first().open()) {
            fill(store);
            backup(first());
        }
        try (FabricStore other = second().open()) {
            other.apply(puts(network("present")));
        }
        assertThatThrownBy(() -> restore(second(), false))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("not empty");
        try (FabricStore other = second().open()) {
            assertThat(other.head()).isEqualTo(1);
        }
        restore(second(), true);
        try (FabricStore store = first().open();
                FabricStore restored = second().open()) {
            same(restored, store);
        }
    }

    @Test
    void aBackupThatWasCutOffIsRefused() throws IOException {
        byte[] whole = filledBackup();
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file(), Arrays.copyOf(whole, length));
            refused();
        }
        Files.write(file(), Arrays.copyOf(whole, whole.length - 1));
        refused();
    }

    private byte[] filledBackup() throws IOException {
        try (FabricStore store = first().open()) {
            fill(store);
            backup(first());
        }
        return Files.readAllBytes(file());
    }

    @Test
    void aBackupThatWasAlteredIsRefused() throws IOException {
        byte[] whole = filledBackup();
        BackupFile.Summary summary = new BackupFile(file()).verify();
        int refusals = 0;
        for (int at = 0; at < whole.length; at += 5) {
            byte[] altered = whole.clone();
            altered[at] ^= 0x10;
            Files.write(file(), altered);
            try {
                // Some bits of gzip mean nothing (when it was made, padding): then every line is the same.
                assertThat(new BackupFile(file()).verify()).isEqualTo(summary);
            } catch (StoreException e) {
                refusals++;
                refused();
            }
        }
        assertThat(refusals).isGreaterThan(whole.length / 5 - 8);
        try (FabricStore other = second().open()) {
            assertThat(other.head()).isZero();
        }
    }

    private void refused() {
        assertThatThrownBy(() -> new BackupFile(file()).verify())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("fabric.backup");
        assertThatThrownBy(() -> restore(second(), false)).isInstanceOf(StoreException.class);
    }

    @Test
    void aMovedStoreGoesOnAndTheOldOneIsFenced() {
        move(first(), second());
        assertThatThrownBy(() -> first().open())
                .isInstanceOf(StoreFencedException.class)
                .hasMessageContaining("was moved to");
    }

    /** To the other place, where it must be the same. */
    static void move(Place from, Place to) {
        BackupFile.Summary before;
        try (FabricStore store = from.open()) {
            fill(store);
        }
        try (StoreSource source = from.exclusive();
                RestoreTarget target = to.target(false)) {
            before = StoreTransfer.move(source, target, Instant.EPOCH);
        }
        try (FabricStore moved = to.open()) {
            assertThat(moved.fabricId()).isEqualTo(before.fabricId());
            assertThat(moved.head()).isEqualTo(6);
            assertThat(moved.changes(2, 10)).hasSize(4);
            assertThat(moved.changes(2, 10).getFirst().origin()).isEqualTo(Origin.SYSTEM);
            assertThat(moved.apply(puts(network("seven")))).isEqualTo(new Outcome.Committed(7));
        }
    }
}
