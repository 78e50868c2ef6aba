package net.nvgate.fabric.store.backup;

import java.util.Optional;
import java.util.function.Consumer;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;

/** A watch that goes on at another store, with the revision after the last one that its listener has seen. */
final class MovableWatch implements FabricStore.Subscription {

    private final FabricStore.Listener listener;
    private final Consumer<MovableWatch> onEnd;
    private Optional<FabricStore.Subscription> subscription = Optional.empty();
    private volatile long seen;
    private volatile boolean ended;

    /** @param onEnd runs when it is closed or lost */
    MovableWatch(long after, FabricStore.Listener listener, Consumer<MovableWatch> onEnd) {
        this.listener = listener;
        this.onEnd = onEnd;
        seen = after;
    }

    synchronized void start(FabricStore store) {
        subscription = Optional.of(store.watch(seen, new Feed()));
    }

    /** The store that it is at has every revision that the other one began with, or this one will read them there. */
    void moveTo(FabricStore store) {
        // Not synchronized: the listener may be about to close this.
        current().ifPresent(FabricStore.Subscription::close);
        try {
            synchronized (this) {
                if (!ended) {
                    start(store);
                }
            }
        } catch (StoreException e) {
            end();
            listener.onLost(e);
        }
    }

    private synchronized Optional<FabricStore.Subscription> current() {
        return subscription;
    }

    private void end() {
        ended = true;
        onEnd.accept(this);
    }

    private final class Feed implements FabricStore.Listener {

        @Override
        public void onRevision(RevisionChanges changes) {
            if (!ended) {
                listener.onRevision(changes);
                seen = changes.revision();
            }
        }

        @Override
        public void onLost(StoreException reason) {
            if (!ended) {
                end();
                listener.onLost(reason);
            }
        }
    }

    @Override
    public void close() {
        end();
        current().ifPresent(FabricStore.Subscription::close);
    }
}
