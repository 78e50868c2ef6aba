package net.nvgate.gateway.acl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;

/** Makes {@link Ranges}: goes through all boundaries in order and keeps count of the ranges of each item that are open. */
final class RangesBuilder {

    private static final Ipv6Address FIRST = Ipv6Address.UNSPECIFIED;
    private static final Ipv6Address LAST = new Ipv6Address(-1, -1);
    private static final long MAPPED = 0xffff_0000_0000L;
    private static final Ipv6Address MAPPED_FIRST = new Ipv6Address(0, MAPPED);
    private static final Ipv6Address MAPPED_LAST = new Ipv6Address(0, MAPPED | 0xffff_ffffL);

    /** At a boundary, an item gets or loses a range. */
    private record Step(int item, int change) {}

    private final int items;
    private final TreeMap<Ipv6Address, List<Step>> boundaries = new TreeMap<>();

    RangesBuilder(int items) {
        this.items = items;
        boundaries.put(FIRST, new ArrayList<>());
    }

    /** An item has every value. */
    void addAll(int item) {
        add(item, FIRST, LAST);
    }

    void add(int item, int first, int last) {
        add(item, new Ipv6Address(0, first), new Ipv6Address(0, last));
    }

    void add(int item, IpPrefix prefix) {
        switch (prefix.address()) {
            case Ipv4Address first -> add(item, mapped(first), mapped((Ipv4Address) prefix.last()));
            case Ipv6Address first -> addBesideMapped(item, first, (Ipv6Address) prefix.last());
        }
    }

    /** ::/0 is every IPv6 address and no IPv4 one. */
    private void addBesideMapped(int item, Ipv6Address first, Ipv6Address last) {
        if (first.compareTo(MAPPED_FIRST) < 0 && last.compareTo(MAPPED_LAST) > 0) {
            add(item, first, new Ipv6Address(0, MAPPED_FIRST.low() - 1));
            add(item, new Ipv6Address(0, MAPPED_LAST.low() + 1), last);
        } else {
            add(item, first, last);
        }
    }

    void add(int item, List<IpPrefix> prefixes) {
        prefixes.forEach(prefix -> add(item, prefix));
    }

    private void add(int item, Ipv6Address first, Ipv6Address last) {
        at(first).add(new Step(item, 1));
        if (!last.equals(LAST)) {
            boolean carry = last.low() == -1;
            at(new Ipv6Address(last.high() + (carry ? 1 : 0), last.low() + 1)).add(new Step(item, -1));
        }
    }

    private List<Step> at(Ipv6Address boundary) {
        return boundaries.computeIfAbsent(boundary, _ -> new ArrayList<>());
    }

    private static Ipv6Address mapped(Ipv4Address address) {
        return new Ipv6Address(0, MAPPED | Integer.toUnsignedLong(address.value()));
    }

    Ranges build() {
        int words = words(items);
        int[] open = new int[items];
        long[] row = new long[words];
        Map<Row, Integer> known = new HashMap<>();
        List<Row> order = new ArrayList<>();
        int count = boundaries.size();
        long[] highs = new long[count];
        long[] lows = new long[count];
        int[] rows = new int[count];
        int i = 0;
        for (Map.Entry<Ipv6Address, List<Step>> boundary : boundaries.entrySet()) {
            for (Step step : boundary.getValue()) {
                open[step.item] += step.change;
                long bit = 1L << (step.item & 63);
                int word = step.item >>> 6;
                row[word] = open[step.item] > 0 ? row[word] | bit : row[word] & ~bit;
            }
            Row made = new Row(row.clone());
            Integer offset = known.get(made);
            if (offset == null) {
                offset = order.size() * words;
                known.put(made, offset);
                order.add(made);
            }
            highs[i] = boundary.getKey().high();
            lows[i] = boundary.getKey().low();
            rows[i++] = offset;
        }
        long[] bits = new long[order.size() * words];
        for (int at = 0; at < order.size(); at++) {
            System.arraycopy(order.get(at).bits, 0, bits, at * words, words);
        }
        return new Ranges(highs, lows, rows, bits);
    }

    static int words(int items) {
        return Math.max(1, (items + 63) >>> 6);
    }

    /** A row as a key. */
    private static final class Row {
        private final long[] bits;

        Row(long[] bits) {
            this.bits = bits;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Row row && Arrays.equals(bits, row.bits);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bits);
        }
    }
}
