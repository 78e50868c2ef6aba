package net.nvgate.gateway.worker;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.nvgate.gateway.dpdk.LcoreThreads;
import net.nvgate.gateway.dpdk.RxQueue;
import net.nvgate.gateway.dpdk.RxWait;
import net.nvgate.gateway.route.Quiescence;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does when nothing comes: polls on for a while, then sleeps. Where all its ports tell of packets it sleeps until one
 * has come, but never longer than its housekeeping lets it ({@link #napMillis}); else, and where other workers hand it packets over, it
 * looks again after {@link WorkerConfig#idleParkMicros}.
 */
final class Idling {

    private static final int PORTS = 2;

    /** What packets have left to housekeeping (held back events, questions to neighbours) is over after so long without any. */
    static final long QUIET_NANOS = 2_000_000_000L;

    private static final long NANOS_PER_MILLI = 1_000_000L;
    /** Also the longest delay of a driver's word that is lost, and of orders from other threads, who wake nobody. */
    private static final int NAP_MILLIS_MAX = 10;

    private final WorkerConfig config;
    private final WorkerPorts ports;
    private final boolean alone;
    private final LimitQueues limitQueues;
    private final WorkerCounters counters;
    private final Quiescence quiescence;
    private final int quiescenceSlot;
    private @Nullable RxWait wait;
    private boolean armed;
    private int turns;
    /** Since when it has had nothing to do; only when {@link #turns} says so. */
    private long idleSince;

    /** @param alone nobody hands packets over: those wake nobody */
    Idling(
            WorkerConfig config,
            WorkerPorts ports,
            boolean alone,
            LimitQueues limitQueues,
            WorkerCounters counters,
            Quiescence quiescence,
            int quiescenceSlot) {
        this.config = config;
        this.ports = ports;
        this.alone = alone;
        this.limitQueues = limitQueues;
        this.counters = counters;
        this.quiescence = quiescence;
        this.quiescenceSlot = quiescenceSlot;
    }

    /** On the worker's thread, before its loop. */
    void open() {
        LcoreThreads.sleepExactly();
        List<RxQueue> queues = Stream.of(ports.pa(), ports.ext())
                .flatMap(port -> Stream.ofNullable(port.rxQueue()))
                .toList();
        if (alone && config.idleParkMicros() > 0 && queues.size() == PORTS) {
            wait = RxWait.of(queues).orElse(null);
        }
    }

    /** After each turn. */
    void after(int work) {
        if (work > 0) {
            turns = 0;
            disarm();
        } else if (turns < config.idlePolls() || config.idleParkMicros() == 0) {
            // Counts no further than to the first sleep: weeks of them would make an int begin again.
            turns = Math.min(turns + 1, config.idlePolls());
            Thread.onSpinWait();
        } else {
            sleep(System.nanoTime());
        }
    }

    private void sleep(long now) {
        if (turns == config.idlePolls()) {
            turns++;
            idleSince = now;
        }
        long untilDue = limitQueues.due() - now;
        if (wait == null || untilDue < Worker.HOUSEKEEPING_NANOS) {
            park(Math.min(config.idleParkMicros() * 1_000L, untilDue));
        } else if (!armed) {
            // And a last look, for what came just before.
            armed = true;
            wait.arm();
        } else {
            counters.add(WorkerCounter.PARKS, 1);
            quiescence.park(quiescenceSlot);
            boolean woken = wait.await(napMillis(now - idleSince, untilDue));
            quiescence.unpark(quiescenceSlot);
            if (woken) {
                disarm();
            }
        }
    }

    /**
     * How long it may sleep at most: while packets come now and then, as long as housekeeping waits for its turn, later longer.
     *
     * @param idleNanos for how long nothing has come
     * @param untilDueNanos until a limit's queue may send, at least {@link Worker#HOUSEKEEPING_NANOS}
     */
    static int napMillis(long idleNanos, long untilDueNanos) {
        long millisMax = idleNanos < QUIET_NANOS ? Worker.HOUSEKEEPING_NANOS / NANOS_PER_MILLI : NAP_MILLIS_MAX;
        return (int) Math.min(millisMax, untilDueNanos / NANOS_PER_MILLI);
    }

    private void park(long nanos) {
        counters.add(WorkerCounter.PARKS, 1);
        quiescence.park(quiescenceSlot);
        LockSupport.parkNanos(nanos);
        quiescence.unpark(quiescenceSlot);
    }

    private void disarm() {
        if (armed && wait != null) {
            armed = false;
            wait.disarm();
        }
    }

    /** On the worker's thread, behind its loop. */
    void close() {
        Optional.ofNullable(wait).ifPresent(RxWait::close);
    }
}
