package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.Session;

/**
 * Between second and third pass: reads a word of every line that the third one will need of all packets of a burst from outside besides their sessions, as
 * {@link Burst#lookUp} does with these, so that the cache misses overlap: adjacencies toward VMs, each of which is a next hop of its own. Meters are
 * not among them: a pass over the burst costs more than it saves.
 */
final class LinesAhead {

    private final Adjacencies adjacencies;
    private long touched;

    LinesAhead(Adjacencies adjacencies) {
        this.adjacencies = adjacencies;
    }

    void inbound(Burst burst) {
        long sum = 0;
        for (int i = 0; i < burst.count(); i++) {
            long adjacency = adjacency(burst.line(i));
            sum += Adjacency.mtu(adjacency) + Adjacency.lastHeaders(adjacency);
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
