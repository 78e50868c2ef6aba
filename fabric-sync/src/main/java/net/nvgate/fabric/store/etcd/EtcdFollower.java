package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the replica in step with what other managers commit: reads the log up to its end, then watches it from exactly
 * there. Whatever ends the watch (an error, a member that has lost its leader, etcd's compaction, a gap) leads to reading
 * the log again from the replica's own revision, so that nothing can be missed; a watch that is silent is compared with
 * the head.
 */
final class EtcdFollower implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdFollower.class);
    private static final long SILENCE_MILLIS_MAX = 2_000;
    private static final int SIGNALS_MAX = 1024;
    private static final long PAUSE_MILLIS = 250;
    private static final Duration READ_MAX = Duration.ofSeconds(5);
    private static final Duration LOAD_MAX = Duration.ofMinutes(5);

    private final EtcdConnection connection;
    private final EtcdKeys keys;
    private final EtcdLog log;
    private final LiveReplica live;
    private final Thread thread;

    EtcdFollower(EtcdConnection connection, EtcdKeys keys, EtcdLog log, LiveReplica live) {
        this.connection = connection;
        this.keys = keys;
        this.log = log;
        this.live = live;
        thread = Thread.ofPlatform().name("fabric-store-follower").daemon().unstarted(this);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            do {
                try {
                    follow();
                } catch (StoreException e) {
                    if (!connection.closed()) {
                        LOG.warn("cannot follow etcd after revision {}: {}", live.head(), e.getMessage());
                    }
                } catch (RuntimeException e) {
                    LOG.error("cannot follow etcd after revision {}: {}", live.head(), e.toString(), e);
                }
            } while (!connection.closedWithin(PAUSE_MILLIS));
        } catch (InterruptedException e) {
            LOG.warn("the thread that follows etcd was interrupted");
        }
    }

    /** Reads the log up to its end; a replica that it no longer reaches back to is read again as a whole. */
    private void catchUp() {
        EtcdLog.Read read = log.read(live.head(), Deadline.in(READ_MAX));
        while (live.advance(read)) {
            if (!read.more()) {
                return;
            }
            read = log.read(live.head(), Deadline.in(READ_MAX));
        }
        LOG.warn("the log after revision {} is gone, reading the whole store", live.head());
        live.replace(new EtcdLoader(connection, keys).load(Deadline.in(LOAD_MAX)));
    }

    /** What a watch says: a response, or why it has ended. */
    private record Signal(@Nullable WatchResponse response, String end) {

        static final Signal OVERRUN = new Signal(null, "it was faster than could be followed");
    }

    private void follow() throws InterruptedException {
        catchUp();
        Client client = connection.client();
        BlockingQueue<Signal> signals = new LinkedBlockingQueue<>(SIGNALS_MAX);
        WatchOption option = WatchOption.builder()
                .isPrefix(true)
                .withRevision(live.etcdRevision() + 1)
                .withNoDelete(true)
                .withRequireLeader(true)
                .build();
        try (Watch.Watcher _ = client.getWatchClient().watch(keys.log(), option, listener(signals))) {
            boolean going = true;
            while (going && !connection.closed()) {
                Signal signal = signals.poll(SILENCE_MILLIS_MAX, TimeUnit.MILLISECONDS);
                if (signal == null) {
                    going = !behind();
                } else if (signal.response() == null) {
                    if (connection.closed()) {
                        return;
                    }
                    LOG.info("the watch of etcd has ended, going on from revision {}: {}", live.head(), signal.end());
                    if (!signal.equals(Signal.OVERRUN)) {
                        connection.leave(client, signal.end());
                    }
                    going = false;
                } else {
                    going = take(signal.response());
                }
            }
        }
    }

    private static Watch.Listener listener(BlockingQueue<Signal> signals) {
        return Watch.listener(
                response -> {
                    if (!signals.offer(new Signal(response, ""))) {
                        signals.clear();
                        signals.add(Signal.OVERRUN);
                    }
                },
                error -> signals.offer(new Signal(null, EtcdErrors.text(error))),
                () -> signals.offer(new Signal(null, "closed")));
    }

    /** True if etcd has more than the watch has told. */
    private boolean behind() {
        EtcdLog.Read read = log.read(live.head(), Deadline.in(READ_MAX));
        boolean silent = !read.batches().isEmpty();
        if (silent) {
            LOG.warn("the watch of etcd is silent after revision {}, starting it again", live.head());
        }
        return silent || !live.advance(read);
    }

    /** False if something is missing in between. */
    private boolean take(WatchResponse response) {
        List<EtcdLog.Committed> batches = new ArrayList<>();
        for (WatchEvent event : response.getEvents()) {
            if (event.getEventType() == WatchEvent.EventType.PUT) {
                batches.add(log.batch(event.getKeyValue(), Deadline.in(READ_MAX)));
            }
        }
        return live.advance(batches);
    }

    /** Waits for the thread. The connection must have been closed. */
    void close() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
