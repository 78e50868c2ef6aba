package net.nvgate.gateway.route;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** VSID to tenant: what an NVGRE key means here. */
public final class VsidTable {

    private final HashIndex index;
    private final BlockPool pool;
    private volatile int changes = 1;

    VsidTable(TableSpace space, Reclaimer reclaimer) {
        this.index = new HashIndex(space, reclaimer, 1);
        this.pool = new BlockPool(space, reclaimer, VsidEntry.BYTES);
    }

    /**
     * Any thread.
     *
     * @param vsid upper 24 bits of the NVGRE key
     * @return address of a {@link VsidEntry}, valid until the caller's next quiescent point; 0 = unknown VSID
     */
    public long find(int vsid) {
        return index.find(vsid);
    }

    /** Any thread: differs when any row has been another one since; what was found before may be gone at the next quiescent point. Never 0 at first. */
    public int changes() {
        return changes;
    }

    /** Writer: sets the row of a VSID. */
    public void put(VsidRow row) {
        long entry = pool.allocate();
        VsidEntry.write(entry, row);
        long old = index.put(entry);
        changed();
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: removes the row of a VSID; nothing if there is none. */
    public void remove(int vsid) {
        long entry = find(vsid);
        if (entry != 0) {
            index.remove(entry);
            changed();
            pool.retire(entry);
        }
    }

    /** Between the change and the retirement of what it has replaced, so that nobody keeps that longer than a burst. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    private void changed() {
        changes++;
    }

    /** Writer: the row of a VSID. */
    public @Nullable VsidRow row(int vsid) {
        long entry = find(vsid);
        return entry == 0 ? null : VsidEntry.read(entry);
    }

    /** Writer: every row, in no order. */
    public void forEach(Consumer<VsidRow> action) {
        index.forEach(entry -> action.accept(VsidEntry.read(entry)));
    }

    public long size() {
        return index.size();
    }
}
