package net.nvgate.gateway.route;

import java.util.function.Consumer;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;
import org.jspecify.annotations.Nullable;

/**
 * Our IPv6 addresses on tenant interfaces, each on its own VLAN alone: two tenants may have given us the same one.
 *
 * <pre>
 * entry:  0 link (i64)   8 prefixLength (i32)   12 tentative (i32)   32 high (i64)   40 low (i64)
 * </pre>
 */
public final class TenantLinkAddresses6 {

    private static final int BYTES = 64;

    private final HashIndex index;
    private final BlockPool pool;

    TenantLinkAddresses6(TableSpace space, Reclaimer reclaimer) {
        this.index = new HashIndex(space, reclaimer, 3);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /**
     * Any thread.
     *
     * @param link see {@link TenantLinks#link}
     * @return address of an entry, valid until the caller's next quiescent point; 0 = not ours there
     */
    public long find(int link, long high, long low) {
        return index.find(link, high, low);
    }

    /** Nobody is known to have it yet, or somebody else has it: not used as ours (RFC 4862 §5.4). */
    public static boolean isTentative(long entry) {
        return Mem.i32(entry + 12) != 0;
    }

    /** Any thread: whether an address is ours on an interface, and used. */
    public boolean owns(int link, long high, long low) {
        long entry = find(link, high, low);
        return entry != 0 && !isTentative(entry);
    }

    /** Writer: sets the row of an address. */
    public void put(Row row) {
        long entry = pool.allocate();
        Mem.i64(entry, row.link());
        Mem.i32(entry + 8, row.prefixLength());
        Mem.i32(entry + 12, row.tentative() ? 1 : 0);
        Mem.i64(entry + 32, row.address().high());
        Mem.i64(entry + 40, row.address().low());
        long old = index.put(entry);
        if (old != 0) {
            pool.retire(old);
        }
    }

    /** Writer: removes an address; nothing if it is not there. */
    public void remove(int link, Ipv6Address address) {
        long entry = find(link, address.high(), address.low());
        if (entry != 0) {
            index.remove(entry);
            pool.retire(entry);
        }
    }

    /** Writer: the row of an address. */
    public @Nullable Row row(int link, Ipv6Address address) {
        long entry = find(link, address.high(), address.low());
        return entry == 0 ? null : read(entry);
    }

    /** Writer: every row, in no order. */
    public void forEach(Consumer<Row> action) {
        index.forEach(entry -> action.accept(read(entry)));
    }

    private static Row read(long entry) {
        return new Row(
                (int) Mem.i64(entry),
                new Ipv6Address(Mem.i64(entry + 32), Mem.i64(entry + 40)),
                Mem.i32(entry + 8),
                isTentative(entry));
    }

    /** A row as the control thread handles it. */
    public record Row(int link, Ipv6Address address, int prefixLength, boolean tentative) {}
}
