package net.nvgate.gateway.route;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.dpdk.Mem;

/**
 * By which connections the hosts of a tenant leave, for hosts of one address family. Connections of a tenant with the same prefix are a
 * pool.
 *
 * <pre>
 * by tenant:  0 count (i32)   8 n x | high (i64) | low (i64) | length (i32) | index (i32) | salt (i32) | 0 (i32) |   longest first
 * </pre>
 *
 * A block is never changed but replaced as a whole. IPv4 is kept as the low 32 bits of an address whose other bits are 0.
 */
final class NatPools {

    private static final int ROWS = 8;
    private static final int ROW = 32;

    private final PointerArray byTenant;
    private final PointerArray connections;
    private final Blocks blocks;

    /** @param connections entries ({@link NatEntry}) by index */
    NatPools(TableSpace space, Reclaimer reclaimer, PointerArray connections) {
        this.byTenant = new PointerArray(space, reclaimer);
        this.connections = connections;
        this.blocks = new Blocks(space, reclaimer);
    }

    boolean has(int rdid) {
        return byTenant.get(rdid) != 0;
    }

    /** As {@link NatConnections#choose}; {@code ca} is what its weight and its number in deterministic prefixes come from. */
    boolean choose(int rdid, long high, long low, int ca, long limit, NatChoice choice) {
        long block = byTenant.get(rdid);
        int count = block == 0 ? 0 : Mem.i32(block);
        int first = firstMatch(block, count, high, low);
        int end = endOfPool(block, count, first);
        if (first == end) {
            return false;
        }
        long leader = connection(block, first);
        int ordinal = leader == 0 ? -1 : NatEntry.deterministicOrdinal(leader, ca);
        if (ordinal >= 0) {
            long entry = connection(block, first + ordinal % (end - first));
            return limit == NatChoice.NO_LIMIT
                    && entry != 0
                    && choice.deterministic(entry, leader, ordinal, end - first);
        }
        for (int i = first; i < end; i++) {
            long weight = weight(ca, salt(block, i));
            if (weight < limit && weight > choice.weight()) {
                long entry = connection(block, i);
                if (entry != 0) {
                    choice.dynamic(entry, weight, leader == 0 ? 0 : NatEntry.deterministicHosts(leader), end - first);
                }
            }
        }
        return choice.entry() != 0;
    }

    /** As {@link NatConnections#admits}. */
    boolean admits(int rdid, long high, long low, int index) {
        long block = byTenant.get(rdid);
        int count = block == 0 ? 0 : Mem.i32(block);
        int first = firstMatch(block, count, high, low);
        int end = endOfPool(block, count, first);
        for (int i = first; i < end; i++) {
            if (index(block, i) == index) {
                return true;
            }
        }
        return false;
    }

    /** As {@link NatConnections#keep}. */
    boolean keep(int rdid, long high, long low, int ca, long entry, NatChoice choice) {
        long block = byTenant.get(rdid);
        int count = block == 0 ? 0 : Mem.i32(block);
        int first = firstMatch(block, count, high, low);
        int end = endOfPool(block, count, first);
        long leader = first == end ? 0 : connection(block, first);
        if (leader == 0 || NatEntry.deterministicOrdinal(leader, ca) >= 0) {
            return false;
        }
        for (int i = first; i < end; i++) {
            if (index(block, i) == NatEntry.index(entry)) {
                choice.dynamic(entry, weight(ca, salt(block, i)), NatEntry.deterministicHosts(leader), end - first);
                return true;
            }
        }
        return false;
    }

    private static int firstMatch(long block, int count, long high, long low) {
        int first = 0;
        while (first < count && !matches(row(block, first), high, low)) {
            first++;
        }
        return first;
    }

    private static boolean matches(long row, long high, long low) {
        int length = Mem.i32(row + 16);
        long highMask = length == 0 ? 0 : length >= 64 ? -1L : -1L << (64 - length);
        long lowMask = length <= 64 ? 0 : -1L << (128 - length);
        return ((high ^ Mem.i64(row)) & highMask) == 0 && ((low ^ Mem.i64(row + 8)) & lowMask) == 0;
    }

    /** All of a pool have one prefix. */
    private static int endOfPool(long block, int count, int first) {
        int end = first;
        while (end < count && samePrefix(row(block, end), row(block, first))) {
            end++;
        }
        return end;
    }

    private static boolean samePrefix(long a, long b) {
        return Mem.i64(a) == Mem.i64(b) && Mem.i64(a + 8) == Mem.i64(b + 8) && Mem.i32(a + 16) == Mem.i32(b + 16);
    }

    private static long row(long block, int i) {
        return block + ROWS + (long) ROW * i;
    }

    private static int index(long block, int i) {
        return Mem.i32(row(block, i) + 20);
    }

    private static int salt(long block, int i) {
        return Mem.i32(row(block, i) + 24);
    }

    private long connection(long block, int i) {
        return connections.get(index(block, i));
    }

    /** Above 0. */
    private static long weight(int ca, int salt) {
        long h = ((long) ca << 32 | Integer.toUnsignedLong(salt)) * 0x9e37_79b9_7f4a_7c15L;
        h = (h ^ h >>> 32) * 0xff51_afd7_ed55_8ccdL;
        h = (h ^ h >>> 29) * 0xc4ce_b9fe_1a85_ec53L;
        return (h ^ h >>> 32) >>> 2 | 1;
    }

    /** Writer: all of a tenant, longest prefix first; none = no NAT for its hosts of this family. */
    void set(int rdid, List<Row> rows) {
        long old = byTenant.get(rdid);
        long block = 0;
        if (!rows.isEmpty()) {
            block = blocks.allocate(ROWS + (long) ROW * rows.size());
            Mem.i32(block, rows.size());
            for (int i = 0; i < rows.size(); i++) {
                write(row(block, i), rows.get(i));
            }
        }
        if (block != 0 || old != 0) {
            byTenant.set(rdid, block);
        }
        if (old != 0) {
            blocks.retire(old, ROWS + (long) ROW * Mem.i32(old));
        }
    }

    private static void write(long at, Row row) {
        Mem.i64(at, row.high());
        Mem.i64(at + 8, row.low());
        Mem.i32(at + 16, row.length());
        Mem.i32(at + 20, row.index());
        Mem.i32(at + 24, row.salt());
    }

    /** Writer: all of a tenant, as they were set. */
    List<Row> rows(int rdid) {
        long block = byTenant.get(rdid);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; block != 0 && i < Mem.i32(block); i++) {
            long at = row(block, i);
            rows.add(new Row(Mem.i64(at), Mem.i64(at + 8), Mem.i32(at + 16), index(block, i), salt(block, i)));
        }
        return rows;
    }

    /** Hosts of a prefix of 128 bits leave by the connection of an index. */
    record Row(long high, long low, int length, int index, int salt) {}
}
