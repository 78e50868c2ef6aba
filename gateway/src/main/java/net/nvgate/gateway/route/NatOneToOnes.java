package net.nvgate.gateway.route;

import java.util.function.Consumer;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * External addresses that are one host's: every protocol and port, both directions. An entry is there twice, found from each side.
 *
 * <pre>
 * entry:  0 key (i64)   outside: externalIp; inside: rdid &lt;&lt; 32 | internalIp
 *         8 rdid (i32)   12 internalIp (i32)   16 externalIp (i32)   20 generation (i32)
 * </pre>
 */
public final class NatOneToOnes {

    private static final int BYTES = 32;

    private final HashIndex outside;
    private final HashIndex inside;
    private final BlockPool pool;

    NatOneToOnes(TableSpace space, Reclaimer reclaimer) {
        this.outside = new HashIndex(space, reclaimer, 1);
        this.inside = new HashIndex(space, reclaimer, 1);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /** Any thread: the entry of an external address for the static readers here, valid until the caller's next quiescent point; 0 = none. */
    public long at(int externalIp) {
        return outside.find(Integer.toUnsignedLong(externalIp));
    }

    /** Any thread: the entry of a tenant's host; 0 = none. */
    public long inside(int rdid, int ca) {
        return inside.find(LookupEntry.key(rdid, ca));
    }

    public static int rdid(long entry) {
        return Mem.i32(entry + 8);
    }

    public static int internalIp(long entry) {
        return Mem.i32(entry + 12);
    }

    public static int externalIp(long entry) {
        return Mem.i32(entry + 16);
    }

    /** Never that of another pair or of a connection. */
    public static int generation(long entry) {
        return Mem.i32(entry + 20);
    }

    /** Writer: sets the host of an external address. The host has no other one. */
    public void put(Row row) {
        remove(row.externalIp());
        put(outside, Integer.toUnsignedLong(row.externalIp()), row);
        put(inside, LookupEntry.key(row.rdid(), row.internalIp()), row);
    }

    private void put(HashIndex index, long key, Row row) {
        long entry = pool.allocate();
        Mem.i64(entry, key);
        Mem.i32(entry + 8, row.rdid());
        Mem.i32(entry + 12, row.internalIp());
        Mem.i32(entry + 16, row.externalIp());
        Mem.i32(entry + 20, row.generation());
        long old = index.put(entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: removes an external address; nothing if it is not there. */
    public void remove(int externalIp) {
        long entry = at(externalIp);
        if (entry != 0) {
            long other = inside(rdid(entry), internalIp(entry));
            outside.remove(entry);
            pool.retire(entry);
            if (other != 0 && externalIp(other) == externalIp) {
                inside.remove(other);
                pool.retire(other);
            }
        }
    }

    /** Writer: the row of an external address. */
    public @Nullable Row row(int externalIp) {
        long entry = at(externalIp);
        return entry == 0 ? null : read(entry);
    }

    /** Writer: every row, in no order. */
    public void forEach(Consumer<Row> action) {
        outside.forEach(entry -> action.accept(read(entry)));
    }

    private static Row read(long entry) {
        return new Row(externalIp(entry), rdid(entry), internalIp(entry), generation(entry));
    }

    /** A pair as the control thread handles it. */
    public record Row(int externalIp, int rdid, int internalIp, int generation) {}
}
