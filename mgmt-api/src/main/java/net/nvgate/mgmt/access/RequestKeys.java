package net.nvgate.mgmt.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.nvgate.fabric.model.IdempotencyKey;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.ObjectBook;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;

/**
 * Forgets keys of requests after a day, and before, if there are more than {@value #KEPT_MAX}, or they have more than
 * {@value #RESULTS_MAX} ids of results together. They have a book of their own: each change with a key makes one, and nobody who
 * looks for a user or session should have to do with that. Used by one thread.
 */
final class RequestKeys implements AutoCloseable {

    static final int KEPT_MAX = 10_000;
    static final int RESULTS_MAX = 100_000;

    private static final Duration KEPT = Duration.ofDays(1);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int AT_ONCE_MAX = 1000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ObjectBook book;
    private final Clock clock;
    private Instant next = Instant.MIN;

    /** @param store outlives this */
    RequestKeys(FabricStore store, Clock clock) {
        this.book = new ObjectBook(store, "keys of requests", kind -> kind == Kind.IDEMPOTENCY_KEY, PATIENCE, () -> {});
        this.clock = clock;
    }

    /** Blocks. */
    void purge() {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return;
        }
        boolean more = !old(book.view(), now).isEmpty()
                && book.<Boolean, RuntimeException>change(
                        Origin.SYSTEM.withComment("keys of requests are forgotten"), view -> {
                            List<Transaction.Change> deletes = old(view, now);
                            return new ObjectBook.Plan<>(deletes, deletes.size() == AT_ONCE_MAX);
                        });
        next = more ? now : now.plus(EVERY);
    }

    private static List<Transaction.Change> old(ObjectBook.View view, Instant now) {
        List<IdempotencyKey> newestFirst = view.all(IdempotencyKey.class).stream()
                .sorted(Comparator.comparing(IdempotencyKey::createdAt).reversed())
                .toList();
        Instant since = now.minus(KEPT);
        List<Transaction.Change> old = new ArrayList<>();
        int kept = 0;
        long results = 0;
        for (IdempotencyKey key : newestFirst) {
            results += key.results().size();
            if (kept < KEPT_MAX && results <= RESULTS_MAX && !key.createdAt().isBefore(since)) {
                kept++;
            } else if (old.size() < AT_ONCE_MAX) {
                old.add(AccessBook.delete(key));
            }
        }
        return old;
    }

    @Override
    public void close() {
        book.close();
    }
}
