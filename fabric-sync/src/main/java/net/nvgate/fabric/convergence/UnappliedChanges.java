package net.nvgate.fabric.convergence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The revisions that touch one node and that it has not applied, as far as was noticed, with their times. Thread-safe.
 *
 * <p>Neighbours are one span with the time of the first of them, when they are less than 100 ms apart or when there are
 * more than {@value #SPANS_MAX} spans: memory is bounded however long a node is away, and an age is never too small.
 */
final class UnappliedChanges {

    static final int SPANS_MAX = 64;
    static final Duration TOGETHER = Duration.ofMillis(100);

    /** Revisions {@code first..last}, some of which touch the node; the first one came at {@code since}. */
    private record Span(long first, long last, Instant since) {}

    private final List<Span> spans = new ArrayList<>();

    /** The last revision that touches the node. */
    private long desired;

    /** Everything up to here was applied once, and forgotten here. */
    private long forgotten;

    /** @param now when the revision was seen; revisions come in order, older ones are known already */
    synchronized void touched(long revision, Instant now) {
        if (revision <= desired) {
            return;
        }
        Span last = spans.isEmpty() ? null : spans.getLast();
        if (last != null && now.isBefore(last.since().plus(TOGETHER))) {
            spans.set(spans.size() - 1, new Span(last.first(), revision, last.since()));
        } else {
            spans.add(new Span(revision, revision, now));
        }
        desired = revision;
        if (spans.size() > SPANS_MAX) {
            joinShortest();
        }
    }

    /** Joins the two neighbours that are one span of the shortest time. */
    private void joinShortest() {
        int at = 0;
        Duration shortest = Duration.ofSeconds(Long.MAX_VALUE);
        for (int i = 0; i + 2 < spans.size(); i++) {
            Duration together =
                    Duration.between(spans.get(i).since(), spans.get(i + 2).since());
            if (together.compareTo(shortest) < 0) {
                at = i;
                shortest = together;
            }
        }
        Span second = spans.remove(at + 1);
        Span first = spans.get(at);
        spans.set(at, new Span(first.first(), second.last(), first.since()));
    }

    /**
     * Since when there is something that the node has not applied; empty if it is level.
     *
     * @param applied what it runs by, 0 = nothing known. If it had more once, what it lacks counts from now,
     *     or from the oldest change that it lacked anyway.
     */
    synchronized Optional<Instant> oldest(long applied, Instant now) {
        if (applied < forgotten) {
            Instant since = spans.isEmpty() ? now : spans.getFirst().since();
            spans.addFirst(new Span(applied + 1, forgotten, since));
            forgotten = applied;
        }
        while (!spans.isEmpty() && spans.getFirst().last() <= applied) {
            forgotten = spans.removeFirst().last();
        }
        return spans.isEmpty() ? Optional.empty() : Optional.of(spans.getFirst().since());
    }

    /** Whether nothing of the revisions up to this one is missing. In doubt, no. */
    synchronized boolean has(long revision, long applied) {
        return applied >= revision
                || (applied >= forgotten
                        && spans.stream().noneMatch(span -> span.last() > applied && span.first() <= revision));
    }

    /** The last revision that touches the node, 0 = none that was seen. */
    synchronized long desired() {
        return desired;
    }
}
