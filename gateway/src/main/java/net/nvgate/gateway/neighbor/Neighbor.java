package net.nvgate.gateway.neighbor;

import net.nvgate.fabric.model.IpAddress;

/** What the agent keeps of a neighbour beyond its table entry. */
final class Neighbor {

    final int port;
    final IpAddress address;
    NeighborState state = NeighborState.INCOMPLETE;
    long mac;

    /** A packet needed it since it became stale or failed: another MAC is verified at once, and nobody takes its place. */
    boolean needed;

    /** Requests since the last answer. */
    int tries;

    /** Time of the last request, by the agent's clock. */
    long askedNanos;

    /** When the state runs out, by the agent's clock. */
    long deadlineNanos;

    /** Distinguishes neighbours with one deadline. */
    final long serial;

    Neighbor(int port, IpAddress address, long serial) {
        this.port = port;
        this.address = address;
        this.serial = serial;
    }
}
