package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.route.RateLimits;

/**
 * Between second and third pass: reads a word of every line that the third one will need of all packets of a burst besides their sessions, as
 * {@link Burst#lookUp} does with these, so that the cache misses overlap: adjacencies toward VMs, and meters where anything is limited.
 */
final class LinesAhead {

    private final RateLimits limits;
    private final Meters meters;
    private final Adjacencies adjacencies;
    private long touched;

    LinesAhead(RateLimits limits, Meters meters, Adjacencies adjacencies) {
        this.limits = limits;
        this.meters = meters;
        this.adjacencies = adjacencies;
    }

    /** Packets from inside, whose next hops are few. */
    void outbound(Burst burst) {
        long sum = 0;
        if (limits.anyTenant()) {
            for (int i = 0; i < burst.count(); i++) {
                sum += Meters.pace(meters.tenantAt(FlowKey.domain(burst.key1(i)), Meters.OUTBOUND));
            }
        }
        if (limits.anyNic()) {
            for (int i = 0; i < burst.count(); i++) {
                long line = burst.line(i);
                int nic = line == 0 ? SessionLimits.NO_NIC : Session.nic(line);
                sum += nic == SessionLimits.NO_NIC ? 0 : Meters.pace(meters.nicAt(nic - 1, Meters.OUTBOUND));
            }
        }
        touched += sum;
    }

    /** Packets from outside: each VM is a next hop of its own. */
    void inbound(Burst burst) {
        long sum = 0;
        for (int i = 0; i < burst.count(); i++) {
            long adjacency = adjacency(burst.line(i));
            sum += Adjacency.mtu(adjacency) + Adjacency.lastHeaders(adjacency);
        }
        if (limits.anyTenant()) {
            for (int i = 0; i < burst.count(); i++) {
                long line = burst.line(i);
                sum += line == 0 ? 0 : Meters.pace(meters.tenantAt(Session.domain(line), Meters.INBOUND));
            }
        }
        if (limits.anyNic()) {
            for (int i = 0; i < burst.count(); i++) {
                int nic = Adjacency.nic(adjacency(burst.line(i)));
                sum += nic == SessionLimits.NO_NIC ? 0 : Meters.pace(meters.nicAt(nic - 1, Meters.INBOUND));
            }
        }
        touched += sum;
    }

    /** Where a line's packets go, as it seems; without that the first of all adjacencies. */
    private long adjacency(long line) {
        return adjacencies.address(line == 0 ? 0 : Math.max(Session.adjacency(line), 0));
    }

    /** Keeps the touching reads alive for the compiler. */
    long touched() {
        return touched;
    }
}
