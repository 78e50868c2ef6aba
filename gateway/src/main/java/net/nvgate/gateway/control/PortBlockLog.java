package net.nvgate.gateway.control;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.worker.Worker;
import org.jspecify.annotations.Nullable;

/**
 * Writes who had which block of ports and when, one line each, for those who must answer for it later (RFC 6888 §4). At most
 * {@link #LINES_PER_SECOND} lines; a worker keeps 4,096 more, and what comes beyond is one line that says how many are missing.
 */
final class PortBlockLog {

    static final int LINES_PER_SECOND = 2_000;
    private static final int ENDED_MAX = 1_024;

    private final List<PortBlockEvents> workers;
    private final TablePolicy policy;
    private final EventSink sink;
    private final Queue<PortBlockEvents.Event> ended = new ArrayBlockingQueue<>(ENDED_MAX);
    private final long[] notTold;
    private long second = Long.MIN_VALUE;
    private int linesLeft;
    private int endedLeft;

    PortBlockLog(List<PortBlockEvents> workers, TablePolicy policy, EventSink sink) {
        this.workers = List.copyOf(workers);
        this.policy = policy;
        this.sink = sink;
        this.notTold = new long[workers.size()];
    }

    /** Writes what has come; the lines written. */
    int doWork(long nowNanos, Consumer<String> log) {
        if (TimeUnit.NANOSECONDS.toSeconds(nowNanos) != second) {
            second = TimeUnit.NANOSECONDS.toSeconds(nowNanos);
            linesLeft = LINES_PER_SECOND;
            endedLeft = LINES_PER_SECOND / 2;
        }
        int before = linesLeft;
        // First those that are over: their ports may be others' already. But half of the lines are for what workers
        // give now.
        for (; endedLeft > 0 && linesLeft > 0 && !ended.isEmpty(); endedLeft--) {
            write(ended.remove(), log);
        }
        for (int i = 0; i < workers.size() && linesLeft > 0; i++) {
            write(i, log);
        }
        return before - linesLeft;
    }

    private void write(int worker, Consumer<String> log) {
        PortBlockEvents events = workers.get(worker);
        while (linesLeft > 0) {
            Optional<PortBlockEvents.Event> event = events.poll();
            if (event.isEmpty()) {
                break;
            }
            write(event.get(), log);
        }
        long missing = events.notTold() - notTold[worker];
        if (missing > 0 && linesLeft > 0) {
            linesLeft--;
            notTold[worker] += missing;
            log.accept("event=port-blocks-not-logged count=" + missing + " worker=" + worker);
            sink.blocksMissing(missing);
        }
    }

    private void write(PortBlockEvents.Event event, Consumer<String> log) {
        linesLeft--;
        Instant at = Instant.now().minusMillis(Math.max(0, Worker.nowMs() - event.atMs()));
        log.accept(line(event, at, policy.tenant(event.domain()).orElse(null)));
        sink.block(event);
    }

    /** Any thread: a block that a process before this one had given is its host's no more; false = there is no room now. */
    boolean ended(PortBlockEvents.Event block) {
        return ended.offer(block);
    }

    static String line(PortBlockEvents.Event event, Instant at, TablePolicy.@Nullable TenantName tenant) {
        return "event=" + (event.assigned() ? "port-block-assigned" : "port-block-released")
                + " time=" + at.truncatedTo(ChronoUnit.MILLIS)
                + (tenant == null ? "" : " vmNetwork=\"" + tenant.vmNetwork() + "\" rdid=" + tenant.rdid())
                + " insideAddress=" + event.insideAddress()
                + " externalAddress=" + event.externalAddress()
                + " ports=" + event.firstPort() + "-" + event.lastPort()
                + (event.byRestart() ? " reason=restart" : "");
    }
}
