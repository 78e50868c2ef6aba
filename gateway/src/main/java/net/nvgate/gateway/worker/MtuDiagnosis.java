package net.nvgate.gateway.worker;

import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.route.LookupEntry;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/**
 * What happened to packets because of their size: per virtual subnet in counters, and per VM in a {@link MtuTable}, so that one sees
 * which VM still has the wrong MTU. Called only when something did happen.
 */
final class MtuDiagnosis {

    /** Counters index of a CA that no record has. */
    private static final int NO_VSID = -1;

    private final RouteTables tables;
    private final MtuTable table;
    private final WorkerClock clock;
    private final WorkerCounters counters;

    MtuDiagnosis(RouteTables tables, MtuTable table, WorkerClock clock, WorkerCounters counters) {
        this.tables = tables;
        this.table = table;
        this.clock = clock;
        this.counters = counters;
    }

    /** The MSS that a VM announced was lowered. */
    void clamped(int domain, int ca, int announced, int lowered) {
        long vm = count(domain, ca, VsidCounter.MSS_CLAMPED);
        MtuTable.add(vm, MtuTable.CLAMPED);
        MtuTable.mss(vm, announced, lowered);
    }

    /** The MSS that was announced to a VM was lowered. */
    void clampedInbound(int domain, int ca) {
        MtuTable.add(count(domain, ca, VsidCounter.MSS_CLAMPED), MtuTable.CLAMPED);
    }

    /** A VM's packet did not fit and was refused with ICMP. */
    void refused(int domain, int ca, int size) {
        long vm = count(domain, ca, VsidCounter.TOO_BIG);
        MtuTable.add(vm, MtuTable.REFUSED);
        MtuTable.lastSize(vm, size);
    }

    /** A VM's packet did not fit and was fragmented. */
    void fragmented(int domain, int ca, int size) {
        long vm = count(domain, ca, VsidCounter.FRAGMENTED);
        MtuTable.add(vm, MtuTable.FRAGMENTED);
        MtuTable.lastSize(vm, size);
    }

    /** A packet to a VM did not fit and was refused with ICMP. */
    void refusedInbound(int domain, int ca) {
        MtuTable.add(count(domain, ca, VsidCounter.TOO_BIG), MtuTable.RECEIVED);
    }

    /** A packet to a VM did not fit and was fragmented. */
    void fragmentedInbound(int domain, int ca) {
        MtuTable.add(count(domain, ca, VsidCounter.FRAGMENTED), MtuTable.RECEIVED);
    }

    /** An NVGRE packet came in fragments, whole it lies at {@code outer}: what is inside was too big for its host. */
    void tunnelFragmented(long outer) {
        int headers = Ipv4.headerLength(outer) + Nvgre.LENGTH + Ethernet.LENGTH;
        if (Ipv4.totalLength(outer) < headers + Ipv4.MIN_LENGTH) {
            return;
        }
        long inner = outer + headers;
        long vsid = tables.vsids.find(Nvgre.vsid(outer + Ipv4.headerLength(outer)));
        if (vsid == 0 || Ethernet.type(inner - Ethernet.LENGTH) != Ethernet.TYPE_IPV4) {
            return;
        }
        int domain = VsidEntry.rdid(vsid);
        long record = tables.records.find(domain, Ipv4.source(inner));
        if (record != 0 && LookupEntry.pa(record) == Ipv4.source(outer)) {
            long vm = count(domain, Ipv4.source(inner), VsidCounter.TUNNEL_FRAGMENTED);
            MtuTable.add(vm, MtuTable.TUNNELLED);
            MtuTable.lastSize(vm, Ipv4.totalLength(inner));
        }
    }

    /** The VM's entry; what happened is counted for its subnet. */
    private long count(int domain, int ca, VsidCounter counter) {
        long record = tables.records.find(domain, ca);
        counters.add(record == 0 ? NO_VSID : LookupEntry.countersIndex(record), counter, 1);
        return table.entry(domain, ca, clock.ms());
    }
}
