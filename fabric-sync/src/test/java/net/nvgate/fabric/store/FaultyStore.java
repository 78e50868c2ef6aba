package net.nvgate.fabric.store;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A store that fails when it is told to, and counts what is read of its log. Closes the real one that is behind it. */
public final class FaultyStore implements FabricStore {

    private final FabricStore real;
    private final AtomicInteger snapshotsToFail = new AtomicInteger();
    private final AtomicBoolean losing = new AtomicBoolean();
    private final Semaphore failures = new Semaphore(0);
    private final AtomicReference<Runnable> beforeNext = new AtomicReference<>(() -> {});
    private final AtomicInteger revisionsRead = new AtomicInteger();
    private final AtomicInteger largestAnswer = new AtomicInteger();
    private volatile boolean silent;
    private volatile boolean interrupting;

    public FaultyStore(FabricStore real) {
        this.real = real;
    }

    /** The next revision ends a watch, and that many snapshots fail after it. */
    public void loseWatch(int failingSnapshots) {
        snapshotsToFail.set(failingSnapshots);
        losing.set(true);
    }

    /** Watches hear of nothing from now on. */
    public void fallSilent() {
        silent = true;
    }

    /** Runs between the planning of the next commit and the commit, in the thread of its author. */
    public void beforeNextCommit(Runnable event) {
        beforeNext.set(event);
    }

    /** Whoever commits is interrupted once that is durable. */
    public void interruptCommitters() {
        interrupting = true;
    }

    /** Waits until that many snapshots have failed since the last call. */
    public void awaitFailures(int count) throws InterruptedException {
        failures.acquire(count);
    }

    @Override
    public String lineage() {
        return real.lineage();
    }

    @Override
    public UUID fabricId() {
        return real.fabricId();
    }

    @Override
    public long head() {
        return real.head();
    }

    @Override
    public long compacted() {
        return real.compacted();
    }

    @Override
    public StoreSnapshot snapshot() {
        if (snapshotsToFail.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            failures.release();
            throw new StoreException("the disk does not answer", null);
        }
        return real.snapshot();
    }

    @Override
    public Outcome apply(Transaction transaction) {
        beforeNext.getAndSet(() -> {}).run();
        Outcome outcome = real.apply(transaction);
        if (interrupting) {
            Thread.currentThread().interrupt();
        }
        return outcome;
    }

    @Override
    public List<RevisionChanges> changes(long after, int limit) {
        List<RevisionChanges> answer = real.changes(after, limit);
        revisionsRead.addAndGet(answer.size());
        int changes =
                answer.stream().mapToInt(revision -> revision.changes().size()).sum();
        largestAnswer.accumulateAndGet(changes, Math::max);
        return answer;
    }

    /** Revisions that were read from the log, whole ones, since the last question. */
    public int takeRevisionsRead() {
        return revisionsRead.getAndSet(0);
    }

    /** The most changes of objects in one answer so far. */
    public int largestAnswer() {
        return largestAnswer.get();
    }

    @Override
    public Optional<RevisionChanges> change(long revision, UUID id) {
        return real.change(revision, id);
    }

    @Override
    public Optional<Long> deletion(UUID id) {
        return real.deletion(id);
    }

    @Override
    public Subscription watch(long after, Listener listener) {
        return real.watch(after, new Listener() {
            @Override
            public void onRevision(RevisionChanges changes) {
                if (losing.getAndSet(false)) {
                    throw new StoreException("a watch is lost", null);
                }
                if (!silent) {
                    listener.onRevision(changes);
                }
            }

            @Override
            public void onLost(StoreException reason) {
                listener.onLost(reason);
            }
        });
    }

    @Override
    public void compact(long revision) {
        real.compact(revision);
    }

    @Override
    public void close() {
        real.close();
    }
}
