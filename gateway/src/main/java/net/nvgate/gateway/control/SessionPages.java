package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.gateway.flow.SessionMatch;
import net.nvgate.gateway.flow.SessionReader;
import net.nvgate.gateway.flow.SessionRow;
import net.nvgate.gateway.flow.SessionSort;

/**
 * Pages of the sessions of all workers. It reads tables that workers write, slice by slice with a rest in between, keeps no more than the
 * rows of a page, and stops after a time.
 *
 * <p>Without an order the pages are a walk over the places of the tables: a session that lives all the while is on one page, once. In an
 * order each page is that of its moment: those after the last row of the page before.
 */
final class SessionPages {

    /** So many places are looked at, then the processor is somebody else's. */
    static final int SLICE = 8192;

    static final long REST_NANOS = 20_000;
    /** Longest time that a page may take. */
    static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(3);

    /** Where a page begins: at a place, or after a row. */
    private record Cursor(long value, int worker, int item) {}

    /** A row and where it was found; the worker's number is its place in the list. */
    record Found(long value, int worker, int item, SessionRow row) implements Comparable<Found> {

        @Override
        public int compareTo(Found other) {
            return order(value, worker, item, other.value, other.worker, other.item);
        }
    }

    /** Negative if the first comes before the second: the larger value, else the lower place. */
    private static int order(long value, int worker, int item, long value2, int worker2, int item2) {
        if (value != value2) {
            return Long.compare(value2, value);
        }
        return worker != worker2 ? Integer.compare(worker, worker2) : Integer.compare(item, item2);
    }

    /** @param next where the next page begins; empty = there is none */
    record Page(List<Found> rows, String next) {}

    /** A further look at what matches, e.g. for what the policy knows. */
    interface Check {
        boolean accepts(int worker, long session);
    }

    private final List<SessionReader> workers;
    private final List<SessionMatch> matches;
    private final Check check;
    private final String start;
    private final long nowMs;
    private final long deadline;

    /**
     * @param matches for each worker
     * @param start names this run of the process: pages of another one have other places
     * @param nowMs on the clock of the sessions' timers
     * @param deadline when it stops, on the clock of {@link System#nanoTime}
     */
    SessionPages(
            List<SessionReader> workers,
            List<SessionMatch> matches,
            Check check,
            String start,
            long nowMs,
            long deadline) {
        this.workers = workers;
        this.matches = matches;
        this.check = check;
        this.start = start;
        this.nowMs = nowMs;
        this.deadline = deadline;
    }

    /**
     * The page that fields {@code sort}, {@code order} and {@code after} name.
     *
     * @throws IllegalArgumentException for a value that the field cannot have
     * @throws IllegalStateException if they cannot be put in order in time
     */
    Page page(Map<String, String> fields, int limit) {
        String sort = fields.getOrDefault("sort", "");
        String order = fields.getOrDefault("order", "desc").toLowerCase(Locale.ROOT);
        if (!order.equals("desc") && !order.equals("asc")) {
            throw new IllegalArgumentException("order must be asc or desc, not '" + order + "'");
        }
        if (sort.isEmpty()) {
            return unsorted(cursor(fields, "-"), limit);
        }
        SessionSort by = SessionAsk.constant(SessionSort.class, "sort", sort);
        String name = by + "-" + order;
        return sorted(by, order.equals("desc") ? 1 : -1, name, cursor(fields, name), limit);
    }

    private Page unsorted(Cursor from, int limit) {
        List<Found> rows = new ArrayList<>();
        int place = from.item;
        for (int worker = from.worker; worker < workers.size(); worker++) {
            SessionReader reader = workers.get(worker);
            int index = worker;
            while (place < reader.touched()) {
                int[] more = {-1};
                place = reader.look(place, place + SLICE, matches.get(worker), nowMs, (item, session, stamp) -> {
                    if (!check.accepts(index, session)) {
                        return true;
                    }
                    if (rows.size() == limit) {
                        more[0] = item;
                        return false;
                    }
                    SessionRow row = reader.row(item, stamp, nowMs);
                    if (row != null) {
                        rows.add(new Found(0, index, item, row));
                    }
                    return true;
                });
                if (more[0] >= 0) {
                    return new Page(rows, next("-", 0, worker, more[0]));
                }
                if (!rest()) {
                    return new Page(rows, next("-", 0, worker, place));
                }
            }
            place = 0;
        }
        return new Page(rows, "");
    }

    private Page sorted(SessionSort by, int sign, String name, Cursor after, int limit) {
        PriorityQueue<Found> best = new PriorityQueue<>(Comparator.reverseOrder());
        boolean[] more = {false};
        for (int worker = 0; worker < workers.size(); worker++) {
            SessionReader reader = workers.get(worker);
            int index = worker;
            for (int place = 0; place < reader.touched(); ) {
                place = reader.look(place, place + SLICE, matches.get(worker), nowMs, (item, session, stamp) -> {
                    long value = sign * by.value(session, stamp, nowMs);
                    boolean isAfter = order(after.value, after.worker, after.item, value, index, item) < 0;
                    if (isAfter && check.accepts(index, session)) {
                        keep(best, limit, more, reader, value, index, item, stamp);
                    }
                    return true;
                });
                if (!rest()) {
                    throw new IllegalStateException(
                            "so many sessions cannot be put in order in time, narrow the filter");
                }
            }
        }
        List<Found> rows = new ArrayList<>(best);
        Collections.sort(rows);
        Found last = rows.isEmpty() ? null : rows.getLast();
        return new Page(rows, more[0] && last != null ? next(name, last.value, last.worker, last.item) : "");
    }

    /** Keeps the best of what it is given. */
    private void keep(
            PriorityQueue<Found> best,
            int limit,
            boolean[] more,
            SessionReader reader,
            long value,
            int worker,
            int item,
            long stamp) {
        Found worst = best.size() < limit ? null : best.peek();
        if (worst != null) {
            more[0] = true;
            if (order(worst.value, worst.worker, worst.item, value, worker, item) < 0) {
                return;
            }
        }
        SessionRow row = reader.row(item, stamp, nowMs);
        if (row != null) {
            if (worst != null) {
                best.poll();
            }
            best.add(new Found(value, worker, item, row));
        }
    }

    /** Pauses; false when it is time to come to an end. */
    private boolean rest() {
        LockSupport.parkNanos(REST_NANOS);
        return System.nanoTime() - deadline < 0;
    }

    private String next(String order, long value, int worker, int item) {
        return start + "_" + order + "_" + value + "_" + worker + "_" + item;
    }

    private Cursor cursor(Map<String, String> fields, String order) {
        String text = fields.get("after");
        if (text == null) {
            return order.equals("-") ? new Cursor(0, 0, 0) : new Cursor(Long.MAX_VALUE, -1, -1);
        }
        String[] parts = text.split("_", -1);
        if (parts.length != 5 || !parts[1].equals(order)) {
            throw new IllegalArgumentException("after must be what the page before said, and its order the same");
        }
        if (!parts[0].equals(start)) {
            throw new IllegalArgumentException("after is of a time before the gateway was started anew: begin again");
        }
        try {
            Cursor cursor =
                    new Cursor(Long.parseLong(parts[2]), Integer.parseInt(parts[3]), Integer.parseInt(parts[4]));
            if (cursor.worker >= 0 && cursor.item >= 0) {
                return cursor;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("after must be what the page before said", e);
        }
        throw new IllegalArgumentException("after must be what the page before said");
    }
}
