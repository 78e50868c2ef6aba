package net.nvgate.gateway.route;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.dpdk.Mem;

/**
 * A route. Never changes once published. Addresses are host-order integers.
 *
 * <pre>
 *  0 prefix (i32)        5 kind (u8)     8 nextHop (i32)    16 vsid (i32)     24 rdid (i32)
 *  4 prefixLength (u8)   6 vlan (u16)   12 source (i32)     20 metric (i32)   28 link (u16)
 *                                                                             30 next hops (u8)
 * 32 .. 63 next hops, as many as there are (i32): only if there are several
 * </pre>
 */
public final class FibEntry {

    /** With one next hop or none. */
    public static final int BYTES = 32;

    /** With several. */
    public static final int MULTIPATH_BYTES = 64;

    /** Next hops of equal metric. */
    public static final int HOPS_MAX = 8;

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

    /** Tenant: a route that drops by order of an administrator. */
    public static final int PROHIBITED = 6;
    /** Tenant: look the destination up in the tenant whose index is {@link #nextHop}. */
    public static final int PEER = 7;

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

    /** {@link TenantLinks#link} of a route out of a tenant interface. */
    public static int link(long entry) {
        return Mem.u16(entry + 28);
    }

    /** 1..8. */
    public static int hops(long entry) {
        return Mem.u8(entry + 30);
    }

    /** Next hop {@code i} of those of equal metric. */
    public static int hop(long entry, int i) {
        return hops(entry) == 1 ? nextHop(entry) : Mem.i32(entry + BYTES + 4L * i);
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
        Mem.u16(entry + 28, row.link());
        writeHops(entry, row.hops().size());
        for (int i = 0; i < row.hops().size(); i++) {
            Mem.i32(entry + BYTES + 4L * i, row.hops().get(i));
        }
    }

    /** Sets {@link #hops}: none is one that nobody asks for. */
    static void writeHops(long entry, int hops) {
        Mem.u8(entry + 30, Math.max(1, hops));
    }

    static FibRow read(long entry) {
        List<Integer> several = new ArrayList<>();
        for (int i = 0; hops(entry) > 1 && i < hops(entry); i++) {
            several.add(hop(entry, i));
        }
        return new FibRow(
                rdid(entry),
                prefix(entry),
                prefixLength(entry),
                kind(entry),
                nextHop(entry),
                vsid(entry),
                vlan(entry),
                source(entry),
                metric(entry),
                link(entry),
                several);
    }
}
