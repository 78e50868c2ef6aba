package net.nvgate.gateway.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.nvgate.gateway.dpdk.Mem;

/**
 * What tenants send, and what is sent to them, without translation (RFC 6888 REQ-6): pairs of prefixes.
 *
 * <pre>
 * by tenant:  0 count (i32)   8 n x | source (i32) | length (i32) | destination (i32) | length (i32) |
 * by source:  0 source &lt;&lt; 8 | length (i64)   8 count (i32)   16 n x | rdid (i32) | destination (i32) | length (i32) | 0 |   longest first
 * </pre>
 *
 * By source it is found whose a host is that somebody outside speaks to: one probe for each length that any source prefix has. Two
 * tenants should not claim the same pair of addresses; if they do, the longest prefixes win, then the lower index.
 */
public final class NatExemptions {

    private static final int FIRST = 8;
    private static final int BYTES = 16;
    private static final int CLAIMS = 16;

    private final PointerArray byTenant;
    private final Blocks blocks;
    private final HashIndex bySource;
    /** Writer: remote prefixes by tenant, of each source prefix. */
    private final Map<Prefixes.Row, TreeMap<Integer, List<Prefixes.Row>>> claims = new HashMap<>();
    /** Source prefixes of each length. */
    private final int[] lengths = new int[33];
    /** Bit n: there are source prefixes of length n. */
    private volatile long lengthsInUse;

    NatExemptions(TableSpace space, Reclaimer reclaimer) {
        this.bySource = new HashIndex(space, reclaimer, 1);
        this.byTenant = new PointerArray(space, reclaimer);
        this.blocks = new Blocks(space, reclaimer);
    }

    /**
     * Any thread: whether packets of a tenant's host are routed as they are.
     *
     * @param ca address inside, the source of what goes out and the destination of what comes in
     * @param remote address on the other side
     */
    public boolean contain(int rdid, int ca, int remote) {
        long block = byTenant.get(rdid);
        if (block == 0) {
            return false;
        }
        int count = Mem.i32(block);
        for (int i = 0; i < count; i++) {
            long at = block + FIRST + (long) BYTES * i;
            if (Prefixes.contains(Mem.i32(at), Mem.i32(at + 4), ca)
                    && Prefixes.contains(Mem.i32(at + 8), Mem.i32(at + 12), remote)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Any thread: whose host an address is that a remote one may reach without translation.
     *
     * @return index of the RDID; 0 = nobody's
     */
    public int tenantOf(int ca, int remote) {
        for (long left = lengthsInUse; left != 0; left &= ~Long.highestOneBit(left)) {
            long block = claimsOf(ca, left);
            int count = block == 0 ? 0 : Mem.i32(block + 8);
            for (int i = 0; i < count; i++) {
                long at = block + CLAIMS + (long) BYTES * i;
                if (Prefixes.contains(Mem.i32(at + 4), Mem.i32(at + 8), remote)) {
                    return Mem.i32(at);
                }
            }
        }
        return 0;
    }

    /** Any thread: whether an address is a host's that some remote one may reach without translation. */
    public boolean contain(int ca) {
        for (long left = lengthsInUse; left != 0; left &= ~Long.highestOneBit(left)) {
            if (claimsOf(ca, left) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Of the longest of some lengths. */
    private long claimsOf(int ca, long some) {
        int length = 63 - Long.numberOfLeadingZeros(some);
        return bySource.find(key(length == 0 ? 0 : ca & -1 << (32 - length), length));
    }

    private static long key(int prefix, int length) {
        return Integer.toUnsignedLong(prefix) << 8 | length;
    }

    /** Writer: all of a tenant. */
    public void set(int rdid, List<Row> rows) {
        Set<Prefixes.Row> sources = new HashSet<>();
        rows(rdid).forEach(row -> sources.add(row.source()));
        rows.forEach(row -> sources.add(row.source()));
        setRows(rdid, rows);
        for (Prefixes.Row source : sources) {
            List<Prefixes.Row> remotes = rows.stream()
                    .filter(row -> row.source().equals(source))
                    .map(Row::destination)
                    .toList();
            TreeMap<Integer, List<Prefixes.Row>> tenants = claims.computeIfAbsent(source, _ -> new TreeMap<>());
            tenants.remove(rdid);
            if (!remotes.isEmpty()) {
                tenants.put(rdid, remotes);
            }
            if (tenants.isEmpty()) {
                claims.remove(source);
            }
            writeClaims(source, tenants);
        }
    }

    private void writeClaims(Prefixes.Row source, Map<Integer, List<Prefixes.Row>> tenants) {
        List<Claim> wanted = new ArrayList<>();
        tenants.forEach((rdid, remotes) -> remotes.forEach(remote -> wanted.add(new Claim(rdid, remote))));
        wanted.sort((a, c) -> c.remote.length() - a.remote.length());
        long old = bySource.find(key(source.address(), source.length()));
        if (wanted.isEmpty()) {
            if (old != 0) {
                bySource.remove(old);
                count(source.length(), -1);
            }
        } else {
            long block = blocks.allocate(CLAIMS + (long) BYTES * wanted.size());
            Mem.i64(block, key(source.address(), source.length()));
            Mem.i32(block + 8, wanted.size());
            for (int i = 0; i < wanted.size(); i++) {
                long at = block + CLAIMS + (long) BYTES * i;
                Mem.i32(at, wanted.get(i).rdid);
                Mem.i32(at + 4, wanted.get(i).remote.address());
                Mem.i32(at + 8, wanted.get(i).remote.length());
            }
            bySource.put(block);
            count(source.length(), old == 0 ? 1 : 0);
        }
        if (old != 0) {
            blocks.retire(old, CLAIMS + (long) BYTES * Mem.i32(old + 8));
        }
    }

    private void count(int length, int change) {
        lengths[length] += change;
        lengthsInUse = lengths[length] == 0 ? lengthsInUse & ~(1L << length) : lengthsInUse | 1L << length;
    }

    private record Claim(int rdid, Prefixes.Row remote) {}

    private void setRows(int rdid, List<Row> rows) {
        long old = byTenant.get(rdid);
        long block = 0;
        if (!rows.isEmpty()) {
            block = blocks.allocate(FIRST + (long) BYTES * rows.size());
            Mem.i32(block, rows.size());
            for (int i = 0; i < rows.size(); i++) {
                long at = block + FIRST + (long) BYTES * i;
                Mem.i32(at, rows.get(i).source().address());
                Mem.i32(at + 4, rows.get(i).source().length());
                Mem.i32(at + 8, rows.get(i).destination().address());
                Mem.i32(at + 12, rows.get(i).destination().length());
            }
        }
        if (block != 0 || old != 0) {
            byTenant.set(rdid, block);
        }
        if (old != 0) {
            blocks.retire(old, FIRST + (long) BYTES * Mem.i32(old));
        }
    }

    /** Writer: all of a tenant, as they were set. */
    public List<Row> rows(int rdid) {
        long block = byTenant.get(rdid);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; block != 0 && i < Mem.i32(block); i++) {
            long at = block + FIRST + (long) BYTES * i;
            rows.add(new Row(
                    new Prefixes.Row(Mem.i32(at), Mem.i32(at + 4)),
                    new Prefixes.Row(Mem.i32(at + 8), Mem.i32(at + 12))));
        }
        return rows;
    }

    /** Prefixes of addresses inside and of those on the other side. */
    public record Row(Prefixes.Row source, Prefixes.Row destination) {}
}
