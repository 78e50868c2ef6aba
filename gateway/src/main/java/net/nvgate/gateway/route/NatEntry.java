package net.nvgate.gateway.route;

import net.nvgate.gateway.dpdk.Mem;

/**
 * A NAT connection: a tenant's external address and the ports for dynamic mappings. Never changes once published.
 *
 * <pre>
 *  0 externalIp (i64)   8 rdid (i32)   12 index (i32)   16 portMin (u16)   18 portMax (u16)   20 generation (i32)
 * </pre>
 */
public final class NatEntry {

    public static final int BYTES = 32;

    private NatEntry() {}

    public static int externalIp(long entry) {
        return (int) Mem.i64(entry);
    }

    public static int rdid(long entry) {
        return Mem.i32(entry + 8);
    }

    /** Dense index of the external address, for per-connection state of workers. Reused after the connection is gone. */
    public static int index(long entry) {
        return Mem.i32(entry + 12);
    }

    /** First port or ICMP identifier for dynamic mappings. */
    public static int portMin(long entry) {
        return Mem.u16(entry + 16);
    }

    /** Last one, inclusive. */
    public static int portMax(long entry) {
        return Mem.u16(entry + 18);
    }

    /** Never the same for two connections: state kept by {@link #index} of another generation is another connection's. */
    public static int generation(long entry) {
        return Mem.i32(entry + 20);
    }

    static void write(long entry, NatTable.Connection row) {
        Mem.i64(entry, Integer.toUnsignedLong(row.externalIp()));
        Mem.i32(entry + 8, row.rdid());
        Mem.i32(entry + 12, row.index());
        Mem.u16(entry + 16, row.portMin());
        Mem.u16(entry + 18, row.portMax());
        Mem.i32(entry + 20, row.generation());
    }

    static NatTable.Connection read(long entry) {
        return new NatTable.Connection(
                externalIp(entry), rdid(entry), index(entry), portMin(entry), portMax(entry), generation(entry));
    }
}
