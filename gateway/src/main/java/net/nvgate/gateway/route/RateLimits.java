package net.nvgate.gateway.route;

import net.nvgate.gateway.dpdk.Mem;

/**
 * How fast packets may go between tenants and the physical network: of a tenant as a whole, of each of its NAT connections and virtual
 * NICs, and of all tenants by the ports.
 *
 * <pre>
 * entry:  0 inbound kbit/s   8 outbound kbit/s   16 inbound packets/s   24 outbound packets/s (i64), 0 = no limit
 *        32 flags (i32): SHAPES, CONNECTIONS, NICS
 * </pre>
 *
 * A tenant without an entry has no limits, nor has any connection or NIC of it.
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
    private static final int NICS = 4;

    private final PointerArray byTenant;
    private final PointerArray byConnection;
    private final PointerArray byNic;
    /** One entry. */
    private final PointerArray ports;

    private final BlockPool pool;

    RateLimits(TableSpace space, Reclaimer reclaimer) {
        this.byTenant = new PointerArray(space, reclaimer);
        this.byConnection = new PointerArray(space, reclaimer);
        this.byNic = new PointerArray(space, reclaimer);
        this.ports = new PointerArray(space, reclaimer);
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

    /** Any thread: as {@link #ofTenant}, of the NIC of an index, see {@link NicRates}. */
    public long ofNic(int index) {
        return byNic.get(index);
    }

    /** Any thread: as {@link #ofTenant}, of all tenants together: inbound by the PA port, outbound by the external port. */
    public long ofPorts() {
        return ports.get(0);
    }

    /** Any thread: something holds for packets of a tenant. */
    public boolean limits(int rdid) {
        return ofTenant(rdid) != 0 || ofPorts() != 0;
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

    /** Of a tenant: NICs of it have limits. */
    public static boolean hasNics(long entry) {
        return (Mem.i32(entry + FLAGS) & NICS) != 0;
    }

    /** Writer: the limits of a tenant; {@link Row#NONE} removes them. Sessions see it when the tenant's epoch has moved on after it. */
    public void setTenant(int rdid, Row row) {
        set(byTenant, rdid, row);
    }

    /** Writer: as {@link #setTenant}, of the NAT connection of an index. */
    public void setConnection(int index, Row row) {
        set(byConnection, index, row);
    }

    /** Writer: as {@link #setTenant}, of the NIC of an index; packets per second are not limited. The epochs of its tenant are moved on after it. */
    public void setNic(int index, Row row) {
        if ((row.inboundPacketsPerSecond() | row.outboundPacketsPerSecond()) != 0) {
            throw new IllegalArgumentException("packets per second of a NIC: " + row);
        }
        set(byNic, index, row);
    }

    /** Writer: as {@link #setTenant}, of the ports. Sessions that are there when ports begin to have limits do not see it. */
    public void setPorts(Row row) {
        set(ports, 0, row);
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
            Mem.i32(
                    entry + FLAGS,
                    (row.shapes() ? SHAPES : 0) | (row.connections() ? CONNECTIONS : 0) | (row.nics() ? NICS : 0));
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

    /** Writer: the limits of the NIC of an index. */
    public Row nicRow(int index) {
        return row(byNic.get(index));
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
                        hasConnections(entry),
                        hasNics(entry));
    }

    /**
     * Limits as the control thread handles them; 0 = no limit.
     *
     * @param shapes what is too fast waits
     * @param connections of a tenant: connections of it have limits
     * @param nics of a tenant: NICs of it have limits
     */
    public record Row(
            int inboundKbps,
            int outboundKbps,
            int inboundPacketsPerSecond,
            int outboundPacketsPerSecond,
            boolean shapes,
            boolean connections,
            boolean nics) {

        public static final Row NONE = new Row(0, 0, 0, 0, false, false);

        /** Without limits of NICs. */
        public Row(
                int inboundKbps,
                int outboundKbps,
                int inboundPacketsPerSecond,
                int outboundPacketsPerSecond,
                boolean shapes,
                boolean connections) {
            this(
                    inboundKbps,
                    outboundKbps,
                    inboundPacketsPerSecond,
                    outboundPacketsPerSecond,
                    shapes,
                    connections,
                    false);
        }

        public Row withNics(boolean some) {
            return new Row(
                    inboundKbps,
                    outboundKbps,
                    inboundPacketsPerSecond,
                    outboundPacketsPerSecond,
                    shapes,
                    connections,
                    some);
        }
    }
}
