package net.nvgate.gateway.control;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.gateway.talkers.TrafficWatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a snapshot of the traffic of VMs and NAT rules every {@link #PERIOD_SECONDS}. */
public final class TrafficThread implements AutoCloseable {

    static final int PERIOD_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(TrafficThread.class);
    private static final long STOP_MILLIS_MAX = 1000;

    private final TrafficWatch watch;
    private final Thread thread = Thread.ofPlatform().name("talkers").daemon().unstarted(this::run);
    private volatile boolean stopped;

    public TrafficThread(TrafficWatch watch) {
        this.watch = watch;
    }

    public void start() {
        thread.start();
    }

    private void run() {
        while (!stopped) {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PERIOD_SECONDS);
            try {
                watch.look(System.nanoTime());
            } catch (RuntimeException e) {
                LOG.error("traffic of VMs", e);
            }
            while (!stopped && System.nanoTime() - until < 0) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
        }
    }

    /** @throws StillRunningException if it takes longer than a second */
    @Override
    public void close() {
        stopped = true;
        watch.stop();
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new StillRunningException("the thread that counts traffic");
        }
    }
}
