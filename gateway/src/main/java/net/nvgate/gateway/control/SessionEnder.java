package net.nvgate.gateway.control;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.nvgate.fabric.sync.QueryResult;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.worker.SessionCommands;

/** Ends sessions that people name by any part of their tuples, by way of the workers that have them. */
final class SessionEnder {

    /** The query by which it is asked; answered with one row that has the field {@code ended}. */
    static final String KIND = "end-sessions";

    private static final Set<String> FIELDS = Set.of(
            "rdid",
            "vmNetwork",
            "protocol",
            "insideAddress",
            "insidePort",
            "externalAddress",
            "externalPort",
            "remoteAddress",
            "remotePort",
            "all");
    private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
    private static final long PAUSE_NANOS = 50_000;

    private final List<WorkerThread> workers;
    private final TablePolicy policy;

    SessionEnder(List<WorkerThread> workers, TablePolicy policy) {
        this.workers = workers;
        this.policy = policy;
    }

    /**
     * Ends the sessions that a filter names and waits until the workers have done so.
     *
     * @param filter fields as those of the view of sessions; {@code all=true} alone for every session
     * @param limit sessions at most; there are more when the answer is truncated
     * @throws IllegalArgumentException for a filter that names nothing, or what there is not
     * @throws IllegalStateException if a worker does not take its commands
     */
    synchronized QueryResult end(Map<String, String> filter, int limit) {
        int domain = check(filter);
        SessionFilters.named(filter);
        int ended = 0;
        long deadline = System.nanoTime() + WAIT_NANOS_MAX;
        for (WorkerThread worker : workers) {
            SessionCommands commands = worker.commands();
            for (SessionFilter wanted : SessionFilters.of(filter, domain, worker.hosts())) {
                ended += worker.sessions().forEachKey(wanted, limit - ended, (key0, key1) -> {
                    while (!commands.end(key0, key1)) {
                        pause(deadline);
                    }
                });
            }
        }
        for (WorkerThread worker : workers) {
            while (!worker.commands().isDone()) {
                pause(deadline);
            }
        }
        return new QueryResult("[{\"ended\":" + ended + "}]", ended == limit);
    }

    private static void pause(long deadline) {
        if (System.nanoTime() - deadline > 0) {
            throw new IllegalStateException("the worker does not end sessions in time");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /** Index of the routing domain that a filter names, 0 if it names none. */
    private int check(Map<String, String> filter) {
        for (String field : filter.keySet()) {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException("sessions cannot be ended by '" + field + "'");
            }
        }
        boolean all = "true".equals(filter.get("all"));
        if (all != (filter.size() == 1 && filter.containsKey("all"))) {
            throw new IllegalArgumentException("'all' stands alone");
        }
        if (filter.isEmpty() || (filter.containsKey("all") && !all)) {
            throw new IllegalArgumentException("say which sessions shall end, or all=true");
        }
        return domain(filter);
    }

    private int domain(Map<String, String> filter) {
        if (!filter.containsKey("rdid") && !filter.containsKey("vmNetwork")) {
            return 0;
        }
        String rdid = filter.get("rdid");
        String vmNetwork = filter.get("vmNetwork");
        List<Integer> domains =
                policy.domains(name -> (rdid == null || name.rdid().toString().equals(rdid))
                        && (vmNetwork == null || name.vmNetwork().equals(vmNetwork)));
        if (domains.size() != 1) {
            throw new IllegalArgumentException(
                    domains.isEmpty()
                            ? "no such VM network here"
                            : "several VM networks have this name, give the rdid");
        }
        return domains.getFirst();
    }
}
