package net.nvgate.fabric.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects of some kinds as the store has them: one watch keeps them up to date, so that what one manager changes the others
 * know at once. Changes are transactions that are planned again when another manager was faster.
 */
public final class ObjectBook implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectBook.class);
    private static final int ATTEMPTS_MAX = 10;

    private final FabricStore store;
    private final String name;
    private final Predicate<Kind> kinds;
    private final Duration patience;
    private final Runnable listener;
    private final StoreFollower follower;
    private final Object moved = new Object();
    private volatile View view = new View(0, Map.of());

    /**
     * Returns when the store has been read once.
     *
     * @param name of what is kept, for messages, in plural
     * @param kinds of objects that are kept
     * @param patience how long a change that is durable may take until it is seen here
     * @param listener told of every change, from the watch's thread
     */
    public ObjectBook(FabricStore store, String name, Predicate<Kind> kinds, Duration patience, Runnable listener) {
        this.store = store;
        this.name = name;
        this.kinds = kinds;
        this.patience = patience;
        this.listener = listener;
        this.follower = new StoreFollower(store, name, new Feed());
    }

    /** Everything as of one revision; immutable. */
    public record View(long revision, Map<UUID, FabricObject> objects) {

        /** Those of one class, in no order. */
        public <T extends FabricObject> List<T> all(Class<T> type) {
            List<T> found = new ArrayList<>();
            for (FabricObject object : objects.values()) {
                if (type.isInstance(object)) {
                    found.add(type.cast(object));
                }
            }
            return found;
        }
    }

    private final class Feed implements StoreFollower.Reader {

        @Override
        public long restart() {
            StoreSnapshot snapshot = store.snapshot();
            Map<UUID, FabricObject> objects = new HashMap<>();
            for (FabricObject object : snapshot.objects()) {
                if (kinds.test(object.kind())) {
                    objects.put(object.id(), object);
                }
            }
            become(new View(snapshot.revision(), Map.copyOf(objects)), true);
            return snapshot.revision();
        }

        @Override
        public void onRevision(RevisionChanges changes) {
            View before = view;
            if (changes.revision() <= before.revision()) {
                return;
            }
            Map<UUID, FabricObject> objects = null;
            for (ObjectChange change : changes.changes()) {
                if (kinds.test(change.any().kind())) {
                    objects = objects == null ? new HashMap<>(before.objects()) : objects;
                    if (change.after().isPresent()) {
                        objects.put(change.id(), change.after().get());
                    } else {
                        objects.remove(change.id());
                    }
                }
            }
            become(
                    new View(changes.revision(), objects == null ? before.objects() : Map.copyOf(objects)),
                    objects != null);
        }
    }

    private void become(View next, boolean changed) {
        view = next;
        synchronized (moved) {
            moved.notifyAll();
        }
        if (changed) {
            listener.run();
        }
    }

    public View view() {
        return view;
    }

    /**
     * What to commit, and what the caller gets when it is.
     *
     * @param changes empty = nothing to do
     */
    public record Plan<R>(List<Transaction.Change> changes, R result) {}

    /** Pure; may be called again with a later view. */
    public interface Planner<R, E extends Exception> {
        Plan<R> plan(View view) throws E;
    }

    /**
     * Commits one transaction, and returns when it is seen here.
     *
     * @throws E of the planner
     * @throws StoreException if it cannot be committed
     */
    public <R, E extends Exception> R change(Origin origin, Planner<R, E> planner) throws E {
        return change(BookRequest.of(origin), planner).result();
    }

    /**
     * As {@link #change(Origin, Planner)}, or without committing anything; says what was changed, or would be.
     *
     * @throws E of the planner
     * @throws StoreException if it cannot be committed
     */
    public <R, E extends Exception> BookChange<R> change(BookRequest request, Planner<R, E> planner) throws E {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            View base = view;
            Plan<R> plan = planner.plan(base);
            if (plan.changes().isEmpty() || request.dryRun()) {
                return new BookChange<>(plan.result(), base.revision(), changes(base, plan, Optional.empty(), ""));
            }
            List<Transaction.Change> all = new ArrayList<>(plan.changes());
            all.addAll(request.besides().with(plan.changes()));
            switch (store.apply(new Transaction(base.revision(), all, Set.of(), request.origin()))) {
                case Outcome.Committed(long revision) -> {
                    await(revision);
                    return new BookChange<>(
                            plan.result(),
                            revision,
                            changes(
                                    base,
                                    plan,
                                    Optional.of(revision),
                                    request.origin().actor()));
                }
                case Outcome.Rejected(var conflict, long head) -> {
                    LOG.debug("planned again: {}", conflict);
                    await(head);
                }
            }
        }
        throw new StoreUnavailableException(name + " change too fast; try again", null);
    }

    /** @param revision that stamps what is made or replaced, as the store does; none if it is not stored */
    private static List<ObjectChange> changes(View base, Plan<?> plan, Optional<Long> revision, String actor) {
        List<ObjectChange> changes = new ArrayList<>();
        for (Transaction.Change change : plan.changes()) {
            FabricObject object = change.object();
            Optional<FabricObject> before = Optional.ofNullable(base.objects().get(object.id()));
            Optional<FabricObject> after = switch (change) {
                case Transaction.Put _ ->
                    Optional.of(revision.map(stamp -> object.withMeta(object.meta()
                                    .stamped(before.map(FabricObject::meta).orElse(null), stamp, actor)))
                            .orElse(object));
                case Transaction.Delete _ -> Optional.empty();
            };
            if (before.isPresent() || after.isPresent()) {
                changes.add(new ObjectChange(before, after));
            }
        }
        return changes;
    }

    /**
     * Returns when this has seen what any manager had committed before the call.
     *
     * @throws StoreException if the store cannot be asked, or this does not get there in time
     */
    public void catchUp() {
        // The head of that time, however fast it moves on: strides that double pass it, then what is between is halved.
        long seen = view.revision();
        long stride = 1;
        while (store.isCommitted(seen + stride)) {
            seen += stride;
            stride *= 2;
        }
        while (stride > 1) {
            stride /= 2;
            if (store.isCommitted(seen + stride)) {
                seen += stride;
            }
        }
        await(seen);
    }

    private void await(long revision) {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (moved) {
            while (view.revision() < revision) {
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    throw new StoreException(name + " do not reach revision " + revision, null);
                }
                try {
                    moved.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new StoreException("interrupted", e);
                }
            }
        }
    }

    @Override
    public void close() {
        follower.close();
    }
}
