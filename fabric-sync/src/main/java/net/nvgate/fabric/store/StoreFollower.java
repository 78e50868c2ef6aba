package net.nvgate.fabric.store;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a reader in step with the store. When the watch is lost, the reader starts again from the store as it is; when
 * that fails too, it is tried again, ever more slowly, until it succeeds or the follower is closed.
 */
public final class StoreFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreFollower.class);
    private static final long PAUSE_MILLIS_MIN = 100;
    private static final long PAUSE_MILLIS_MAX = 5_000;
    private static final int DOUBLINGS_MAX = 6;

    /** What follows. Called from one thread at a time. */
    public interface Reader {

        /** Forgets everything and reads the store as it is; returns the revision up to which it has been read. */
        long restart();

        void onRevision(RevisionChanges changes);
    }

    private final FabricStore store;
    private final String name;
    private final Reader reader;
    private final Closing closing = new Closing();
    /** Losses since a revision was last read. */
    private final AtomicInteger losses = new AtomicInteger();

    private volatile @Nullable String trouble;
    private volatile FabricStore.Subscription watch;

    /**
     * Returns when the reader has read the store once.
     *
     * @param store must stay open until this is closed
     * @param name of what follows, for the log
     */
    public StoreFollower(FabricStore store, String name, Reader reader) {
        this.store = store;
        this.name = name;
        this.reader = reader;
        watchAfter(reader.restart());
    }

    /** Synchronized, so that a watch that is lost at once does not put the next in place before this has returned. */
    private synchronized void watchAfter(long revision) {
        trouble = null;
        watch = store.watch(revision, new Feed());
    }

    /** Why the store cannot be followed at present. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private final class Feed implements FabricStore.Listener {
        @Override
        public void onRevision(RevisionChanges changes) {
            reader.onRevision(changes);
            losses.set(0);
        }

        @Override
        public void onLost(StoreException reason) {
            trouble = message(reason);
            LOG.warn("{}: the watch of the store is lost, starting again: {}", name, reason.getMessage());
            while (!closing.within(pauseMillis(losses.getAndIncrement()))) {
                try {
                    watchAfter(reader.restart());
                    return;
                } catch (RuntimeException e) {
                    trouble = message(e);
                    LOG.error("{}: cannot start again, trying later: {}", name, e.toString(), e);
                }
            }
        }
    }

    private static String message(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** The first attempt is made at once. */
    private static long pauseMillis(int losses) {
        return losses == 0 ? 0 : Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS_MIN << Math.min(losses - 1, DOUBLINGS_MAX));
    }

    /** No call of the reader begins after this returns. */
    @Override
    public void close() {
        closing.close();
        // A watch that was lost may have put another in its place before it saw that we close.
        FabricStore.Subscription ended;
        do {
            ended = watch;
            ended.close();
        } while (!ended.equals(watch));
    }
}
