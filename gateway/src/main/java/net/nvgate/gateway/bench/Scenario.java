package net.nvgate.gateway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/**
 * One row of the results.
 *
 * @param name kind of work, tenants, sessions: {@code nat-out/64t/1000000}
 * @param ipBytes inner size of a flow's packets
 */
record Scenario(String name, Kind kind, BenchPolicy policy, Work work, BenchShape shape, IntUnaryOperator ipBytes) {

    /** What happens beside forwarding. */
    enum Kind {
        /** Nothing: every session is there. */
        STEADY,
        /** Each packet makes a session, from an empty table to a full one. */
        NEW_SESSIONS,
        /** One packet of 32 makes a session, and as many sessions end. */
        CHURN,
        /** A control thread writes 1,000 lookup records a second. */
        RECORD_CHANGES
    }

    /** Without policy besides forwarding. */
    Scenario(String name, Kind kind, Work work, BenchShape shape, IntUnaryOperator ipBytes) {
        this(name, kind, BenchPolicy.NONE, work, shape, ipBytes);
    }

    private static final int TENANTS = 64;
    private static final List<Integer> SESSIONS = List.of(1, 1_000, 10_000, 64_000, 1_000_000, 10_000_000);
    private static final int MIDDLE = 64_000;
    private static final int RECORDS = 1_000_000;

    /** All of them, in the order in which they are measured. */
    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (Work work : List.of(Work.NAT_OUT, Work.NAT_IN)) {
            SESSIONS.forEach(sessions -> all.add(steady(work, Math.min(TENANTS, sessions), sessions)));
        }
        for (Work work : List.of(Work.ROUTE_OUT, Work.ROUTE_IN, Work.NAT_BOTH)) {
            List.of(1_000, MIDDLE).forEach(flows -> all.add(steady(work, TENANTS, flows)));
        }
        List.of(1, 100, 4_000).forEach(tenants -> all.add(steady(Work.NAT_OUT, tenants, MIDDLE)));
        BenchShape middle = BenchShape.of(TENANTS, MIDDLE);
        all.add(new Scenario("imix/64t/64000", Kind.STEADY, Work.NAT_BOTH, middle, Traffic.IMIX));
        for (int sessions : List.of(MIDDLE, 1_000_000)) {
            all.add(named("new-sessions", Kind.NEW_SESSIONS, BenchShape.of(TENANTS, sessions)));
        }
        all.add(named("churn", Kind.CHURN, BenchShape.of(TENANTS, 2_000_000)));
        for (Work work : List.of(Work.NAT_OUT, Work.NAT_IN)) {
            for (BenchPolicy policy : BenchPolicy.values()) {
                String name = "policy-" + lower(policy) + "-" + lower(work);
                all.add(new Scenario(fullName(name, middle), Kind.STEADY, policy, work, middle, Traffic.ALL_SMALL));
            }
        }
        for (BenchPolicy policy : List.of(BenchPolicy.NONE, BenchPolicy.ACL, BenchPolicy.ALL)) {
            BenchShape shape = BenchShape.of(TENANTS, 2_000_000);
            String name = fullName("policy-" + lower(policy) + "-churn", shape);
            all.add(new Scenario(name, Kind.CHURN, policy, Work.NAT_OUT, shape, Traffic.ALL_SMALL));
        }
        BenchShape records = middle.withSpareRecords(RECORDS - middle.vms());
        all.add(named("records-1m", Kind.STEADY, records));
        all.add(named("records-1m-changing", Kind.RECORD_CHANGES, records));
        return all;
    }

    private static Scenario steady(Work work, int tenants, int sessions) {
        String name = lower(work);
        BenchShape shape = BenchShape.of(tenants, sessions);
        return new Scenario(fullName(name, shape), Kind.STEADY, work, shape, Traffic.ALL_SMALL);
    }

    private static Scenario named(String name, Kind kind, BenchShape shape) {
        return new Scenario(fullName(name, shape), kind, Work.NAT_OUT, shape, Traffic.ALL_SMALL);
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String fullName(String name, BenchShape shape) {
        return name + "/" + shape.tenants() + "t/" + shape.sessions();
    }
}
