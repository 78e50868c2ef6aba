package net.nvgate.gateway.neighbor;

import net.nvgate.fabric.model.IpAddress;

/** What the agent keeps of a neighbour beyond its table entry. */
final class Neighbor {

    final int port;
    final IpAddress address;
    NeighborState state = NeighborState.INCOMPLETE;
    long mac;

    /** A packet needed it: it is verified again when its time is over, instead of forgotten. */
    boolean needed;

    /** Requests since the last answer. */
    int tries;

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
