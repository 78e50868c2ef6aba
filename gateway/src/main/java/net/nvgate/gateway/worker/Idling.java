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
 * has come, but never longer than its housekeeping lets it; else, and where other workers hand it packets over, it looks again after
 * {@link WorkerConfig#idleParkMicros}.
 */
final class Idling {

    private static final int PORTS = 2;

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
        } else if (++turns < config.idlePolls() || config.idleParkMicros() == 0) {
            Thread.onSpinWait();
        } else {
            sleep();
        }
    }

    private void sleep() {
        long untilDue = limitQueues.due() - System.nanoTime();
        if (wait == null || untilDue < Worker.HOUSEKEEPING_NANOS) {
            park(Math.min(config.idleParkMicros() * 1_000L, untilDue));
        } else if (!armed) {
            // And a last look, for what came just before.
            armed = true;
            wait.arm();
        } else {
            counters.add(WorkerCounter.PARKS, 1);
            quiescence.park(quiescenceSlot);
            boolean woken = wait.await(1);
            quiescence.unpark(quiescenceSlot);
            if (woken) {
                disarm();
            }
        }
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
