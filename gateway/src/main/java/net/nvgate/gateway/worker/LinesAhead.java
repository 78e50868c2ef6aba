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
        if (!limits.anyTenant()) {
            return;
        }
        long sum = 0;
        for (int i = 0; i < burst.count(); i++) {
            long line = burst.line(i);
            if (isLimited(line)) {
                sum += meters(Meters.OUTBOUND, FlowKey.domain(burst.key1(i)), Session.nic(line));
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
                if (isLimited(line)) {
                    sum += meters(Meters.INBOUND, Session.domain(line), Adjacency.nic(adjacency(line)));
                }
            }
        }
        touched += sum;
    }

    private static boolean isLimited(long line) {
        return line != 0 && (Session.flags(line) & Session.LIMITED) != 0;
    }

    private long meters(int direction, int domain, int nic) {
        long tenant = Meters.pace(meters.tenantAt(domain, direction));
        return nic == SessionLimits.NO_NIC ? tenant : tenant + Meters.pace(meters.nicAt(nic - 1, direction));
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
