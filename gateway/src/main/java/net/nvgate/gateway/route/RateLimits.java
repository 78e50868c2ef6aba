package net.nvgate.gateway.route;

import net.nvgate.gateway.dpdk.Mem;

/**
 * How fast packets may go between tenants and the physical network: of a tenant as a whole, and of each of its NAT connections.
 *
 * <pre>
 * entry:  0 inbound kbit/s   8 outbound kbit/s   16 inbound packets/s   24 outbound packets/s (i64), 0 = no limit
 *        32 flags (i32): SHAPES, CONNECTIONS
 * </pre>
 *
 * A tenant without an entry has no limits, nor has any connection of it.
 */
public final class RateLimits {

    /** Directions, as offsets in an entry. */
    public static final int INBOUND = 0;

    public static final int OUTBOUND = 8;

    private static final int PACKETS = 16;
    private static final int FLAGS = 32;
    private static final int BYTES = 64;
    private static final int SHAPES = 1;
    private static final int CONNECTIONS = 2;

    private final PointerArray byTenant;
    private final PointerArray byConnection;
    private final BlockPool pool;

    RateLimits(TableSpace space, Reclaimer reclaimer) {
        this.byTenant = new PointerArray(space, reclaimer);
        this.byConnection = new PointerArray(space, reclaimer);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /** Any thread: the tenant's entry for the static readers here, valid until the caller's next quiescent point; 0 = no limits. */
    public long ofTenant(int rdid) {
        return byTenant.get(rdid);
    }

    /** Any thread: as {@link #ofTenant}, of the NAT connection of an index. */
    public long ofConnection(int index) {
        return byConnection.get(index);
    }

    public static long kbps(long entry, int direction) {
        return Mem.i64(entry + direction);
    }

    public static long packetsPerSecond(long entry, int direction) {
        return Mem.i64(entry + PACKETS + direction);
    }

    /** What is too fast waits; otherwise it is dropped. */
    public static boolean shapes(long entry) {
        return (Mem.i32(entry + FLAGS) & SHAPES) != 0;
    }

    /** Of a tenant: connections of it have limits. */
    public static boolean hasConnections(long entry) {
        return (Mem.i32(entry + FLAGS) & CONNECTIONS) != 0;
    }

    /** Writer: the limits of a tenant; {@link Row#NONE} removes them. */
    public void setTenant(int rdid, Row row) {
        set(byTenant, rdid, row);
    }

    /** Writer: as {@link #setTenant}, of the NAT connection of an index. */
    public void setConnection(int index, Row row) {
        set(byConnection, index, row);
    }

    private void set(PointerArray array, int index, Row row) {
        long old = array.get(index);
        long entry = 0;
        if (!row.equals(Row.NONE)) {
            entry = pool.allocate();
            Mem.i64(entry, row.inboundKbps());
            Mem.i64(entry + OUTBOUND, row.outboundKbps());
            Mem.i64(entry + PACKETS, row.inboundPacketsPerSecond());
            Mem.i64(entry + PACKETS + OUTBOUND, row.outboundPacketsPerSecond());
            Mem.i32(entry + FLAGS, (row.shapes() ? SHAPES : 0) | (row.connections() ? CONNECTIONS : 0));
        }
        if (entry != 0 || old != 0) {
            array.set(index, entry);
        }
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: the limits of a tenant. */
    public Row tenantRow(int rdid) {
        return row(byTenant.get(rdid));
    }

    /** Writer: the limits of the NAT connection of an index. */
    public Row connectionRow(int index) {
        return row(byConnection.get(index));
    }

    private static Row row(long entry) {
        return entry == 0
                ? Row.NONE
                : new Row(
                        (int) kbps(entry, INBOUND),
                        (int) kbps(entry, OUTBOUND),
                        (int) packetsPerSecond(entry, INBOUND),
                        (int) packetsPerSecond(entry, OUTBOUND),
                        shapes(entry),
                        hasConnections(entry));
    }

    /**
     * Limits as the control thread handles them; 0 = no limit.
     *
     * @param shapes what is too fast waits
     * @param connections of a tenant: connections of it have limits
     */
    public record Row(
            int inboundKbps,
            int outboundKbps,
            int inboundPacketsPerSecond,
            int outboundPacketsPerSecond,
            boolean shapes,
            boolean connections) {

        public static final Row NONE = new Row(0, 0, 0, 0, false, false);
    }
}
