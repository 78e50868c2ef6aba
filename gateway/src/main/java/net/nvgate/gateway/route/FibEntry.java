package net.nvgate.gateway.route;

import net.nvgate.gateway.dpdk.Mem;

/**
 * A route. Never changes once published. Addresses are host-order integers.
 *
 * <pre>
 *  0 prefix (i32)        5 kind (u8)     8 nextHop (i32)    16 vsid (i32)     24 rdid (i32)
 *  4 prefixLength (u8)   6 vlan (u16)   12 source (i32)     20 metric (i32)   28 unused
 * </pre>
 */
public final class FibEntry {

    public static final int BYTES = 32;

    /** The destination is a neighbour: in a tenant, look up the destination CA itself. */
    public static final int ON_LINK = 1;
    /** Tenant: to a VM that routes; look up the CA {@link #nextHop}. */
    public static final int VIA_CA = 2;
    /** Tenant: to this gateway, out to the physical side. */
    public static final int GATEWAY = 3;
    /** Drop: the route leads nowhere, e.g. to the distributed router itself. */
    public static final int BLACKHOLE = 4;
    /** External and provider side: to the router {@link #nextHop}. */
    public static final int VIA_ROUTER = 5;

    private FibEntry() {}

    public static int prefix(long entry) {
        return Mem.i32(entry);
    }

    public static int prefixLength(long entry) {
        return Mem.u8(entry + 4);
    }

    public static int kind(long entry) {
        return Mem.u8(entry + 5);
    }

    /** External and provider side: 802.1Q VLAN id of the link, 0 = untagged. */
    public static int vlan(long entry) {
        return Mem.u16(entry + 6);
    }

    /** A CA or a router's address; 0 for {@link #ON_LINK}. */
    public static int nextHop(long entry) {
        return Mem.i32(entry + 8);
    }

    /** External and provider side: our own address on the link, e.g. the sender of ARP requests; 0 in a tenant. */
    public static int source(long entry) {
        return Mem.i32(entry + 12);
    }

    /** Tenant: the virtual subnet the next hop is in. */
    public static int vsid(long entry) {
        return Mem.i32(entry + 16);
    }

    public static int metric(long entry) {
        return Mem.i32(entry + 20);
    }

    /** Tenant: its index; 0 for external and provider routes. */
    public static int rdid(long entry) {
        return Mem.i32(entry + 24);
    }

    static void write(long entry, FibRow row) {
        Mem.i32(entry, row.prefix());
        Mem.u8(entry + 4, row.prefixLength());
        Mem.u8(entry + 5, row.kind());
        Mem.u16(entry + 6, row.vlan());
        Mem.i32(entry + 8, row.nextHop());
        Mem.i32(entry + 12, row.source());
        Mem.i32(entry + 16, row.vsid());
        Mem.i32(entry + 20, row.metric());
        Mem.i32(entry + 24, row.rdid());
    }

    static FibRow read(long entry) {
        return new FibRow(
                rdid(entry),
                prefix(entry),
                prefixLength(entry),
                kind(entry),
                nextHop(entry),
                vsid(entry),
                vlan(entry),
                source(entry),
                metric(entry));
    }
}
