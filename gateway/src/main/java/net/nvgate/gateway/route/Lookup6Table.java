package net.nvgate.gateway.route;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * (RDID, IPv6 CA) to MAC, VSID and PA. An entry is a {@link LookupEntry} with more behind it:
 *
 * <pre>
 *  0 rdid << 32 (i64)     8 .. 27 as in LookupEntry     28 number (i32)     32 ca, high (i64)     40 ca, low (i64)     48 name (i32), of the writer
 * </pre>
 */
public final class Lookup6Table {

    private static final int BYTES = 64;

    /** Offset in the entry. */
    private static final int NAME = 48;

    private final HashIndex index;
    private final BlockPool pool;
    private final ProviderPeers peers;
    private int lastNumber;

    Lookup6Table(TableSpace space, Reclaimer reclaimer, ProviderPeers peers) {
        this.peers = peers;
        this.index = new HashIndex(space, reclaimer, 3);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /**
     * Any thread.
     *
     * @return address of a {@link LookupEntry}, valid until the caller's next quiescent point; 0 = no record
     */
    public long find(int rdid, long high, long low) {
        return index.find(LookupEntry.key(rdid, 0), high, low);
    }

    /** What names the CA in 32 bits as long as it has a record; not given to another one after it. */
    public static int number(long entry) {
        return Mem.i32(entry + 28);
    }

    public static long caHigh(long entry) {
        return Mem.i64(entry + 32);
    }

    public static long caLow(long entry) {
        return Mem.i64(entry + 40);
    }

    /** Writer: sets the record of a CA, without a name. */
    public void put(Lookup6Row row) {
        put(row, 0);
    }

    /** Writer: what it remembers of a record. */
    public static int name(long entry) {
        return Mem.i32(entry + NAME);
    }

    /** Writer: also of a published entry, as no worker looks. */
    public static void name(long entry, int name) {
        Mem.i32(entry + NAME, name);
    }

    /** Writer: the address of every entry, in no order. */
    public void forEachEntry(LongConsumer action) {
        index.forEach(action);
    }

    /**
     * Writer: sets the record of a CA.
     *
     * @param name what the writer wants to remember of it
     */
    public void put(Lookup6Row row, int name) {
        long there = find(row.rdid(), row.ca().high(), row.ca().low());
        long entry = pool.allocate();
        LookupEntry.write(
                entry,
                new LookupRow(
                        row.rdid(), 0, row.vsid(), row.mac(), row.pa(), row.type(), row.flags(), row.countersIndex()));
        Mem.i32(entry + 28, there == 0 ? ++lastNumber : number(there));
        Mem.i64(entry + 32, row.ca().high());
        Mem.i64(entry + 40, row.ca().low());
        name(entry, name);
        long old = index.put(entry);
        peers.replace(old, entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: removes the record of a CA; nothing if there is none. */
    public void remove(int rdid, Ipv6Address ca) {
        long entry = find(rdid, ca.high(), ca.low());
        if (entry != 0) {
            index.remove(entry);
            peers.replace(entry, 0);
            pool.retire(entry);
        }
    }

    /** Writer: the row of a CA. */
    public @Nullable Lookup6Row row(int rdid, Ipv6Address ca) {
        long entry = find(rdid, ca.high(), ca.low());
        return entry == 0 ? null : read(entry);
    }

    /** Writer: every row, in no order. */
    public void forEach(Consumer<Lookup6Row> action) {
        index.forEach(entry -> action.accept(read(entry)));
    }

    public long size() {
        return index.size();
    }

    private static Lookup6Row read(long entry) {
        return new Lookup6Row(
                LookupEntry.rdid(entry),
                new Ipv6Address(caHigh(entry), caLow(entry)),
                LookupEntry.vsid(entry),
                LookupEntry.mac(entry),
                LookupEntry.pa(entry),
                LookupEntry.type(entry),
                LookupEntry.flags(entry),
                LookupEntry.countersIndex(entry));
    }
}
