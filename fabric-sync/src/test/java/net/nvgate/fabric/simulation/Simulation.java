package net.nvgate.fabric.simulation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.nvgate.fabric.manager.ChangeRequest;
import net.nvgate.fabric.manager.FabricChange;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.manager.ManagerInside;
import net.nvgate.fabric.manager.Operation;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyInside;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreSnapshot;

/**
 * One history: clients, managers, network and crashes, in one thread and decided by one seed. What goes on at the same
 * time is nested: while a request of one client is on its way to the store, others are planned and committed.
 */
final class Simulation implements Endpoint.Weather, AutoCloseable {

    private static final int DEPTH_MAX = 3;
    /** The log is read again in one of so many histories. */
    private static final int LOG_CHECKS = 4;
    /** One of so many histories has followers. */
    private static final int FOLLOWED = 6;

    private static final List<String> CLIENTS = List.of("ann", "bob", "eve");

    private final Random random;
    private final Bug bug;
    private final Cluster cluster;
    private final Invariants invariants;
    private final Ledger ledger = new Ledger();
    private final List<SimulatedManager> managers = new ArrayList<>();
    private final boolean stormy;
    private final Optional<Followers> followers;
    private int depth;
    private long events;

    private Simulation(FabricStore store, StoreSnapshot first, Path directory, long seed, Bug bug) {
        this.bug = bug;
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        cluster = new Cluster(bug.inStore(store), first, this::committed);
        invariants = new Invariants(cluster.first());
        stormy = random.nextInt(3) > 0;
        followers =
                random.nextInt(FOLLOWED) == 0 ? Optional.of(new Followers(random, first, directory)) : Optional.empty();
        int processes = 2 + random.nextInt(2);
        for (int i = 0; i < processes; i++) {
            managers.add(manager());
        }
    }

    /** What a history came to. */
    record Result(int revisions, long events) {}

    /** @throws AssertionError if an invariant is broken, or anything fails that must not */
    static Result run(FabricStore store, StoreSnapshot first, Path directory, long seed, int steps, Bug bug) {
        try (Simulation simulation = new Simulation(store, first, directory, seed, bug)) {
            for (int i = 0; i < steps; i++) {
                simulation.step();
            }
            simulation.end();
            return new Result(simulation.cluster.log().size(), simulation.events);
        }
    }

    private void committed(RevisionChanges changes) {
        invariants.next(changes);
        followers.ifPresent(each -> each.committed(changes));
        ledger.logged(changes);
    }

