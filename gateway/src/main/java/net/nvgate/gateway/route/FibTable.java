package net.nvgate.gateway.route;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Routes by RDID: a {@link TreeBitmap} for each. One route per prefix; the writer has chosen the lowest metric. */
public final class FibTable {

    private final PointerArray roots;
    private final TreeBitmap trees;
    private final BlockPool entries;
    private final BlockPool multipathEntries;
    private long size;

    FibTable(TableSpace space, Reclaimer reclaimer) {
        this.roots = new PointerArray(space, reclaimer);
        this.trees = new TreeBitmap(space, reclaimer);
        this.entries = new BlockPool(space, reclaimer, FibEntry.BYTES);
        this.multipathEntries = new BlockPool(space, reclaimer, FibEntry.MULTIPATH_BYTES);
    }

    /**
     * Any thread: longest prefix match.
     *
     * @param rdid dense index of the routing domain
     * @param destination IPv4 address, host order
     * @return address of a {@link FibEntry}, valid until the caller's next quiescent point; 0 = no route
     */
    public long find(int rdid, int destination) {
        return TreeBitmap.find(roots.get(rdid), key(destination));
    }

    /** Writer: sets the route of a prefix. */
    public void put(FibRow row) {
        long entry = (row.hops().isEmpty() ? entries : multipathEntries).allocate();
        FibEntry.write(entry, row);
        long old = trees.put(roots.slot(row.rdid()), key(row.prefix()), 0, row.prefixLength(), entry);
        if (old != 0) {
            retire(old);
        } else {
            size++;
        }
    }

    /** Writer: removes the route of a prefix; nothing if there is none. */
    public void remove(int rdid, int prefix, int prefixLength) {
        long old = trees.remove(roots.slot(rdid), key(prefix), 0, prefixLength);
        if (old != 0) {
            retire(old);
            size--;
        }
    }

    private void retire(long entry) {
        (FibEntry.hops(entry) == 1 ? entries : multipathEntries).retire(entry);
    }

    /** Writer: the row of exactly this prefix. */
    public @Nullable FibRow row(int rdid, int prefix, int prefixLength) {
        long entry = TreeBitmap.get(roots.get(rdid), key(prefix), 0, prefixLength);
        return entry == 0 ? null : FibEntry.read(entry);
    }

    /** Writer: every route of a routing domain, in no order. */
    public void forEach(int rdid, Consumer<FibRow> action) {
        TreeBitmap.forEach(roots.get(rdid), entry -> action.accept(FibEntry.read(entry)));
    }

    /** Routes of all routing domains. */
    public long size() {
        return size;
    }

    private static long key(int address) {
        return (long) address << 32;
    }
}
