package net.nvgate.gateway.route;

import java.util.function.Consumer;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * The IPv4 addresses that packets to this gateway are sent to.
 *
 * <pre>
 * entry:  0 address (i64)   8 flags (i32)   12 prefixLength (i32)   16 vlan (i32)
 * </pre>
 */
public final class OwnAddresses {

    /** A provider address: NVGRE, ARP and ping in the PA network. */
    public static final int PROVIDER = 1;
    /** The gateway's own address on the physical side: ARP and ping. */
    public static final int EXTERNAL = 1 << 1;
    /** External address of a NAT connection: ARP on the physical side; its packets are a tenant's. */
    public static final int NAT = 1 << 2;

    private static final int BYTES = 32;

    private final HashIndex index;
    private final BlockPool pool;

    OwnAddresses(TableSpace space, Reclaimer reclaimer) {
        this.index = new HashIndex(space, reclaimer, 1);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /**
     * Any thread.
     *
     * @return address of an entry for the static readers here, valid until the caller's next quiescent point; 0 = not ours
     */
    public long find(int address) {
        return index.find(Integer.toUnsignedLong(address));
    }

    /** Any thread: kinds of an address, 0 = not ours. */
    public int kinds(int address) {
        long entry = find(address);
        return entry == 0 ? 0 : flags(entry);
    }

    public static int flags(long entry) {
        return Mem.i32(entry + 8);
    }

    /** Of the link's subnet; 32 for a NAT address. */
    public static int prefixLength(long entry) {
        return Mem.i32(entry + 12);
    }

    /** 802.1Q VLAN id, 0 = untagged; of a NAT address, that of the external subnet it lies in. */
    public static int vlan(long entry) {
        return Mem.i32(entry + 16);
    }

    /** Writer: sets the row of an address. */
    public void put(Row row) {
        long entry = pool.allocate();
        Mem.i64(entry, Integer.toUnsignedLong(row.address()));
        Mem.i32(entry + 8, row.flags());
        Mem.i32(entry + 12, row.prefixLength());
        Mem.i32(entry + 16, row.vlan());
        long old = index.put(entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: removes an address; nothing if it is not there. */
    public void remove(int address) {
        long entry = find(address);
        if (entry != 0) {
            index.remove(entry);
            pool.retire(entry);
        }
    }

    /** Writer: the row of an address. */
    public @Nullable Row row(int address) {
        long entry = find(address);
        return entry == 0 ? null : new Row(address, flags(entry), prefixLength(entry), vlan(entry));
    }

    /** Writer: every row, in no order. */
    public void forEach(Consumer<Row> action) {
        index.forEach(
                entry -> action.accept(new Row((int) Mem.i64(entry), flags(entry), prefixLength(entry), vlan(entry))));
    }

    /** A row as the control thread handles it. */
    public record Row(int address, int flags, int prefixLength, int vlan) {}
}