    private SimulatedManager manager() {
        events++;
        return new SimulatedManager(new Endpoint(cluster, this), bug, random.nextLong());
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 78 || !stormy) {
            request();
        } else if (dice < 86) {
            any().endpoint.tell();
        } else if (dice < 90) {
            SimulatedManager manager = any();
            manager.endpoint.cut(!manager.endpoint.isCut());
        } else if (dice < 92) {
            crash(random.nextInt(managers.size()));
        } else if (dice < 95) {
            SimulatedManager manager = any();
            if (!manager.endpoint.isCut()) {
                manager.endpoint.loseWatches();
            }
        } else if (dice < 97) {
            compact();
        } else {
            cluster.arrive();
        }
        followers.ifPresent(each -> each.step(any().server));
        events++;
    }

    private SimulatedManager any() {
        return managers.get(random.nextInt(managers.size()));
    }

    private void crash(int place) {
        managers.get(place).die();
        followers.ifPresent(Followers::died);
        managers.set(place, manager());
    }

    /** Nobody's watch can be restarted by a manager that is cut off, so that one is left alone. */
    private void compact() {
        if (managers.stream().anyMatch(manager -> manager.endpoint.isCut())) {
            return;
        }
        long revision = cluster.head() - random.nextInt(3);
        cluster.store().compact(revision);
        managers.forEach(manager -> manager.endpoint.compactedUpTo(revision));
    }

    @Override
    public Endpoint.Fate fate() {
        if (!stormy || random.nextInt(100) >= 12) {
            return Endpoint.Fate.DONE;
        }
        Endpoint.Fate[] fates = Endpoint.Fate.values();
        return fates[random.nextInt(fates.length)];
    }

    @Override
    public int told(int waiting) {
        return stormy && random.nextInt(10) == 0 ? random.nextInt(waiting + 1) : waiting;
    }

    @Override
    public void meanwhile(Endpoint endpoint) {
        if (depth >= 1 && depth < DEPTH_MAX && random.nextInt(3) == 0) {
            request();
        }
    }

    /** A client asks a manager for something. */
    private void request() {
        int place = random.nextInt(managers.size());
        SimulatedManager manager = managers.get(place);
        boolean alone = random.nextInt(4) == 0;
        boolean back = alone && random.nextInt(3) == 0;
        if (alone ? !manager.isIdle() : !manager.admitsSingle()) {
            return;
        }
        String client = CLIENTS.get(random.nextInt(CLIENTS.size()));
        Origin origin = back ? ledger.beginTakingBack(client) : ledger.begin(client);
        FabricManager fabric = manager.fabric.as(origin);
        manager.endpoint.takeUnsure();
        depth++;
        try {
            manager.call(alone, () -> {
                if (alone) {
                    ask(fabric, origin, back ? takingBack(manager) : batch(fabric));
                } else {
                    askOne(fabric, origin);
                }
            });
        } catch (FabricException e) {
            told(manager, origin, e);
        } catch (CrashError e) {
            if (managers.get(place).endpoint.isDead()) {
                crash(place);
            }
        } finally {
            depth--;
        }
    }

    private void askOne(FabricManager fabric, Origin origin) {
        Operation operation = new Requests(random, fabric).single();
        if (random.nextBoolean()) {
            ledger.done(origin, fabric.run(operation));
        } else {
            ledger.done(origin, fabric.run(ChangeRequest.of(operation)));
        }
    }

    private void ask(FabricManager fabric, Origin origin, ChangeRequest request) {
        if (random.nextInt(3) == 0) {
            tryAndDo(fabric, origin, request);
        } else {
            ledger.done(origin, fabric.run(request));
        }
    }

    private ChangeRequest batch(FabricManager fabric) {
        return ChangeRequest.inOrder(new Requests(random, fabric).batch());
    }

    /** One of the last revisions is undone, or an object of it becomes what it was. */
    private ChangeRequest takingBack(SimulatedManager manager) {
        try {
            long revision = Math.max(1, cluster.head() - random.nextInt(6));
            if (random.nextBoolean()) {
                return manager.changes.undo(revision);
            }
            FabricObject object =
                    manager.changes.revision(revision).changes().getFirst().any();
            return manager.changes.revert(object.kind(), object.id(), revision - random.nextInt(3), Optional.empty());
        } catch (StoreException e) {
            throw FabricException.busy("cut off");
        }
    }

    /** What is committed as the revision that a dry run spoke of is what that said. */
    private void tryAndDo(FabricManager fabric, Origin origin, ChangeRequest request) {
        FabricChange tried = fabric.dryRun(request, change -> change);
        FabricChange done = fabric.run(request);
        ledger.done(origin, done);
        boolean same = tried.base() == done.base() && tried.revision() == done.revision();
        if (same && !tried.changes().equals(done.changes())) {
            throw new AssertionError("the dry run said " + tried + ", done was " + done);
        }
    }

    private void told(SimulatedManager manager, Origin origin, FabricException e) {
        switch (e.code()) {
            case NOT_VISIBLE_YET -> ledger.durable(origin);
            case BUSY, STORE_UNAVAILABLE -> {
                if (!manager.endpoint.takeUnsure()) {
                    ledger.refused(origin);
                }
            }
            default -> ledger.refused(origin);
        }
    }

    /** The network is well again, everything on its way arrives, and all must agree. */
    private void end() {
        while (cluster.hasLate()) {
            cluster.arrive();
        }
        ledger.check();
        StoreSnapshot last = cluster.store().snapshot();
        Content content = new Content(last.objects());
        if (last.revision() != cluster.head()
                || !content.objects().equals(invariants.content().objects())) {
            throw new AssertionError("the objects of the store are not what its log says");
        }
        long from = Math.max(cluster.store().compacted(), cluster.first().revision());
        if (random.nextInt(LOG_CHECKS) == 0
                && !cluster.store().changes(from, Integer.MAX_VALUE).equals(cluster.after(from))) {
            throw new AssertionError("the log that is read is not the log that was told");
        }
        Object index = ManagerInside.indexFromScratch(last);
        Map<NodeId, Set<PolicyObject>> policy = PolicyInside.fromScratch(last);
        for (SimulatedManager manager : managers) {
            manager.endpoint.cut(false);
            manager.endpoint.tellAll();
            ManagerInside.assertIndexIs(index, manager.fabric);
            PolicyInside.assertIs(policy, last.revision(), manager.policy);
        }
        followers.ifPresent(each -> each.end(any().server, last.revision(), policy));
    }

    @Override
    public void close() {
        followers.ifPresent(Followers::close);
        cluster.close();
    }
}
