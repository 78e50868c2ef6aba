package net.nvgate.gateway.neighbor;

/** What the agent keeps of a neighbour beyond its table entry. */
final class Neighbor {

    final int port;
    final int address;
    NeighborState state = NeighborState.INCOMPLETE;
    long mac;

    /** A packet needed it: it is verified again when its time is over, instead of forgotten. */
    boolean needed;

    /** ARP requests since the last answer. */
    int tries;

    /** When the state runs out, by the agent's clock. */
    long deadlineNanos;

    /** Distinguishes neighbours with one deadline. */
    final long serial;

    Neighbor(int port, int address, long serial) {
        this.port = port;
        this.address = address;
        this.serial = serial;
    }
}
