package net.nvgate.gateway.route;

import java.util.function.Consumer;
import net.nvgate.fabric.model.Ipv6Address;
import org.jspecify.annotations.Nullable;

/**
 * IPv6 routes by RDID, as {@link FibTable}; the routes of a link have RDID 0. One route per prefix; the writer has chosen the lowest
 * metric.
 */
public final class Fib6Table {

    private final PointerArray roots;
    private final TreeBitmap trees;
    private final BlockPool entries;
    private final BlockPool multipathEntries;
    private long size;

    Fib6Table(TableSpace space, Reclaimer reclaimer) {
        this.roots = new PointerArray(space, reclaimer);
        this.trees = new TreeBitmap(space, reclaimer);
        this.entries = new BlockPool(space, reclaimer, Fib6Entry.BYTES);
        this.multipathEntries = new BlockPool(space, reclaimer, Fib6Entry.MULTIPATH_BYTES);
    }

    /**
     * Any thread: longest prefix match.
     *
     * @return address of a {@link Fib6Entry}, valid until the caller's next quiescent point; 0 = no route
     */
    public long find(int rdid, long high, long low) {
        return TreeBitmap.find(roots.get(rdid), high, low);
    }

    /** Writer: sets the route of a prefix. */
    public void put(Fib6Row row) {
        long entry = (row.hops().isEmpty() ? entries : multipathEntries).allocate();
        Fib6Entry.write(entry, row);
        long slot = roots.slot(row.rdid());
        long old = trees.put(slot, row.prefix().high(), row.prefix().low(), row.prefixLength(), entry);
        if (old != 0) {
            retire(old);
        } else {
            size++;
        }
    }

    /** Writer: removes the route of a prefix; nothing if there is none. */
    public void remove(int rdid, Ipv6Address prefix, int prefixLength) {
        long old = trees.remove(roots.slot(rdid), prefix.high(), prefix.low(), prefixLength);
        if (old != 0) {
            retire(old);
            size--;
        }
    }

    private void retire(long entry) {
        (FibEntry.hops(entry) == 1 ? entries : multipathEntries).retire(entry);
    }

    /** Writer: the row of exactly this prefix. */
    public @Nullable Fib6Row row(int rdid, Ipv6Address prefix, int prefixLength) {
        long entry = TreeBitmap.get(roots.get(rdid), prefix.high(), prefix.low(), prefixLength);
        return entry == 0 ? null : Fib6Entry.read(entry);
    }

    /** Writer: every route of a routing domain, in no order. */
    public void forEach(int rdid, Consumer<Fib6Row> action) {
        TreeBitmap.forEach(roots.get(rdid), entry -> action.accept(Fib6Entry.read(entry)));
    }

    /** Routes of all routing domains. */
    public long size() {
        return size;
    }
}
