package net.nvgate.gateway.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * One row of the results.
 *
 * @param name e.g. {@code nat-out/64t/1000000}
 * @param ipBytes inner size of a flow's packets
 */
record Scenario(String name, Work work, BenchShape shape, IntUnaryOperator ipBytes) {

    private static final int TENANTS = 64;
    private static final List<Integer> SESSIONS = List.of(1, 1_000, 10_000, 64_000, 1_000_000, 10_000_000);

    /** All of them, in the order in which they are measured. */
    static List<Scenario> all() {
        List<Scenario> all = new java.util.ArrayList<>();
        for (Work work : List.of(Work.NAT_OUT, Work.NAT_IN)) {
            for (int sessions : SESSIONS) {
                all.add(small(work, Math.min(TENANTS, sessions), sessions));
            }
        }
        for (int tenants : List.of(1, 100, 4_000)) {
            all.add(small(Work.NAT_OUT, tenants, 64_000));
        }
        for (Work work : List.of(Work.ROUTE_OUT, Work.ROUTE_IN, Work.NAT_BOTH)) {
            for (int sessions : List.of(1_000, 64_000)) {
                all.add(small(work, TENANTS, sessions));
            }
        }
        BenchShape shape = BenchShape.of(TENANTS, 64_000);
        all.add(new Scenario("imix/64t/64000", Work.NAT_BOTH, shape, Traffic.IMIX));
        return all;
    }

    private static Scenario small(Work work, int tenants, int sessions) {
        String name = work.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new Scenario(
                name + "/" + tenants + "t/" + sessions, work, BenchShape.of(tenants, sessions), Traffic.ALL_SMALL);
    }
}
