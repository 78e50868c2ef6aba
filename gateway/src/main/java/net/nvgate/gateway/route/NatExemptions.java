package net.nvgate.gateway.route;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.gateway.dpdk.Mem;

/**
 * What tenants send, and what is sent to them, without translation (RFC 6888 REQ-6): pairs of prefixes.
 *
 * <pre>
 * by tenant:  0 count (i32)   8 n x | source (i32) | length (i32) | destination (i32) | length (i32) |
 * </pre>
 */
public final class NatExemptions {

    private static final int FIRST = 8;
    private static final int BYTES = 16;

    private final PointerArray byTenant;
    private final Blocks blocks;

    NatExemptions(TableSpace space, Reclaimer reclaimer) {
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

    /** Writer: all of a tenant. */
    public void set(int rdid, List<Row> rows) {
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
