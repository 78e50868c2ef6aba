package net.nvgate.gateway.control;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.nvgate.gateway.acl.AclHits;
import net.nvgate.gateway.flow.SessionReader;
import net.nvgate.gateway.nat.NatBindings;
import net.nvgate.gateway.nat64.HostReader;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.talkers.TrafficWatch;
import net.nvgate.gateway.worker.Events;
import net.nvgate.gateway.worker.MtuRow;
import net.nvgate.gateway.worker.SessionCommands;
import net.nvgate.gateway.worker.Tap;
import net.nvgate.gateway.worker.Worker;
import net.nvgate.gateway.worker.WorkerCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker and the platform thread it runs on. */
public final class WorkerThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerThread.class);
    private static final long STOP_MILLIS_MAX = 1000;

    private final int id;
    private final int cpu;
    private final Worker worker;
    private final SessionReader sessions;
    private final Thread thread;

    /**
     * @param cpu where the worker pins itself, -1 = nowhere
     * @param onDeath told what the worker died of; it cannot go on, and neither should the process
     */
    public WorkerThread(int id, int cpu, Worker worker, Consumer<Throwable> onDeath) {
        this.id = id;
        this.cpu = cpu;
        this.worker = worker;
        this.sessions = worker.sessions();
        this.thread = Thread.ofPlatform()
                .name("worker-" + id)
                .daemon()
                .uncaughtExceptionHandler((_, e) -> {
                    LOG.error("worker {} died", id, e);
                    onDeath.accept(e);
                })
                .unstarted(worker);
    }

    public void start() {
        thread.start();
    }

    public int id() {
        return id;
    }

    /** -1 = not pinned. */
    public int cpu() {
        return cpu;
    }

    public boolean alive() {
        return thread.isAlive();
    }

    /** It runs, and has its kept sessions if there are any: no packet is forwarded before that. */
    public boolean forwarding() {
        return thread.isAlive() && worker.forwarding();
    }

    public WorkerCounters counters() {
        return worker.counters();
    }

    /** Taken from by the control thread alone. */
    public Events events() {
        return worker.events();
    }

    /** Given by one thread at a time. */
    public SessionCommands commands() {
        return worker.commands();
    }

    /** Any thread: takes orders to report packets. */
    public Tap tap() {
        return worker.tap();
    }

    /** Any thread: what NAT has in use. */
    public NatBindings nat() {
        return worker.nat();
    }

    /** Any thread: what limits let through. */
    public Meters meters() {
        return worker.meters();
    }

    /** Any thread: how often rules of port ACLs have decided. */
    public AclHits aclHits() {
        return worker.aclHits();
    }

    public SessionReader sessions() {
        return sessions;
    }

    /** Any thread: its sessions as who adds up their traffic sees them. */
    public TrafficWatch.Source traffic() {
        return new TrafficWatch.Source(sessions, worker.traffic());
    }

    /** Any thread: the hosts behind inside addresses that are handles. */
    public HostReader hosts() {
        return worker.hosts();
    }

    /** VMs whose packets do not fit. */
    public List<MtuRow> mtuRows() {
        return worker.mtuRows();
    }

    /** Ends the loop soon. */
    public void stop() {
        worker.stop();
    }

    /**
     * Ends the loop and waits for it.
     *
     * @throws StillRunningException if it takes longer than a second
     */
    @Override
    public void close() {
        worker.stop();
        try {
            thread.join(STOP_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new StillRunningException("worker " + id);
        }
    }

    /** Scale of {@link net.nvgate.gateway.worker.WorkerCounter#BUSY_NANOS}. */
    static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
}
