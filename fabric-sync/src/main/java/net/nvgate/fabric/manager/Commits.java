package net.nvgate.fabric.manager;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.fabric.store.UniqueKey;

/**
 * Plans a use case on the index, commits it, and plans it again when another one was faster. The first attempts of all
 * callers run side by side; who has lost a race tries again alone, so that each attempt can lose only to newcomers.
 */
final class Commits {

    private static final int ATTEMPTS_MAX = 50;

    private final FabricStore store;
    private final ModelFollower model;
    private final RandomGenerator random;
    private final Set<UniqueKey> inFlight = ConcurrentHashMap.newKeySet();
    private final ReentrantLock again = new ReentrantLock(true);
    private final Timer latency;
    private final Counter races;

    Commits(FabricStore store, ModelFollower model, RandomGenerator random, MeterRegistry metrics) {
        this.store = store;
        this.model = model;
        this.random = random;
        latency = Timer.builder("nvgate.fabric.commit")
                .description("Time from planning a change until it is durable and visible")
                .publishPercentileHistogram()
                .register(metrics);
        races = Counter.builder("nvgate.fabric.commit.races")
                .description("Commits that were planned again because another one was faster")
                .register(metrics);
    }

    /** A planned use case: its result, and the transaction unless nothing needs to change. */
    private record Planned(FabricObject result, Optional<Transaction> transaction) {}

    /** The object that the plan returns, as it was committed. */
    FabricObject run(Origin origin, Function<Draft, FabricObject> plan) {
        long start = System.nanoTime();
        try {
            return attempts(origin, plan);
        } catch (ModelException e) {
            throw FabricException.invalid(e);
        } catch (StoreException e) {
            throw new FabricException(
                    FabricException.Code.BUSY,
                    "fabric",
                    null,
                    "the store did not confirm the change: " + e.getMessage());
        } finally {
            latency.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private FabricObject attempts(Origin origin, Function<Draft, FabricObject> plan) {
        Optional<FabricObject> done = attempt(origin, plan);
        if (done.isPresent()) {
            return done.get();
        }
        again.lock();
        try {
            for (int i = 1; i < ATTEMPTS_MAX; i++) {
                done = attempt(origin, plan);
                if (done.isPresent()) {
                    return done.get();
                }
            }
        } finally {
            again.unlock();
        }
        throw new FabricException(
                FabricException.Code.BUSY,
                "fabric",
                null,
                "lost " + ATTEMPTS_MAX + " races with other changes, try again");
    }

    /** Empty if another commit was faster; then the index has seen it. */
    private Optional<FabricObject> attempt(Origin origin, Function<Draft, FabricObject> plan) {
        try (Held held = new Held()) {
            Planned planned = model.read(index -> held.plan(index, origin, plan));
            if (planned.transaction().isEmpty()) {
                return Optional.of(planned.result());
            }
            switch (store.apply(planned.transaction().get())) {
                case Outcome.Committed committed -> {
                    show(planned.result(), committed.revision());
                    return Optional.of(stamped(planned.result(), committed.revision(), origin));
                }
                case Outcome.Rejected rejected -> {
                    races.increment();
                    model.await(rejected.head());
                    return Optional.empty();
                }
            }
        }
    }

    /** Whatever happens from here on, the change is durable: nobody may be told that it was not taken. */
    private void show(FabricObject result, long revision) {
        try {
            model.await(revision);
        } catch (StoreException e) {
            throw new FabricException(
                    FabricException.Code.NOT_VISIBLE_YET,
                    result.kind().label(),
                    null,
                    "committed as revision " + revision + ", not yet visible here: " + e.getMessage());
        }
    }

    private static FabricObject stamped(FabricObject object, long revision, Origin origin) {
        Meta before = object.createdRevision() == 0 ? null : object.meta();
        return object.withMeta(object.meta().stamped(before, revision, origin.actor()));
    }

    /** What an attempt has allocated; let go when it has ended, and the index knows it if it was committed. */
    private final class Held implements AutoCloseable {

        private Optional<Allocation> allocation = Optional.empty();

        Planned plan(FabricIndex index, Origin origin, Function<Draft, FabricObject> plan) {
            Allocation mine = new Allocation(index, inFlight, random);
            allocation = Optional.of(mine);
            Draft draft = new Draft(index, mine, origin);
            FabricObject result = plan.apply(draft);
            return new Planned(result, draft.isEmpty() ? Optional.empty() : Optional.of(draft.build()));
        }

        @Override
        public void close() {
            allocation.ifPresent(Allocation::close);
        }
    }
}
