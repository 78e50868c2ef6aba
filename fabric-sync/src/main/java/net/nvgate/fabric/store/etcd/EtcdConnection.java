package net.nvgate.fabric.store.etcd;

import io.etcd.jetcd.Client;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster through one member at a time. When that member fails to answer, or says that it has no leader, the next one
 * is asked: a member that is cut off from the others takes requests and never finishes them, so spreading requests over
 * all members would stall each third one.
 */
final class EtcdConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdConnection.class);
    private static final long PAUSE_MILLIS = 100;
    private static final long TELL_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final EtcdSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Client client;
    private int member;
    /** No member has answered the last request in time. */
    private volatile boolean silent;

    private long toldNanos = System.nanoTime() - TELL_EVERY_NANOS;

    EtcdConnection(EtcdSettings settings) {
        this.settings = settings;
    }

    EtcdSettings settings() {
        return settings;
    }

    private URI endpoint() {
        return settings.endpoints().get(member % settings.endpoints().size());
    }

    /** The connection to the present member. */
    Client client() {
        lock.lock();
        try {
            if (closed()) {
                throw new StoreException("the store is closed", null);
            }
            Client present = client;
            if (present == null) {
                present = EtcdClients.connect(settings, endpoint());
                client = present;
            }
            return present;
        } finally {
            lock.unlock();
        }
    }

    /** While there is no quorum, once in a while. */
    private void tell(String why) {
        long now = System.nanoTime();
        if (now - toldNanos > TELL_EVERY_NANOS) {
            toldNanos = now;
            LOG.warn("etcd member {} is left: {}", endpoint(), why);
        } else {
            LOG.debug("etcd member {} is left: {}", endpoint(), why);
        }
    }

    /** Goes to the next member, unless somebody else has left this one before. */
    void leave(Client failed, String why) {
        lock.lock();
        try {
            if (!failed.equals(client)) {
                return;
            }
            tell(why);
            client = null;
            member++;
        } finally {
            lock.unlock();
        }
        failed.close();
    }

    /**
     * Sends a request until it is answered. The request may reach the cluster more than once.
     *
     * @param what for the message, e.g. "read the log"
     * @throws StoreUnavailableException if no member answers before the deadline
     * @throws StoreException if the cluster refuses
     */
    <T> T call(String what, Deadline deadline, Function<Client, CompletableFuture<T>> request) {
        Throwable last = null;
        while (true) {
            Client present = client();
            try {
                T answer = request.apply(present).get(EtcdClients.ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS);
                silent = false;
                return answer;
            } catch (ExecutionException e) {
                last = e.getCause() == null ? e : e.getCause();
                if (!EtcdErrors.mayPass(last)) {
                    throw new StoreException("cannot " + what + ": etcd refuses: " + EtcdErrors.text(last), last);
                }
            } catch (TimeoutException e) {
                last = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException("interrupted: " + what, e);
            } catch (RuntimeException e) {
                // Of a client that another thread has closed in between.
                last = e;
            }
            leave(present, EtcdErrors.text(last));
            if (deadline.over() || pausedUntilClosed()) {
                silent = true;
                throw new StoreUnavailableException(
                        "cannot " + what + ": no etcd member answers with a quorum behind it, try again later ("
                                + EtcdErrors.text(last) + ")",
                        last);
            }
        }
    }

    /** True from a request that no member has answered in time until one is answered; threads of the store go on asking. */
    boolean silent() {
        return silent;
    }

    private boolean pausedUntilClosed() {
        try {
            return closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Waits; true if the connection was closed meanwhile. */
    boolean closedWithin(long millis) throws InterruptedException {
        return closing.await(millis, TimeUnit.MILLISECONDS);
    }

    boolean closed() {
        return closing.getCount() == 0;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closing.countDown();
            if (client != null) {
                client.close();
                client = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
