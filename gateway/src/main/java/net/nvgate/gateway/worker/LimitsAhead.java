package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.RateLimits;

/**
 * Reads the meters of NICs that {@link FastLimiter} will need for all packets of a burst, as {@link Burst#lookUp} does with sessions: the
 * cache misses overlap. Nothing is done where no NIC has limits.
 */
final class LimitsAhead {

    private final RateLimits limits;
    private final Meters meters;
    private final Adjacencies adjacencies;
    private long touched;

    LimitsAhead(RateLimits limits, Meters meters, Adjacencies adjacencies) {
        this.limits = limits;
        this.meters = meters;
        this.adjacencies = adjacencies;
    }

    void outbound(Burst burst) {
        if (!limits.anyNic()) {
            return;
        }
        long sum = 0;
        for (int i = 0; i < burst.count(); i++) {
            long line = burst.line(i);
            int nic = line == 0 ? SessionLimits.NO_NIC : Session.nic(line);
            sum += nic == SessionLimits.NO_NIC ? 0 : Meters.pace(meters.nicAt(nic - 1, Meters.OUTBOUND));
        }
        touched += sum;
    }

    void inbound(Burst burst) {
        if (!limits.anyNic()) {
            return;
        }
        long sum = 0;
        for (int i = 0; i < burst.count(); i++) {
            long line = burst.line(i);
            int number = line == 0 ? -1 : Session.adjacency(line);
            int nic = number < 0 ? SessionLimits.NO_NIC : Adjacency.nic(adjacencies.address(number));
            sum += nic == SessionLimits.NO_NIC ? 0 : Meters.pace(meters.nicAt(nic - 1, Meters.INBOUND));
        }
        touched += sum;
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
    }
}
