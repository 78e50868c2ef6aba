package net.nvgate.gateway.worker;

import net.nvgate.gateway.nvgre.Nvgre;
import net.nvgate.gateway.packet.Ethernet;
import net.nvgate.gateway.packet.Ipv4;
import net.nvgate.gateway.packet.Ipv6;
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

    /** As {@link #clamped}, for an IPv6 CA. */
    void clamped6(int domain, long high, long low, int announced, int lowered) {
        long vm = count6(domain, high, low, VsidCounter.MSS_CLAMPED);
        MtuTable.add(vm, MtuTable.CLAMPED);
        MtuTable.mss(vm, announced, lowered);
    }

    /** As {@link #clampedInbound}, for an IPv6 CA. */
    void clampedInbound6(int domain, long high, long low) {
        MtuTable.add(count6(domain, high, low, VsidCounter.MSS_CLAMPED), MtuTable.CLAMPED);
    }

    /** As {@link #refused}, for an IPv6 CA. */
    void refused6(int domain, long high, long low, int size) {
        long vm = count6(domain, high, low, VsidCounter.TOO_BIG);
        MtuTable.add(vm, MtuTable.REFUSED);
        MtuTable.lastSize(vm, size);
    }

    /** As {@link #refusedInbound}, for an IPv6 CA. */
    void refusedInbound6(int domain, long high, long low) {
        MtuTable.add(count6(domain, high, low, VsidCounter.TOO_BIG), MtuTable.RECEIVED);
    }

    /**
     * An NVGRE packet came in fragments: what is inside was too big for its host.
     *
     * @param gre where GRE begins in the whole packet
     * @param length bytes from there on
     * @param outerSource PA it came from
     */
    void tunnelFragmented(long gre, int length, int outerSource) {
        int headers = Nvgre.LENGTH + Ethernet.LENGTH;
        long vsid = length < headers + Ipv4.MIN_LENGTH ? 0 : tables.vsids.find(Nvgre.vsid(gre));
        if (vsid == 0) {
            return;
        }
        long inner = gre + headers;
        int domain = VsidEntry.rdid(vsid);
        int type = Ethernet.type(inner - Ethernet.LENGTH);
        long vm = 0;
        int size = 0;
        if (type == Ethernet.TYPE_IPV4 && isFrom(tables.records.find(domain, Ipv4.source(inner)), outerSource)) {
            vm = count(domain, Ipv4.source(inner), VsidCounter.TUNNEL_FRAGMENTED);
            size = Ipv4.totalLength(inner);
        } else if (type == Ethernet.TYPE_IPV6 && length >= headers + Ipv6.LENGTH) {
            long high = Ipv6.sourceHigh(inner);
            long low = Ipv6.sourceLow(inner);
            if (isFrom(tables.records6.find(domain, high, low), outerSource)) {
                vm = count6(domain, high, low, VsidCounter.TUNNEL_FRAGMENTED);
                size = Ipv6.totalLength(inner);
            }
        }
        if (vm != 0) {
            MtuTable.add(vm, MtuTable.TUNNELLED);
            MtuTable.lastSize(vm, size);
        }
    }

    private static boolean isFrom(long record, int outerSource) {
        return record != 0 && LookupEntry.pa(record) == outerSource;
    }

    private long count6(int domain, long high, long low, VsidCounter counter) {
        long record = tables.records6.find(domain, high, low);
        counters.add(record == 0 ? NO_VSID : LookupEntry.countersIndex(record), counter, 1);
        return counters.isAside() ? table.nobody() : table.entry6(domain, high, low, clock.ms());
    }

    /** The VM's entry; what happened is counted for its subnet. */
    private long count(int domain, int ca, VsidCounter counter) {
        long record = tables.records.find(domain, ca);
        counters.add(record == 0 ? NO_VSID : LookupEntry.countersIndex(record), counter, 1);
        return counters.isAside() ? table.nobody() : table.entry(domain, ca, clock.ms());
    }
}
