package net.nvgate.gateway.control;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.flow.SessionMatch;
import net.nvgate.gateway.flow.SessionReader;
import net.nvgate.gateway.worker.SessionCommands;
import net.nvgate.gateway.worker.Worker;

/**
 * Ends sessions that people name, or counts them first. What is found goes to its worker by a bounded ring, and the worker ends a few per
 * millisecond between packets. A session that ends by itself meanwhile does not count, and who has its place stays.
 */
final class SessionEnder {

    /**
     * The query by which it is asked; answered with one row: {@code ended}, and for a dry run {@code matched}. Truncated if there may be
     * more: time is up, or as many as wanted have been ended.
     */
    static final String KIND = "end-sessions";

    private static final Set<String> CONTROLS = Set.of("all", "dryRun", "max");
    private static final long WANTED_MAX = Integer.MAX_VALUE;
    private static final long ASK_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(3);
    private static final long PAUSE_NANOS = 50_000;

    private final List<WorkerThread> workers;
    private final TablePolicy policy;
    private final Function<SessionAsk, SessionPages.Check> checks;

    /** @param checks as {@link NatViews#check} */
    SessionEnder(List<WorkerThread> workers, TablePolicy policy, Function<SessionAsk, SessionPages.Check> checks) {
        this.workers = workers;
        this.policy = policy;
        this.checks = checks;
    }

    /** What is under way in one call. */
    private final class Walk {
        private final SessionAsk ask;
        private final SessionPages.Check check;
        private final boolean dry;
        private final long wanted;
        private final long begun = System.nanoTime();
        private final long nowMs = Worker.nowMs();
        private long found;
        private boolean stopped;

        Walk(SessionAsk ask, boolean dry, long wanted) {
            this.ask = ask;
            this.check = checks.apply(ask);
            this.dry = dry;
            this.wanted = wanted;
        }

        void of(int index) {
            WorkerThread worker = workers.get(index);
            SessionReader reader = worker.sessions();
            SessionMatch match = ask.match(worker.hosts());
            for (int place = 0; place < reader.touched() && !stopped; ) {
                place = reader.look(place, place + SessionPages.SLICE, match, nowMs, (item, session, stamp) -> {
                    if (check.accepts(index, session)) {
                        stopped = found == wanted || !take(worker.commands(), item, stamp);
                        found += stopped ? 0 : 1;
                    }
                    return !stopped;
                });
                LockSupport.parkNanos(SessionPages.REST_NANOS);
                stopped |= System.nanoTime() - begun > ASK_NANOS_MAX;
            }
        }

        /** False when the worker does not take it in time. */
        private boolean take(SessionCommands commands, int item, long stamp) {
            while (!dry && !commands.end(item, stamp)) {
                if (System.nanoTime() - begun > ASK_NANOS_MAX) {
                    return false;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            return true;
        }

        void awaitDone() {
            for (WorkerThread worker : workers) {
                while (!worker.commands().isDone()) {
                    if (System.nanoTime() - begun > WAIT_NANOS_MAX) {
                        throw new IllegalStateException("the worker does not end sessions in time");
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    /**
     * Ends the sessions that a filter names and waits until the workers have done so.
     *
     * @param fields those of {@link SessionAsk}, or {@code all=true} alone for every session; {@code dryRun=true} counts and ends none;
     *     {@code max}: sessions at most, instead of {@code limit}
     * @throws IllegalArgumentException for a filter that names nothing, or what there is not
     * @throws IllegalStateException if a worker does not do what it has taken on
     */
    synchronized QueryResult end(Map<String, String> fields, int limit) {
        SessionAsk ask = check(fields);
        boolean dry = "true".equals(fields.get("dryRun"));
        String max = fields.get("max");
        Walk walk = new Walk(
                ask, dry, dry ? Long.MAX_VALUE : max == null ? limit : SessionAsk.number("max", max, WANTED_MAX));
        long before = ended();
        for (int worker = 0; worker < workers.size() && !walk.stopped; worker++) {
            walk.of(worker);
        }
        walk.awaitDone();
        String matched = dry ? ",\"matched\":" + walk.found : "";
        return new QueryResult("[{\"ended\":" + (ended() - before) + matched + "}]", walk.stopped);
    }

    private long ended() {
        return workers.stream().mapToLong(worker -> worker.commands().ended()).sum();
    }

    private SessionAsk check(Map<String, String> fields) {
        Set<String> named = new HashSet<>(fields.keySet());
        named.removeAll(CONTROLS);
        for (String field : named) {
            if (!SessionAsk.FIELDS.contains(field)) {
                throw new IllegalArgumentException("sessions cannot be ended by '" + field + "'");
            }
        }
        boolean all = "true".equals(fields.get("all"));
        if (fields.containsKey("all") && (!all || !named.isEmpty())) {
            throw new IllegalArgumentException("'all' stands alone");
        }
        if (named.isEmpty() && !all) {
            throw new IllegalArgumentException("say which sessions shall end, or all=true");
        }
        SessionAsk ask = new SessionAsk(fields, policy);
        if (ask.isOfNoTenant()) {
            throw new IllegalArgumentException("no such VM network here");
        }
        if (fields.containsKey("vmNetwork") && ask.isOfSeveralTenants()) {
            throw new IllegalArgumentException("several VM networks have this name, give the rdid");
        }
        return ask;
    }
}
