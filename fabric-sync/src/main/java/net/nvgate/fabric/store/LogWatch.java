package net.nvgate.fabric.store;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One watch: a thread that feeds its listener from the tail in memory, or from the log when it is behind. */
public final class LogWatch implements FabricStore.Subscription, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);
    private static final int READ_REVISIONS_MAX = 256;

    /** The log where the tail in memory no longer reaches. */
    public interface LogReader extends AutoCloseable {

        /** At most {@code limit} revisions after {@code after}, at least one. */
        List<RevisionChanges> changes(long after, int limit);

        @Override
        void close();
    }

    private final RevisionTail tail;
    private final LogReader reader;
    private final FabricStore.Listener listener;
    private final Thread thread;
    private final Runnable onEnd;
    private long after;
    private volatile boolean closed;

    /** @param onEnd runs when the watch's thread ends, in that thread */
    public LogWatch(long after, RevisionTail tail, LogReader reader, FabricStore.Listener listener, Runnable onEnd) {
        this.after = after;
        this.tail = tail;
        this.reader = reader;
        this.listener = listener;
        this.onEnd = onEnd;
        thread = Thread.ofPlatform().name("fabric-store-watch").daemon().unstarted(this);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            boolean open = true;
            while (open && !closed) {
                open = step();
            }
        } catch (InterruptedException e) {
            LOG.debug("watch interrupted at revision {}", after);
        } catch (RuntimeException e) {
            lost(e);
        } finally {
            end();
        }
    }

    /** False when the store has closed. */
    private boolean step() throws InterruptedException {
        return switch (tail.await(after, () -> closed)) {
            case RevisionTail.Next.Closed _ -> false;
            case RevisionTail.Next.Revisions next -> deliver(next.revisions());
            case RevisionTail.Next.OnDisk _ -> deliver(reader.changes(after, READ_REVISIONS_MAX));
        };
    }

    private boolean deliver(List<RevisionChanges> revisions) {
        for (RevisionChanges changes : revisions) {
            if (closed) {
                return false;
            }
            if (changes.revision() != after + 1) {
                throw new StoreException("the log jumps from revision " + after + " to " + changes.revision(), null);
            }
            listener.onRevision(changes);
            after = changes.revision();
        }
        return true;
    }

    private void lost(RuntimeException e) {
        LOG.error("watch lost after revision {}: {}", after, e.toString(), e);
        StoreException reason = e instanceof StoreException known ? known : new StoreException("watch failed", e);
        if (!closed) {
            listener.onLost(reason);
        }
    }

    private void end() {
        onEnd.run();
        reader.close();
    }

    @Override
    public void close() {
        closed = true;
        tail.wake();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
