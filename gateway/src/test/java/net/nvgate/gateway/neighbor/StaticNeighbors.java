package net.nvgate.gateway.neighbor;

/** Puts neighbours into a table without an agent. */
public final class StaticNeighbors {

    private StaticNeighbors() {}

    public static void reachable(NeighborTable table, int port, int address, long mac) {
        table.set(port, address, mac, NeighborState.REACHABLE);
    }
}
