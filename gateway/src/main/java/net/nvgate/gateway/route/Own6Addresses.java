package net.nvgate.gateway.route;

import java.util.function.Consumer;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * The IPv6 addresses that packets to this gateway are sent to; link-local ones are not here, they follow from the ports' MACs.
 *
 * <pre>
 * entry:  0 high (i64)   8 low (i64)   16 flags (i32)   20 prefixLength (i32)   24 vlan (i32)
 * </pre>
 */
public final class Own6Addresses {

    /** As {@link OwnAddresses#PROVIDER}. */
    public static final int PROVIDER = OwnAddresses.PROVIDER;
    /** As {@link OwnAddresses#EXTERNAL}. */
    public static final int EXTERNAL = OwnAddresses.EXTERNAL;
    /** Nobody is known to have it yet, or somebody else has it: not used as ours (RFC 4862 §5.4). */
    public static final int TENTATIVE = 1 << 8;

    private static final int BYTES = 32;

    private final HashIndex index;
    private final BlockPool pool;

    Own6Addresses(TableSpace space, Reclaimer reclaimer) {
        this.index = new HashIndex(space, reclaimer, 2);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /**
     * Any thread.
     *
     * @return address of an entry for the static readers here, valid until the caller's next quiescent point; 0 = not ours
     */
    public long find(long high, long low) {
        return index.find(high, low);
    }

    public static int flags(long entry) {
        return Mem.i32(entry + 16);
    }

    public static int prefixLength(long entry) {
        return Mem.i32(entry + 20);
    }

    /** 802.1Q VLAN id, 0 = untagged. */
    public static int vlan(long entry) {
        return Mem.i32(entry + 24);
    }

    /** Writer: sets the row of an address. */
    public void put(Row row) {
        long entry = pool.allocate();
        Mem.i64(entry, row.address().high());
        Mem.i64(entry + 8, row.address().low());
        Mem.i32(entry + 16, row.flags());
        Mem.i32(entry + 20, row.prefixLength());
        Mem.i32(entry + 24, row.vlan());
        long old = index.put(entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: removes an address; nothing if it is not there. */
    public void remove(Ipv6Address address) {
        long entry = find(address.high(), address.low());
        if (entry != 0) {
            index.remove(entry);
            pool.retire(entry);
        }
    }

    /** Writer: the row of an address. */
    public @Nullable Row row(Ipv6Address address) {
        long entry = find(address.high(), address.low());
        return entry == 0 ? null : read(entry);
    }

    /** Writer: every row, in no order. */
    public void forEach(Consumer<Row> action) {
        index.forEach(entry -> action.accept(read(entry)));
    }

    private static Row read(long entry) {
        return new Row(
                new Ipv6Address(Mem.i64(entry), Mem.i64(entry + 8)), flags(entry), prefixLength(entry), vlan(entry));
    }

    /** A row as the control thread handles it. */
    public record Row(Ipv6Address address, int flags, int prefixLength, int vlan) {}
}
