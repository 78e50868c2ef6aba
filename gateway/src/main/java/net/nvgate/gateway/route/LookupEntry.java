package net.nvgate.gateway.route;

import net.nvgate.gateway.dpdk.Mem;

/**
 * A lookup record: where a CA of a routing domain lives. Never changes once published; two entries share a cache line
 * and none straddles one.
 *
 * <pre>
 *  0 ca (i32)     8 mac (48 bits) | type << 48 | flags << 56 (i64)     16 vsid (i32)   24 countersIndex (i32)
 *  4 rdid (i32)                                                        20 pa (i32)     28 name (i32)
 * </pre>
 *
 * <p>The name is the writer's own, see {@link LookupTable#name}. An IPv6 record has its CA behind these, see {@link Lookup6Table}; a PA may be the handle of an IPv6 one, see {@link
 * ProviderAddresses6}.
 */
public final class LookupEntry {

    public static final int BYTES = 32;

    /** Values of {@link #type}, named as in {@code PolicyObject.LookupRecord.Type}. */
    public static final int TYPE_STATIC = 0;

    public static final int TYPE_DYNAMIC = 1;
    public static final int TYPE_GATEWAY_WILDCARD = 2;
    public static final int TYPE_L2_ONLY = 3;

    /** A DG record: the subnet's distributed router, which is us for packets that come here. No host has it. */
    public static final int DEFAULT_GATEWAY = 1;
    /** The PA is ours: the CA is the gateway's own. */
    public static final int OWN_GATEWAY = 1 << 1;

    private LookupEntry() {}

    public static int rdid(long entry) {
        return Mem.i32(entry + 4);
    }

    public static int ca(long entry) {
        return Mem.i32(entry);
    }

    public static long mac(long entry) {
        return Mem.i64(entry + 8) & 0xffff_ffff_ffffL;
    }

    public static int type(long entry) {
        return Mem.u8(entry + 14);
    }

    public static int flags(long entry) {
        return Mem.u8(entry + 15);
    }

    /** The record is a VM's: neither a DG record nor our own. */
    public static boolean isVm(long entry) {
        return (flags(entry) & (DEFAULT_GATEWAY | OWN_GATEWAY)) == 0;
    }

    public static int vsid(long entry) {
        return Mem.i32(entry + 16);
    }

    /** Provider address: outer destination toward the CA, and the outer source its packets must have. */
    public static int pa(long entry) {
        return Mem.i32(entry + 20);
    }

    /** Of the record's VSID, as in {@link VsidEntry#countersIndex}. */
    public static int countersIndex(long entry) {
        return Mem.i32(entry + 24);
    }

    static long key(int rdid, int ca) {
        return (long) rdid << 32 | Integer.toUnsignedLong(ca);
    }

    static void write(long entry, LookupRow row) {
        Mem.i64(entry, key(row.rdid(), row.ca()));
        Mem.i64(entry + 8, row.mac() | (long) row.type() << 48 | (long) row.flags() << 56);
        Mem.i32(entry + 16, row.vsid());
        Mem.i32(entry + 20, row.pa());
        Mem.i32(entry + 24, row.countersIndex());
    }

    /** The row of an entry. */
    public static LookupRow read(long entry) {
        return new LookupRow(
                rdid(entry),
                ca(entry),
                vsid(entry),
                mac(entry),
                pa(entry),
                type(entry),
                flags(entry),
                countersIndex(entry));
    }
}
