package net.nvgate.gateway.worker;

import net.nvgate.gateway.neighbor.LearningChannel;
import net.nvgate.gateway.route.MacTable;
import net.nvgate.gateway.route.RouteTables;
import net.nvgate.gateway.route.VsidEntry;

/**
 * Sees the CA of VMs with L2Only records in their ARP and DHCP and tells the control thread, which makes DYNAMIC records of them. A
 * sender is believed if an L2Only record has its MAC and the PA that the packet came from, and the CA lies in the subnet.
 */
final class L2Learner {

    private static final int PER_SECOND = 200;

    private final RouteTables tables;
    private final LearningChannel channel;
    private final WorkerClock clock;
    private final WorkerCounters counters;
    private final RateLimiter limiter = new RateLimiter(PER_SECOND, PER_SECOND);

    L2Learner(RouteTables tables, LearningChannel channel, WorkerClock clock, WorkerCounters counters) {
        this.tables = tables;
        this.channel = channel;
        this.clock = clock;
        this.counters = counters;
    }

    /**
     * A VM says that a CA is its own.
     *
     * @param vsid entry of the VSID that the packet came in
     * @return whether it may say so
     */
    boolean saw(long vsid, long mac, int ca, int outerSource) {
        long client = tables.macs.find(VsidEntry.vsid(vsid), mac);
        if (client == 0
                || MacTable.ca(client) != 0
                || MacTable.pa(client) != outerSource
                || !isHostOf(ca, VsidEntry.prefix(vsid), VsidEntry.prefixLength(vsid))) {
            return false;
        }
        if (limiter.tryTake(clock.nanos())) {
            counters.add(WorkerCounter.L2_SIGHTINGS, 1);
            channel.learned(VsidEntry.vsid(vsid), mac, ca, outerSource);
        }
        return true;
    }

    /** In the subnet, and neither its own nor its broadcast address. */
    private static boolean isHostOf(int ca, int prefix, int prefixLength) {
        if (prefixLength == 0 || prefixLength > 30) {
            return false;
        }
        int hostMask = -1 >>> prefixLength;
        int host = ca & hostMask;
        return (ca & ~hostMask) == prefix && host != 0 && host != hostMask;
    }
}
