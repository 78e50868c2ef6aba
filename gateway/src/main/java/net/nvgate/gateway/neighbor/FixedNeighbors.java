package net.nvgate.gateway.neighbor;

/** Puts neighbours into a table that no agent keeps, as benches and tests want. */
public final class FixedNeighbors {

    private FixedNeighbors() {}

    /** Reachable, for ever. */
    public static void add(NeighborTable table, int port, int address, long mac) {
        table.set(port, address, mac, NeighborState.REACHABLE);
    }
}
