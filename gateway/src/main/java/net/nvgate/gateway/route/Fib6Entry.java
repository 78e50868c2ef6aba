package net.nvgate.gateway.route;

import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;

/**
 * An IPv6 route: a {@link FibEntry}, whose readers of kind, VLAN, VSID, metric, RDID and prefix length hold here, too, with
 * addresses behind it. Never changes once published.
 *
 * <pre>
 *  0 .. 31 as in FibEntry, addresses 0      48 nextHop, high (i64)     64 source, high (i64)
 * 32 prefix, high (i64)                     56 nextHop, low (i64)      72 source, low (i64)
 * 40 prefix, low (i64)
 * </pre>
 */
public final class Fib6Entry {

    static final int BYTES = 96;

    private Fib6Entry() {}

    /** A CA or a router's address; :: for {@link FibEntry#ON_LINK}. */
    public static long nextHopHigh(long entry) {
        return Mem.i64(entry + 48);
    }

    public static long nextHopLow(long entry) {
        return Mem.i64(entry + 56);
    }

    /** External and provider side: our own address on the link. */
    public static long sourceHigh(long entry) {
        return Mem.i64(entry + 64);
    }

    public static long sourceLow(long entry) {
        return Mem.i64(entry + 72);
    }

    static void write(long entry, Fib6Row row) {
        FibRow common =
                new FibRow(row.rdid(), 0, row.prefixLength(), row.kind(), 0, row.vsid(), row.vlan(), 0, row.metric());
        FibEntry.write(entry, common);
        write(entry + 32, row.prefix());
        write(entry + 48, row.nextHop());
        write(entry + 64, row.source());
    }

    static Fib6Row read(long entry) {
        return new Fib6Row(
                FibEntry.rdid(entry),
                address(entry + 32),
                FibEntry.prefixLength(entry),
                FibEntry.kind(entry),
                address(entry + 48),
                FibEntry.vsid(entry),
                FibEntry.vlan(entry),
                address(entry + 64),
                FibEntry.metric(entry));
    }

    private static void write(long at, Ipv6Address address) {
        Mem.i64(at, address.high());
        Mem.i64(at + 8, address.low());
    }

    private static Ipv6Address address(long at) {
        return new Ipv6Address(Mem.i64(at), Mem.i64(at + 8));
    }
}
