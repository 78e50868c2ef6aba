package net.nvgate.gateway.route;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;

/**
 * Prefix pairs of NPTv6 (RFC 6296): found from inside by RDID and source, from outside by destination.
 *
 * <pre>
 * entry:  0 inside, high (i64)    8 outside, high (i64)    16 rdid (i32)         24 mask of the prefix (i64)
 *                                                          20 prefixLength (i32)
 * </pre>
 */
public final class Nptv6Table {

    public static final int LENGTH_MAX = 64;

    private static final int BYTES = 32;

    private final PointerArray roots;
    private final TreeBitmap trees;
    private final BlockPool pool;
    private final PointerArray outsideRoot;
    private int size;

    Nptv6Table(TableSpace space, Reclaimer reclaimer) {
        this.roots = new PointerArray(space, reclaimer);
        this.outsideRoot = new PointerArray(space, reclaimer);
        this.trees = new TreeBitmap(space, reclaimer);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /** Any thread: the pair whose inside prefix an address of a tenant has; 0 = none. */
    public long inside(int rdid, long high) {
        return TreeBitmap.find(roots.get(rdid), high, 0);
    }

    /** Any thread: the pair whose outside prefix an address has; 0 = none. */
    public long outside(long high) {
        return TreeBitmap.find(outsideRoot.get(0), high, 0);
    }

    public static long insideHigh(long entry) {
        return Mem.i64(entry);
    }

    public static long outsideHigh(long entry) {
        return Mem.i64(entry + 8);
    }

    public static int rdid(long entry) {
        return Mem.i32(entry + 16);
    }

    public static int prefixLength(long entry) {
        return Mem.i32(entry + 20);
    }

    /** Ones where the prefix is, in the first half of an address. */
    public static long mask(long entry) {
        return Mem.i64(entry + 24);
    }

    /** Writer: sets a pair; no other has its outside prefix. */
    public void put(Row row) {
        long in = entry(row);
        long out = entry(row);
        long oldIn = trees.put(roots.slot(row.rdid()), row.inside().high(), 0, row.prefixLength(), in);
        long oldOut = trees.put(outsideRoot.slot(0), row.outside().high(), 0, row.prefixLength(), out);
        retire(oldIn);
        retire(oldOut);
        size += oldOut == 0 ? 1 : 0;
    }

    private long entry(Row row) {
        long entry = pool.allocate();
        Mem.i64(entry, row.inside().high());
        Mem.i64(entry + 8, row.outside().high());
        Mem.i32(entry + 16, row.rdid());
        Mem.i32(entry + 20, row.prefixLength());
        Mem.i64(entry + 24, -1L << (64 - row.prefixLength()));
        return entry;
    }

    /** Writer: removes a pair; nothing if it is not there. */
    public void remove(Row row) {
        retire(trees.remove(roots.slot(row.rdid()), row.inside().high(), 0, row.prefixLength()));
        long old = trees.remove(outsideRoot.slot(0), row.outside().high(), 0, row.prefixLength());
        retire(old);
        size -= old == 0 ? 0 : 1;
    }

    private void retire(long entry) {
        if (entry != 0) {
            pool.retire(entry);
        }
    }

    public int size() {
        return size;
    }

    /** A row as the control thread handles it; lengths 1..64, both prefixes of the same length. */
    public record Row(int rdid, Ipv6Address inside, Ipv6Address outside, int prefixLength) {}
}
