package net.nvgate.gateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * The hosts with VMs whose CA policy does not know, by VSID: the PAs of its L2Only records. What must reach every such VM is sent to
 * each of them.
 *
 * <pre>
 * entry:  0 vsid (i64)   8 count (i32)   12 .. 267 PAs (i32)
 * </pre>
 */
public final class L2Groups {

    /** PAs of a VSID; hosts beyond are not asked. */
    public static final int PAS_MAX = 64;

    private static final int PAS = 12;
    private static final int BYTES = 288;

    private final HashIndex index;
    private final BlockPool pool;

    L2Groups(TableSpace space, Reclaimer reclaimer) {
        this.index = new HashIndex(space, reclaimer, 1);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /**
     * Any thread.
     *
     * @return address of an entry for the static readers here, valid until the caller's next quiescent point; 0 = no L2Only records
     */
    public long find(int vsid) {
        return index.find(vsid);
    }

    /** 1..64. */
    public static int count(long entry) {
        return Mem.i32(entry + 8);
    }

    public static int pa(long entry, int i) {
        return Mem.i32(entry + PAS + 4L * i);
    }

    /** Writer: sets the row of a VSID. */
    public void put(Row row) {
        long entry = pool.allocate();
        Mem.i64(entry, row.vsid);
        Mem.i32(entry + 8, row.pas.size());
        for (int i = 0; i < row.pas.size(); i++) {
            Mem.i32(entry + PAS + 4L * i, row.pas.get(i));
        }
        long old = index.put(entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: removes a VSID; nothing if it is not there. */
    public void remove(int vsid) {
        long entry = find(vsid);
        if (entry != 0) {
            index.remove(entry);
            pool.retire(entry);
        }
    }

    /** Writer: the row of a VSID. */
    public @Nullable Row row(int vsid) {
        long entry = find(vsid);
        return entry == 0 ? null : read(entry);
    }

    /** Writer: every row, in no order. */
    public void forEach(Consumer<Row> action) {
        index.forEach(entry -> action.accept(read(entry)));
    }

    private static Row read(long entry) {
        List<Integer> pas = new ArrayList<>();
        for (int i = 0; i < count(entry); i++) {
            pas.add(pa(entry, i));
        }
        return new Row((int) Mem.i64(entry), pas);
    }

    /** A row as the control thread handles it. */
    public record Row(int vsid, List<Integer> pas) {

        public Row {
            pas = List.copyOf(pas);
            if (pas.isEmpty() || pas.size() > PAS_MAX) {
                throw new IllegalArgumentException(pas.size() + " PAs");
            }
        }
    }
}
