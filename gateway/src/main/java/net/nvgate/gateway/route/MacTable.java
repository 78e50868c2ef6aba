package net.nvgate.gateway.route;

import java.util.function.Consumer;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * (VSID, MAC) to CA and PA, for subnets in which somebody asks by MAC: those that we answer DHCP in, and L2Only records, whose CA is
 * not known yet.
 *
 * <pre>
 * entry:  0 vsid (i64)   8 mac (i64)   16 ca, 0 = L2Only (i32)   20 pa (i32)
 * </pre>
 */
public final class MacTable {

    private static final int BYTES = 32;

    private final HashIndex index;
    private final BlockPool pool;

    MacTable(TableSpace space, Reclaimer reclaimer) {
        this.index = new HashIndex(space, reclaimer, 2);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /**
     * Any thread.
     *
     * @return address of an entry for the static readers here, valid until the caller's next quiescent point; 0 = none
     */
    public long find(int vsid, long mac) {
        return index.find(vsid, mac);
    }

    /** The one CA of the MAC, the lowest of several; 0 = not known to policy. */
    public static int ca(long entry) {
        return Mem.i32(entry + 16);
    }

    /** Provider address of the host the MAC is on. */
    public static int pa(long entry) {
        return Mem.i32(entry + 20);
    }

    /** Writer: sets the row of a MAC. */
    public void put(Row row) {
        long entry = pool.allocate();
        Mem.i64(entry, row.vsid);
        Mem.i64(entry + 8, row.mac);
        Mem.i32(entry + 16, row.ca);
        Mem.i32(entry + 20, row.pa);
        long old = index.put(entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: removes a MAC; nothing if it is not there. */
    public void remove(int vsid, long mac) {
        long entry = find(vsid, mac);
        if (entry != 0) {
            index.remove(entry);
            pool.retire(entry);
        }
    }

    /** Writer: the row of a MAC. */
    public @Nullable Row row(int vsid, long mac) {
        long entry = find(vsid, mac);
        return entry == 0 ? null : new Row(vsid, mac, ca(entry), pa(entry));
    }

    /** Writer: every row, in no order. */
    public void forEach(Consumer<Row> action) {
        index.forEach(entry -> action.accept(new Row((int) Mem.i64(entry), Mem.i64(entry + 8), ca(entry), pa(entry))));
    }

    /** A row as the control thread handles it. */
    public record Row(int vsid, long mac, int ca, int pa) {}
}
