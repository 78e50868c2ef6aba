package net.nvgate.gateway.neighbor;

import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;

/** Puts neighbours into a table that no agent keeps, as benches and tests want. */
public final class FixedNeighbors {

    private FixedNeighbors() {}

    /** Reachable, for ever. */
    public static void add(NeighborTable table, int port, int address, long mac) {
        add(table, port, new Ipv4Address(address), mac);
    }

    /** As {@link #add(NeighborTable, int, int, long)}. */
    public static void add(NeighborTable table, int port, IpAddress address, long mac) {
        table.set(port, address, mac, NeighborState.REACHABLE);
    }

    /** It answers no more. */
    public static void remove(NeighborTable table, int port, int address) {
        table.remove(port, new Ipv4Address(address));
    }
}
