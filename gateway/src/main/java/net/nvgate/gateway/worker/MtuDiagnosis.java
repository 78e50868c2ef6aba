package net.nvgate.gateway.worker;

import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;

/** What happened to packets because of their size, per virtual subnet. */
final class MtuDiagnosis {

    /** Counters index of a CA that no record has. */
    private static final int NO_VSID = -1;

    private final RouteTables tables;
    private final WorkerCounters counters;

    MtuDiagnosis(RouteTables tables, WorkerCounters counters) {
        this.tables = tables;
        this.counters = counters;
    }

    /** The MSS that a VM announced, or that was announced to it, was lowered. */
    void clamped(int domain, int ca, int announced, int lowered) {
        counters.add(countersIndex(domain, ca), VsidCounter.MSS_CLAMPED, 1);
    }

    private int countersIndex(int domain, int ca) {
        long record = tables.records.find(domain, ca);
        return record == 0 ? NO_VSID : LookupEntry.countersIndex(record);
    }
}
