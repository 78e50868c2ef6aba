package net.nvgate.fabric.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.store.CompactedException;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Outcome;
import net.nvgate.fabric.store.RevisionChanges;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreSnapshot;
import net.nvgate.fabric.store.StoreUnavailableException;
import net.nvgate.fabric.store.Transaction;

/**
 * The store as one process of a manager reaches it. Everything happens in the one thread of the simulation: while a
 * request or an answer is on its way, others are served, and watches tell what they are made to tell.
 */
final class Endpoint implements FabricStore {

    /** What the network does to a commit. */
    enum Fate {
        DONE,
        REFUSED_BY_NETWORK,
        DELAYED,
        ANSWER_LOST,
        CRASH_BEFORE,
        CRASH_AFTER
    }

    /** Decides what happens on the way. */
    interface Weather {

        Fate fate();

        /** Other things happen while a message of this process is on its way. */
        void meanwhile(Endpoint endpoint);

        /** How many of the revisions that are waiting for a watch it gets by the time of an answer. */
        int told(int waiting);
    }

    private final class Watch implements Subscription {

        private final Listener listener;
        private long after;

        Watch(long after, Listener listener) {
            this.after = after;
            this.listener = listener;
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }

    private final Cluster cluster;
    private final Weather weather;
    private final List<Watch> watches = new ArrayList<>();
    private boolean cut;
    private boolean dead;
    private boolean unsure;
    private int applies;

    Endpoint(Cluster cluster, Weather weather) {
        this.cluster = cluster;
        this.weather = weather;
    }

    void cut(boolean now) {
        cut = now;
    }

    boolean isCut() {
        return cut;
    }

    boolean isDead() {
        return dead;
    }

    void die() {
        dead = true;
        watches.clear();
    }

    /** Commits that this process has asked for. */
    int applies() {
        return applies;
    }

    /** Whether an outcome was kept from this process since the last question. */
    boolean takeUnsure() {
        boolean was = unsure;
        unsure = false;
        return was;
    }

    void unsure() {
        unsure = true;
    }

    @Override
    public UUID fabricId() {
        return cluster.store().fabricId();
    }

    @Override
    public String lineage() {
        return cluster.store().lineage();
    }

    @Override
    public long head() {
        return cluster.head();
    }

    @Override
    public long compacted() {
        reach();
        return cluster.store().compacted();
    }

    @Override
    public StoreSnapshot snapshot() {
        reach();
        StoreSnapshot snapshot = cluster.snapshot();
        weather.meanwhile(this);
        return snapshot;
    }

    @Override
    public List<RevisionChanges> changes(long after, int limit) {
        reach();
        return cluster.store().changes(after, limit);
    }

    @Override
    public Optional<Long> deletion(UUID id) {
        reach();
        return cluster.store().deletion(id);
    }

    private void reach() {
        if (cut) {
            throw new StoreUnavailableException("cut off from the store", null);
        }
    }

    @Override
    public Outcome apply(Transaction transaction) {
        applies++;
        weather.meanwhile(this);
        crashIfDead();
        reach();
        Fate fate = weather.fate();
        switch (fate) {
            case CRASH_BEFORE -> crash();
            case REFUSED_BY_NETWORK -> throw new StoreUnavailableException("the request did not get through", null);
            case DELAYED -> {
                cluster.delay(transaction);
                unsure = true;
                throw new StoreException("no answer in time", null);
            }
            case DONE, ANSWER_LOST, CRASH_AFTER -> {}
        }
        Outcome outcome = cluster.commit(transaction);
        if (fate == Fate.CRASH_AFTER) {
            crash();
        }
        if (fate == Fate.ANSWER_LOST) {
            unsure = true;
            throw new StoreException("the answer was lost", null);
        }
        weather.meanwhile(this);
        crashIfDead();
        tell();
        return outcome;
    }

    private void crash() {
        unsure = true;
        die();
        throw new CrashError();
    }

    private void crashIfDead() {
        if (dead) {
            unsure = true;
            throw new CrashError();
        }
    }

    @Override
    public Subscription watch(long after, Listener listener) {
        reach();
        long compacted = cluster.store().compacted();
        if (after < compacted) {
            throw new CompactedException(after, compacted);
        }
        Watch watch = new Watch(after, listener);
        watches.add(watch);
        return watch;
    }

    /** Watches get what the weather lets through. */
    void tell() {
        for (Watch watch : List.copyOf(watches)) {
            List<RevisionChanges> waiting = List.copyOf(cluster.after(watch.after));
            tell(watch, waiting.subList(0, cut ? 0 : weather.told(waiting.size())));
        }
    }

    /** Watches get all. */
    void tellAll() {
        for (Watch watch : List.copyOf(watches)) {
            tell(watch, List.copyOf(cluster.after(watch.after)));
        }
    }

    private void tell(Watch watch, List<RevisionChanges> revisions) {
        for (RevisionChanges changes : revisions) {
            if (watches.contains(watch)) {
                watch.after = changes.revision();
                watch.listener.onRevision(changes);
            }
        }
    }

    /** All watches break off, as when the connection does. */
    void loseWatches() {
        List<Watch> lost = List.copyOf(watches);
        watches.clear();
        lost.forEach(watch -> watch.listener.onLost(new StoreException("the watch broke off", null)));
    }

    /** Watches that are behind the compacted log are lost. */
    void compactedUpTo(long revision) {
        List<Watch> lost =
                watches.stream().filter(watch -> watch.after < revision).toList();
        watches.removeAll(lost);
        lost.forEach(watch -> watch.listener.onLost(new CompactedException(watch.after, revision)));
    }

    @Override
    public void compact(long revision) {
        reach();
        cluster.store().compact(revision);
    }

    /** The process ends; the store goes on. */
    @Override
    public void close() {
        die();
    }
}
