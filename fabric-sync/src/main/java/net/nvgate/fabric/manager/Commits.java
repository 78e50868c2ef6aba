package net.nvgate.fabric.manager;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import net.nvgate.fabric.alloc.Uuids;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreFencedException;
import net.nvgate.fabric.store.UniqueKey;

/**
 * Plans a use case on the index, commits it, and plans it again when another one was faster. The first attempts of all
 * callers run side by side; who has lost a race tries again alone, so that each attempt can lose only to newcomers. A
 * batch takes longer, so it runs while nothing else is committed from here: only other managers can be faster.
 */
final class Commits {

    private static final int ATTEMPTS_MAX = 50;

    private final FabricStore store;
    private final ModelFollower model;
    private final PlanRandom random;
    private final Set<UniqueKey> inFlight = ConcurrentHashMap.newKeySet();
    /** Open to all who change one thing; shut while a batch or a dry run needs the fabric to stand still. */
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

    private final ReentrantLock again = new ReentrantLock(true);
    private final Timer latency;
    private final Counter races;

    Commits(FabricStore store, ModelFollower model, PlanRandom random, MeterRegistry metrics) {
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

    /** One transaction: a single operation beside those of others, several while nothing else is committed from here. */
    FabricChange run(Origin origin, ChangeCheck check, ChangeRequest request) {
        return timed(() -> request.isSingle() ? attempts(origin, check, request) : alone(origin, check, request));
    }

    private FabricChange alone(Origin origin, ChangeCheck check, ChangeRequest request) {
        gate.writeLock().lock();
        try {
            return again(() -> attempt(origin, check, held -> plan(held, origin, request)));
        } finally {
            gate.writeLock().unlock();
        }
    }

    private Planned plan(Held held, Origin origin, ChangeRequest request) {
        return request.isSingle()
                ? model.read(index -> held.single(index, origin, request))
                : model.plan(index -> held.batch(index, origin, request));
    }

    /** What {@link #run(Origin, ChangeCheck, ChangeRequest)} would do; nothing is committed from here until the reader has seen it. */
    <R> R dryRun(Origin origin, ChangeCheck check, ChangeRequest request, Function<FabricChange, R> reader) {
        return dryRun(held -> {
            Planned planned = plan(held, origin, request);
            check.check(planned.changes());
            long revision = planned.base() + (planned.transaction().isPresent() ? 1 : 0);
            return reader.apply(planned.at(revision, false, origin));
        });
    }

    /** The same of several requests, each a transaction, one after the other; together they may have any size. */
    <R> R dryRun(Origin origin, ChangeCheck check, List<ChangeRequest> requests, Function<FabricChange, R> reader) {
        return dryRun(held -> {
            Planned planned = model.plan(index -> held.several(index, origin, requests));
            check.check(planned.changes());
            return reader.apply(planned.at(planned.base() + requests.size(), false, origin));
        });
    }

    private <R> R dryRun(Function<Held, R> plan) {
        gate.writeLock().lock();
        try (Held held = new Held()) {
            return plan.apply(held);
        } catch (ModelException e) {
            throw FabricException.invalid(e);
        } finally {
            gate.writeLock().unlock();
        }
    }

    /** Looks at what could be done, on a draft that nobody commits. */
    <R> R look(Origin origin, Function<Draft, R> reader) {
        return model.read(index -> {
            try (Held held = new Held()) {
                return reader.apply(new Draft(index, held.allocation(index, List.of()), origin));
            }
        });
    }

    /** Ids for what a request makes: the same ones for the same request on the same revision. */
    Supplier<UUID> ids(FabricIndex index, Object request) {
        RandomGenerator mine = random.of(index.revision(), request);
        return () -> Uuids.random(mine);
    }

    private FabricChange timed(Supplier<FabricChange> change) {
        long start = System.nanoTime();
        try {
            return change.get();
        } catch (ModelException e) {
            throw FabricException.invalid(e);
        } catch (StoreException e) {
            throw new FabricException(
                    e instanceof StoreFencedException
                            ? FabricException.Code.STORE_FENCED
                            : FabricException.Code.STORE_UNAVAILABLE,
                    "fabric",
                    null,
                    "the store did not confirm the change: " + e.getMessage());
        } finally {
            latency.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private FabricChange attempts(Origin origin, ChangeCheck check, ChangeRequest request) {
        Supplier<Optional<FabricChange>> attempt = () -> {
            gate.readLock().lock();
            try {
                return attempt(origin, check, held -> plan(held, origin, request));
            } finally {
                gate.readLock().unlock();
            }
        };
        Optional<FabricChange> done = attempt.get();
        if (done.isPresent()) {
            return done.get();
        }
        again.lock();
        try {
            return again(attempt);
        } finally {
            again.unlock();
        }
    }

    private static FabricChange again(Supplier<Optional<FabricChange>> attempt) {
        for (int i = 0; i < ATTEMPTS_MAX; i++) {
            Optional<FabricChange> done = attempt.get();
            if (done.isPresent()) {
                return done.get();
            }
        }
        throw new FabricException(
                FabricException.Code.BUSY,
                "fabric",
                null,
                "lost " + ATTEMPTS_MAX + " races with other changes, try again");
    }

    /** Empty if another commit was faster; then the index has seen it. */
    private Optional<FabricChange> attempt(Origin origin, ChangeCheck check, Function<Held, Planned> plan) {
        try (Held held = new Held()) {
            Planned planned = plan.apply(held);
            check.check(planned.changes());
            if (planned.transaction().isEmpty()) {
                return Optional.of(planned.at(planned.base(), false, origin));
            }
            switch (store.apply(planned.transactionWith(check.besides(planned.results())))) {
                case Outcome.Committed committed -> {
                    show(planned, committed.revision());
                    return Optional.of(planned.at(committed.revision(), true, origin));
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
    private void show(Planned planned, long revision) {
        try {
            model.await(revision);
        } catch (StoreException e) {
            throw new FabricException(
                    FabricException.Code.NOT_VISIBLE_YET,
                    planned.results().getFirst().kind().label(),
                    null,
                    "committed as revision " + revision + ", not yet visible here: " + e.getMessage());
        }
    }

    /** What an attempt has allocated; let go when it has ended, and the index knows it if it was committed. */
    private final class Held implements AutoCloseable {

        private Optional<Allocation> allocation = Optional.empty();

        Planned single(FabricIndex index, Origin origin, ChangeRequest request) {
            Draft draft = new Draft(index, allocation(index, request.operations()), origin);
            try {
                return Planned.of(draft, Plans.run(draft, request.operations().getFirst()));
            } catch (ModelException e) {
                throw request.refusal(FabricException.invalid(e), 0);
            } catch (FabricException e) {
                throw request.refusal(e, 0);
            }
        }

        Planned batch(FabricIndex index, Origin origin, ChangeRequest request) {
            return new BatchPlan(index, allocation(index, request.operations()), origin).plan(request);
        }

        /** The first transaction gets what it would get alone; ids and values of later ones depend on its revision. */
        Planned several(FabricIndex index, Origin origin, List<ChangeRequest> requests) {
            Allocation mine = allocation(index, requests.getFirst().operations());
            return new BatchPlan(index, mine, origin).preview(requests);
        }

        /** The same operations at the same revision get the same ids and values, so that a dry run tells the truth. */
        private Allocation allocation(FabricIndex index, List<Operation> operations) {
            Allocation mine = new Allocation(index, inFlight, random.of(index.revision(), operations));
            allocation = Optional.of(mine);
            return mine;
        }

        @Override
        public void close() {
            allocation.ifPresent(Allocation::close);
        }
    }
}
