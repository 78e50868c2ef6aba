package net.nvgate.gateway.route;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/** (RDID, CA) to MAC, VSID and PA. IPv4; IPv6 is another instance with a two-word key. */
public final class LookupTable {

    /** Offset in the entry. */
    private static final int NAME = 28;

    private final HashIndex index;
    private final BlockPool pool;
    private final ProviderPeers peers;

    LookupTable(TableSpace space, Reclaimer reclaimer, ProviderPeers peers) {
        this.peers = peers;
        this.index = new HashIndex(space, reclaimer, 1);
        this.pool = new BlockPool(space, reclaimer, LookupEntry.BYTES);
    }

    /**
     * Any thread.
     *
     * @return address of a {@link LookupEntry}, valid until the caller's next quiescent point; 0 = no record
     */
    public long find(int rdid, int ca) {
        return index.find(LookupEntry.key(rdid, ca));
    }

    /** Any thread: address of the slot at which {@link #find} begins, to be touched ahead of use. */
    public long slot(int rdid, int ca) {
        return index.slot(LookupEntry.key(rdid, ca));
    }

    /** Any thread: the record that {@link #find} most probably finds, to be touched ahead of use; 0 when that cannot be said. */
    public long candidate(int rdid, int ca) {
        return index.candidate(LookupEntry.key(rdid, ca));
    }

    /** Writer: sets the record of a CA, without a name. */
    public void put(LookupRow row) {
        put(row, 0);
    }

    /**
     * Writer: sets the record of a CA.
     *
     * @param name what the writer wants to remember of it
     */
    public void put(LookupRow row, int name) {
        long entry = pool.allocate();
        LookupEntry.write(entry, row);
        name(entry, name);
        long old = index.put(entry);
        peers.replace(old, entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: what it remembers of a record. */
    public static int name(long entry) {
        return Mem.i32(entry + NAME);
    }

    /** Writer: also of a published entry, as no worker looks. */
    public static void name(long entry, int name) {
        Mem.i32(entry + NAME, name);
    }

    /** Writer: room for so many more. */
    public void reserve(long more) {
        index.reserve(more);
    }

    /** Writer: the address of every {@link LookupEntry}, in no order. */
    public void forEachEntry(LongConsumer action) {
        index.forEach(action);
    }

    /** Writer: removes the record of a CA; nothing if there is none. */
    public void remove(int rdid, int ca) {
        long entry = find(rdid, ca);
        if (entry != 0) {
            index.remove(entry);
            peers.replace(entry, 0);
            pool.retire(entry);
        }
    }

    /** Writer: the row of a CA. */
    public @Nullable LookupRow row(int rdid, int ca) {
        long entry = find(rdid, ca);
        return entry == 0 ? null : LookupEntry.read(entry);
    }

    /** Writer: every row, in no order. */
    public void forEach(Consumer<LookupRow> action) {
        index.forEach(entry -> action.accept(LookupEntry.read(entry)));
    }

    public long size() {
        return index.size();
    }
}
