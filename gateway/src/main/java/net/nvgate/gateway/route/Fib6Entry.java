package net.nvgate.gateway.route;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.dpdk.Mem;

/**
 * An IPv6 route: a {@link FibEntry}, whose readers of kind, VLAN, VSID, metric, RDID, link, number of next hops and prefix length hold
 * here, too, with addresses behind it. Its {@link FibEntry#nextHop} is that of a peer route alone. Never changes once published.
 *
 * <pre>
 *  0 .. 31 as in FibEntry, addresses 0      48 nextHop, high (i64)     64 source, high (i64)
 * 32 prefix, high (i64)                     56 nextHop, low (i64)      72 source, low (i64)
 * 40 prefix, low (i64)
 * 96 .. 223 next hops, as many as there are (2 i64 each): only if there are several
 * </pre>
 */
public final class Fib6Entry {

    /** With one next hop or none. */
    static final int BYTES = 96;

    /** With several. */
    static final int MULTIPATH_BYTES = 224;

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

    /** First half of next hop {@code i} of those of equal metric. */
    public static long hopHigh(long entry, int i) {
        return FibEntry.hops(entry) == 1 ? nextHopHigh(entry) : Mem.i64(entry + BYTES + 16L * i);
    }

    /** Second half of next hop {@code i}. */
    public static long hopLow(long entry, int i) {
        return FibEntry.hops(entry) == 1 ? nextHopLow(entry) : Mem.i64(entry + BYTES + 16L * i + 8);
    }

    static void write(long entry, Fib6Row row) {
        FibEntry.write(
                entry,
                new FibRow(
                        row.rdid(),
                        0,
                        row.prefixLength(),
                        row.kind(),
                        row.peer(),
                        row.vsid(),
                        row.vlan(),
                        0,
                        row.metric(),
                        row.link(),
                        List.of()));
        FibEntry.writeHops(entry, row.hops().size());
        for (int i = 0; i < row.hops().size(); i++) {
            write(entry + BYTES + 16L * i, row.hops().get(i));
        }
        write(entry + 32, row.prefix());
        write(entry + 48, row.nextHop());
        write(entry + 64, row.source());
    }

    static Fib6Row read(long entry) {
        List<Ipv6Address> several = new ArrayList<>();
        for (int i = 0; FibEntry.hops(entry) > 1 && i < FibEntry.hops(entry); i++) {
            several.add(new Ipv6Address(hopHigh(entry, i), hopLow(entry, i)));
        }
        return new Fib6Row(
                FibEntry.rdid(entry),
                address(entry + 32),
                FibEntry.prefixLength(entry),
                FibEntry.kind(entry),
                address(entry + 48),
                FibEntry.vsid(entry),
                FibEntry.vlan(entry),
                address(entry + 64),
                FibEntry.metric(entry),
                FibEntry.nextHop(entry),
                FibEntry.link(entry),
                several);
    }

    private static void write(long at, Ipv6Address address) {
        Mem.i64(at, address.high());
        Mem.i64(at + 8, address.low());
    }

    private static Ipv6Address address(long at) {
        return new Ipv6Address(Mem.i64(at), Mem.i64(at + 8));
    }
}
