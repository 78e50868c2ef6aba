package net.nvgate.gateway.route;

import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;

/**
 * What port profiles say of the bandwidth of VMs, by (RDID, CA): the share beside others where packets wait, and which limit of {@link
 * RateLimits#ofNic} is theirs.
 *
 * <pre>
 * entry:  0 rdid &lt;&lt; 32 | ca (i64); of IPv6 rdid &lt;&lt; 32     8 weight (i32)   12 minimum, kbit/s (i32)   16 index of the NIC (i32)   20 key of the NIC (i32)
 *        32 ca, high (i64), 40 ca, low (i64); of IPv4 both 0
 * </pre>
 */
public final class NicRates {

    /** Of a NIC without maximum. */
    public static final int NO_INDEX = -1;

    private static final int BYTES = 64;

    private final HashIndex index;
    private final BlockPool pool;

    NicRates(TableSpace space, Reclaimer reclaimer) {
        this.index = new HashIndex(space, reclaimer, 3);
        this.pool = new BlockPool(space, reclaimer, BYTES);
    }

    /** Any thread: the entry of a CA for the static readers here, valid until the caller's next quiescent point; 0 = none. */
    public long find(int rdid, int ca) {
        return index.find(LookupEntry.key(rdid, ca), 0, 0);
    }

    /** Any thread: as {@link #find(int, int)}, of an IPv6 CA. */
    public long find(int rdid, long high, long low) {
        return index.find(LookupEntry.key(rdid, 0), high, low);
    }

    /** Share beside others, 1..100. */
    public static int weight(long entry) {
        return Mem.i32(entry + 8);
    }

    /** What it has before others have shares, kbit/s; 0 = nothing. */
    public static int minimumKbps(long entry) {
        return Mem.i32(entry + 12);
    }

    /** Of its limits, {@link #NO_INDEX} = it has none. */
    public static int nic(long entry) {
        return Mem.i32(entry + 16);
    }

    /** The same number for all addresses of a NIC, most likely another one for another NIC. */
    public static int key(long entry) {
        return Mem.i32(entry + 20);
    }

    /** Writer: what holds for a CA; {@link Row#NONE} removes it. Sessions see it when the tenant's epoch has moved on after it. */
    public void set(int rdid, IpAddress ca, Row row) {
        long there = find(rdid, ca);
        if (!row.equals(Row.NONE)) {
            long entry = pool.allocate();
            Mem.i64(entry, LookupEntry.key(rdid, ca instanceof Ipv4Address v4 ? v4.value() : 0));
            Mem.i32(entry + 8, row.weight());
            Mem.i32(entry + 12, row.minimumKbps());
            Mem.i32(entry + 16, row.nic());
            Mem.i32(entry + 20, row.key());
            Mem.i64(entry + 32, ca instanceof Ipv6Address v6 ? v6.high() : 0);
            Mem.i64(entry + 40, ca instanceof Ipv6Address v6 ? v6.low() : 0);
            index.put(entry);
        } else if (there != 0) {
            index.remove(there);
        }
        if (there != 0) {
            pool.retire(there);
        }
    }

    /** Writer: what holds for a CA. */
    public Row row(int rdid, IpAddress ca) {
        long entry = find(rdid, ca);
        return entry == 0 ? Row.NONE : new Row(weight(entry), minimumKbps(entry), nic(entry), key(entry));
    }

    private long find(int rdid, IpAddress ca) {
        return switch (ca) {
            case Ipv4Address v4 -> find(rdid, v4.value());
            case Ipv6Address v6 -> find(rdid, v6.high(), v6.low());
        };
    }

    /**
     * As the control thread handles it.
     *
     * @param weight 1..100
     * @param minimumKbps 0 = nothing
     * @param nic {@link #NO_INDEX} = no maximum
     * @param key see {@link NicRates#key}
     */
    public record Row(int weight, int minimumKbps, int nic, int key) {

        public static final Row NONE = new Row(0, 0, NO_INDEX, 0);
    }
}
