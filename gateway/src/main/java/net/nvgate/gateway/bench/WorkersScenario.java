package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import net.nvgate.gateway.worker.WorkerGroup;

/**
 * One row of what several workers come to together.
 *
 * @param spread who receives whose packets
 */
record WorkersScenario(int workers, Spread spread, Work work, BenchShape shape) {

    private static final int TENANTS = 64;
    private static final List<Integer> SESSIONS = List.of(1_000, 64_000);

    /** By whose queue a packet comes. */
    enum Spread {
        /** By that of the worker that has its tenant: none is handed over. */
        OWN,
        /** By another one's: all are handed over. */
        OTHER,
        /** By any: as a NIC does that knows no tenants. Of two workers' packets half are handed over. */
        RSS
    }

    /** One worker, and several with each spread. */
    static List<WorkersScenario> all(int workers) {
        List<WorkersScenario> all = new ArrayList<>();
        for (Work work : List.of(Work.NAT_OUT, Work.NAT_IN)) {
            for (int sessions : SESSIONS) {
                BenchShape shape = BenchShape.of(TENANTS, sessions);
                all.add(new WorkersScenario(1, Spread.OWN, work, shape));
                for (Spread spread : Spread.values()) {
                    all.add(new WorkersScenario(workers, spread, work, shape));
                }
            }
        }
        return all;
    }

    String name() {
        String how = workers + "-" + spread + "/" + work.name().replace('_', '-');
        return "workers-" + how.toLowerCase(Locale.ROOT) + "/" + shape.tenants() + "t/" + shape.sessions();
    }

    /** The flows of which a worker receives the packets. */
    IntPredicate receivedBy(int worker) {
        return switch (spread) {
            case OWN -> flow -> owner(flow) == worker;
            case OTHER -> flow -> (owner(flow) + 1) % workers == worker;
            // Flows of a tenant are one round of all tenants apart.
            case RSS -> flow -> flow / shape.tenants() % workers == worker;
        };
    }

    private int owner(int flow) {
        return WorkerGroup.ownerOf(BenchFabric.rdid(shape.tenantOf(shape.vmOf(flow))), workers);
    }

    /** Whether so many packets of all may have been handed over. */
    boolean mayHandOver(long handedOver, long packets) {
        return switch (spread) {
            case OWN -> handedOver == 0;
            case OTHER -> handedOver == packets;
            case RSS -> handedOver > 0 && handedOver < packets;
        };
    }
}
