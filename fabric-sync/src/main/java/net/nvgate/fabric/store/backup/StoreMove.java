package net.nvgate.fabric.store.backup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Fence;
import net.nvgate.fabric.store.LoggedRevision;
import net.nvgate.fabric.store.RestoreTarget;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StorePlace;
import net.nvgate.fabric.store.StoreSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the store of a running manager.
 *
 * <pre>
 *  COPYING     dump to the new place, read it again, compare                           changes go on
 *  FOLLOWING   bring over what was committed meanwhile, until little is left           changes go on
 *  SWITCHING,
 *  FENCED      journal; fence the old store; the last revisions; put the new one       changes wait
 *  IN_PLACE    in place; journal: done; fence the old store for good; go on there
 * </pre>
 *
 * <p>Putting the new store in place is one step, and decides. Who crashes before it finds the journal, makes sure that the
 * step never happens ({@link StorePlace#settle}), and lifts the fence; who crashes after it goes on at the new place.
 */
public final class StoreMove {

    private static final Logger LOG = LoggerFactory.getLogger(StoreMove.class);

    /** So few revisions that others wait while they are brought over. */
    private static final int LAST_REVISIONS = 256;

    private static final int ROUNDS_MAX = 30;
    private static final Duration EARLY_MAX = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 500;

    /** How far a move is. */
    public enum Phase {
        COPYING,
        FOLLOWING,
        SWITCHING,
        /** Nobody can commit. */
        FENCED,
        /** Until here the old store is in charge, from here the new one. */
        IN_PLACE,
        DONE
    }

    /** A place and what the journal calls it. */
    public record Named(String name, StorePlace place) {}

    private final MovableStore store;
    private final Named from;
    private final Named to;
    private final MoveJournal journal;
    private final long historyRevisions;
    private final Clock clock;
    private final Consumer<Phase> watcher;

    /** @param watcher is told of each phase when it begins, in the thread of the move */
    public StoreMove(
            MovableStore store,
            Named from,
            Named to,
            MoveJournal journal,
            long historyRevisions,
            Clock clock,
            Consumer<Phase> watcher) {
        this.store = store;
        this.from = from;
        this.to = to;
        this.journal = journal;
        this.historyRevisions = historyRevisions;
        this.clock = clock;
        this.watcher = watcher;
    }

    /**
     * What a move took.
     *
     * @param revision the last one at the old place
     * @param waited how long changes had to wait
     */
    public record Result(long revision, Duration waited) {}

    /**
     * Blocks until the store is at the new place.
     *
     * @param replace whether what is there may be replaced
     * @throws StoreException if it stays at the old one
     */
    public Result run(boolean replace) {
        try (StoreSource source = from.place().running();
                RestoreTarget target = to.place().target(replace)) {
            watcher.accept(Phase.COPYING);
            long revision = StoreTransfer.copy(source, target).header().revision();
            Optional<FabricStore> early = target.openEarly(historyRevisions, clock);
            try {
                watcher.accept(Phase.FOLLOWING);
                revision = follow(source, target, revision);
                watcher.accept(Phase.SWITCHING);
                return exchange(source, target, early, revision);
            } catch (RuntimeException e) {
                early.ifPresent(FabricStore::close);
                throw e;
            }
        }
    }

    /** Returns the revision up to which the target is. */
    private long follow(StoreSource source, RestoreTarget target, long from) {
        long revision = from;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            List<LoggedRevision> since = source.since(revision);
            if (!since.isEmpty()) {
                target.follow(since);
                revision = since.getLast().revision();
            }
            if (since.size() <= LAST_REVISIONS) {
                break;
            }
        }
        return revision;
    }

    private Result exchange(StoreSource source, RestoreTarget target, Optional<FabricStore> early, long followed) {
        long[] nanos = new long[2];
        long[] last = new long[1];
        store.exchange(() -> {
            nanos[0] = System.nanoTime();
            last[0] = finish(source, target, followed);
            FabricStore next = early.map(open -> reached(open, last[0])).orElseGet(() -> {
                target.close();
                return to.place().open(historyRevisions, clock);
            });
            nanos[1] = System.nanoTime();
            return next;
        });
        Duration waited = Duration.ofNanos(nanos[1] - nanos[0]);
        LOG.info(
                "the store is at {} from revision {} on; changes waited {} ms",
                to.place().describe(),
                last[0],
                waited.toMillis());
        watcher.accept(Phase.DONE);
        return new Result(last[0], waited);
    }

    /** Returns the last revision of the old store. */
    private long finish(StoreSource source, RestoreTarget target, long followed) {
        Instant now = clock.instant();
        String token = target.token();
        journal.write(new MoveJournal.Entry(from.name(), to.name(), token, false));
        long last;
        try {
            source.fence(Fence.moving(to.place().describe()));
            watcher.accept(Phase.FENCED);
            last = follow(source, target, followed);
        } catch (RuntimeException e) {
            stay(source);
            throw e;
        }
        try {
            target.activate();
        } catch (RuntimeException e) {
            LOG.warn("it is not known whether the store was put in place: {}", e.getMessage());
            target.close();
            if (!insisted(() -> to.place().settle(token))) {
                stay(source);
                throw e;
            }
        }
        watcher.accept(Phase.IN_PLACE);
        try {
            journal.write(new MoveJournal.Entry(from.name(), to.name(), token, true));
            source.fence(Fence.moved(to.place().describe(), now));
        } catch (RuntimeException e) {
            // The journal leads to the new place all the same, and the old one is fenced, if not for good.
            LOG.warn("the move is done, and cannot be noted as done: {}", e.getMessage());
        }
        return last;
    }

    /** The old store goes on. */
    private void stay(StoreSource source) {
        insisted(() -> {
            source.fence(Fence.NONE);
            journal.clear();
            return true;
        });
    }

    /** Until it succeeds; changes are refused meanwhile, since no store is in charge, or nobody knows which. */
    private static boolean insisted(BooleanSupplier what) {
        while (true) {
            try {
                return what.getAsBoolean();
            } catch (RuntimeException e) {
                LOG.warn("the move cannot be brought to an end yet: {}", e.getMessage());
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted: which store is in charge will be seen at the next start", e);
        }
    }

    /** Waits until a store that was opened early has seen all that was brought over. */
    private static FabricStore reached(FabricStore open, long revision) {
        CountDownLatch there = new CountDownLatch(1);
        if (open.head() >= revision) {
            return open;
        }
        FabricStore.Listener listener = new FabricStore.Listener() {
            @Override
            public void onRevision(RevisionChanges changes) {
                if (changes.revision() >= revision) {
                    there.countDown();
                }
            }

            @Override
            public void onLost(StoreException reason) {
                LOG.warn("the new store: {}", reason.getMessage());
            }
        };
        try (FabricStore.Subscription _ = open.watch(open.head(), listener)) {
            if (!there.await(EARLY_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the new store does not see revision {} yet, going on", revision);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // There is no way back: it catches up before its first commit.
            LOG.warn("the new store: {}", e.getMessage());
        }
        return open;
    }
}
