package net.nvgate.mgmt.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.IdempotencyKey;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.fabric.store.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestKeysTest {

    private static final int RESULTS = 1000;

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock();
    private FabricStore store;

    @BeforeEach
    void open() {
        store = SqliteStore.open(directory);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    private void put(int keys) {
        List<Transaction.Change> changes = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            UUID id = UUID.randomUUID();
            changes.add(new Transaction.Put(
                    new IdempotencyKey(
                            Meta.of(id, "request-" + id, ""),
                            "00",
                            clock.instant(),
                            Collections.nCopies(RESULTS, new UUID(0, i))),
                    Set.of(),
                    Set.of()));
        }
        long base = store.snapshot().revision();
        assertThat(store.apply(new Transaction(base, changes, Set.of(), Origin.SYSTEM)))
                .isInstanceOf(Outcome.Committed.class);
    }

    private List<IdempotencyKey> kept() {
        return store.snapshot().objects().stream()
                .filter(object -> object.kind() == Kind.IDEMPOTENCY_KEY)
                .map(IdempotencyKey.class::cast)
                .toList();
    }

    @Test
    void keysWithManyResultsAreForgottenBeforeADay() {
        put(30);
        clock.move(Duration.ofMinutes(1));
        put(RequestKeys.RESULTS_MAX / RESULTS - 10);
        try (RequestKeys keys = new RequestKeys(store, clock)) {
            keys.purge();
            assertThat(kept()).hasSize(RequestKeys.RESULTS_MAX / RESULTS);
            clock.move(Duration.ofDays(1));
            keys.purge();
            assertThat(kept())
                    .allMatch(key -> key.createdAt().equals(clock.instant().minus(Duration.ofDays(1))));
            clock.move(Duration.ofDays(1));
            keys.purge();
            assertThat(kept()).isEmpty();
        }
    }

    @Test
    void whoLooksForAUserHasNothingToDoWithKeys() {
        try (AccessBook book = new AccessBook(store)) {
            put(1);
            // Committed after the key, so that what is seen is later.
            new Users(
                            book,
                            new Permissions(
                                    net.nvgate.mgmt.api.ApiContract.load().json()),
                            new Passwords(),
                            clock)
                    .makeFirst("a long first password", false);
            assertThat(book.view().all().all(IdempotencyKey.class)).isEmpty();
        }
    }
}
