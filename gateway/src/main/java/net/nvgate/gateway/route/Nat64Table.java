package net.nvgate.gateway.route;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;

/**
 * NAT64 prefixes of tenants: IPv6 destinations that stand for IPv4 addresses (RFC 6052).
 *
 * <pre>
 * entry:  0 prefix, high (i64)   8 prefix, low (i64)   16 rdid (i32)   20 prefixLength (i32)
 * </pre>
 */
public final class Nat64Table {

    private static final int BYTES = 32;

    private final PointerArray roots;
    private final TreeBitmap trees;
    private final PointerArray defaults;
    private final BlockPool pool;

    Nat64Table(TableSpace space, Reclaimer reclaimer) {
        this.roots = new PointerArray(space, reclaimer);
        this.trees = new TreeBitmap(space, reclaimer);
        this.defaults = new PointerArray(space, reclaimer);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /** Any thread: the prefix of a tenant that a destination has, an entry for the static readers here; 0 = none. */
    public long find(int rdid, long high, long low) {
        return TreeBitmap.find(roots.get(rdid), high, low);
    }

    /** Any thread: the prefix by which hosts of a tenant know whom they have not spoken to; 0 = the tenant has no NAT64. */
    public long defaultOf(int rdid) {
        return defaults.get(rdid);
    }

    /** Any thread: whether a tenant has exactly this prefix. */
    public boolean has(int rdid, long high, long low, int length) {
        return TreeBitmap.get(roots.get(rdid), high, low, length) != 0;
    }

    public static long high(long entry) {
        return Mem.i64(entry);
    }

    public static long low(long entry) {
        return Mem.i64(entry + 8);
    }

    public static int prefixLength(long entry) {
        return Mem.i32(entry + 20);
    }

    /** Writer: gives a tenant a prefix. */
    public void put(int rdid, Ipv6Address prefix, int length) {
        long old = trees.put(roots.slot(rdid), prefix.high(), prefix.low(), length, entry(rdid, prefix, length));
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: takes a prefix from a tenant; nothing if it has it not. */
    public void remove(int rdid, Ipv6Address prefix, int length) {
        long old = trees.remove(roots.slot(rdid), prefix.high(), prefix.low(), length);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: {@link #defaultOf} from now on. */
    public void putDefault(int rdid, Ipv6Address prefix, int length) {
        replaceDefault(rdid, entry(rdid, prefix, length));
    }

    /** Writer: the tenant has no NAT64 any more. */
    public void removeDefault(int rdid) {
        replaceDefault(rdid, 0);
    }

    private void replaceDefault(int rdid, long entry) {
        long old = defaults.get(rdid);
        defaults.set(rdid, entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    private long entry(int rdid, Ipv6Address prefix, int length) {
        long entry = pool.allocate();
        Mem.i64(entry, prefix.high());
        Mem.i64(entry + 8, prefix.low());
        Mem.i32(entry + 16, rdid);
        Mem.i32(entry + 20, length);
        return entry;
    }
}
