package net.nvgate.mgmt.bench;

import io.vertx.core.Future;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Asks at a steady rate, whatever the answers do: what is late because what came before it was late counts as late, as with people who know
 * nothing of each other. Times are from the moment when a request was due until its answer was there.
 */
final class OpenLoop {

    private static final long MICROS_MAX = 60_000_000L;

    private static final long LATE_NANOS_MAX = 20_000_000_000L;

    private final Map<String, Histogram> micros = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();
    private final LongAdder open = new LongAdder();

    /** @param status 0 = no answer */
    record Answer(String what, int status) {}

    /** Who makes the request of a number; the future ends when the answer has been read. */
    interface Asking extends LongFunction<Future<Answer>> {}

    /** Blocks for so long, and until all answers are there, or have not come for another 20 s. */
    void run(double perSecond, double seconds, Asking asking) {
        long start = System.nanoTime();
        long count = (long) (perSecond * seconds);
        for (long i = 0; i < count; i++) {
            long due = start + (long) (i * 1e9 / perSecond);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            open.increment();
            asking.apply(i)
                    .onComplete(answer -> ended(due, answer.succeeded() ? answer.result() : new Answer("failed", 0)));
        }
        long end = System.nanoTime() + LATE_NANOS_MAX;
        while (open.sum() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        long never = open.sum();
        if (never > 0) {
            refused.computeIfAbsent("no answer yet", _ -> new LongAdder()).add(never);
        }
    }

    private void ended(long dueNanos, Answer answer) {
        long took = Math.min((System.nanoTime() - dueNanos) / 1000, MICROS_MAX);
        micros.computeIfAbsent(answer.what(), _ -> new ConcurrentHistogram(MICROS_MAX, 3))
                .recordValue(took);
        if (answer.status() / 100 != 2) {
            refused.computeIfAbsent(answer.what() + " " + answer.status(), _ -> new LongAdder())
                    .increment();
        }
        open.decrement();
    }

    Map<String, Histogram> micros() {
        return new TreeMap<>(micros);
    }

    /** Answers other than of success: by what was asked and the status. */
    Map<String, Long> refused() {
        Map<String, Long> counts = new TreeMap<>();
        refused.forEach((what, count) -> counts.put(what, count.sum()));
        return counts;
    }

    Histogram all() {
        Histogram sum = new Histogram(MICROS_MAX, 3);
        micros.values().forEach(sum::add);
        return sum;
    }
}
