package net.nvgate.gateway.neighbor;

import net.nvgate.gateway.dpdk.Mem;

/**
 * A neighbour. MAC and state share one word, which changes in one store: read it once with {@link #link} and take both
 * from what was read.
 *
 * <pre>
 *  0 port (i64)     8 state &lt;&lt; 48 | mac (i64)     32 address, high (i64)     40 address, low (i64)
 * </pre>
 *
 * An IPv4 address is mapped as {@link Addresses} says.
 */
public final class NeighborEntry {

    public static final int BYTES = 64;

    private static final int STATE_SHIFT = 48;
    private static final long MAC_MASK = (1L << STATE_SHIFT) - 1;
    private static final int STALE = NeighborState.STALE.code();
    private static final int USABLE =
            (1 << NeighborState.REACHABLE.code()) | (1 << STALE) | (1 << NeighborState.PROBE.code());

    private NeighborEntry() {}

    /** Any thread: MAC and state together. */
    public static long link(long entry) {
        return Mem.i64(entry + 8);
    }

    /** The 48 bits, first octet most significant; 0 if not {@link #usable}. */
    public static long mac(long link) {
        return link & MAC_MASK;
    }

    /** {@link NeighborState#code} of the state. */
    public static int state(long link) {
        return (int) (link >>> STATE_SHIFT);
    }

    /** There is a MAC to send to. */
    public static boolean usable(long link) {
        return (USABLE >>> state(link) & 1) != 0;
    }

    /** The worker should tell the agent that it needs this neighbour: it is usable but nobody verifies it. */
    public static boolean stale(long link) {
        return state(link) == STALE;
    }

    static int port(long entry) {
        return (int) Mem.i64(entry);
    }

    static long high(long entry) {
        return Mem.i64(entry + 32);
    }

    static long low(long entry) {
        return Mem.i64(entry + 40);
    }

    static void key(long entry, int port, long high, long low) {
        Mem.i64(entry, port);
        Mem.i64(entry + 32, high);
        Mem.i64(entry + 40, low);
    }

    static long link(long mac, NeighborState state) {
        return (long) state.code() << STATE_SHIFT | mac;
    }

    /**
     * What stands for a port where neighbours of one tenant's VLAN are told from those of others: overlapping addresses.
     *
     * @param vlan 1..4094, or 0 for what all tenants share
     */
    public static int portOf(int port, int vlan) {
        return port | vlan << 16;
    }

    /** DPDK port id of {@link #portOf}. */
    public static int portId(int port) {
        return port & 0xffff;
    }

    /** Tenant's VLAN of {@link #portOf}, 0 = none. */
    public static int tenantVlan(int port) {
        return port >>> 16;
    }
}
