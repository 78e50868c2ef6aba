package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.route.VsidEntry;
import net.nvgate.gateway.route.VsidTable;

/**
 * What {@link FastPaInput} reads of VSIDs, a cache line each, where the VSID alone says: one access instead of an index's slot and then the entry,
 * each a miss of the first-level cache when packets of many tenants come by turns. A line is filled by the first packet of its VSID, again
 * when another VSID has taken its place, and after every change of the table.
 *
 * <pre>
 *  line:  0 changes of the table &lt;&lt; 32 | VSID (i64)   8 address of the VsidEntry, 0 = unknown   16 gateway MAC   24 router MAC, both NOBODY where
 *        32 RDID (i32)   40 address of its counters of what was received                       nothing ends here
 * </pre>
 */
final class KnownVsids {

    /** No frame's destination. */
    private static final long NOBODY = -1;

    private static final int SLOTS = 4096;
    private static final int SHIFT = 6;

    private final long memory;
    private final VsidTable vsids;
    private final WorkerCounters counters;
    /** Of the table, shifted, as of this burst. */
    private long changes;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    KnownVsids(long memory, VsidTable vsids, WorkerCounters counters) {
        this.memory = memory;
        this.vsids = vsids;
        this.counters = counters;
    }

    static long bytes() {
        return (long) SLOTS << SHIFT;
    }

    /** A burst begins: entries that were found before are still there if the table has not changed. */
    void newBurst() {
        changes = (long) vsids.changes() << Integer.SIZE;
    }

    /** Where a VSID's line is, right or not. */
    long place(int vsid) {
        return memory + ((long) (vsid & SLOTS - 1) << SHIFT);
    }

    /** The line of a VSID, for the static readers here; valid in the burst. */
    long line(int vsid) {
        long line = place(vsid);
        if (Mem.i64(line) != (changes | vsid)) {
            fill(line, vsid);
        }
        return line;
    }

    private void fill(long line, int vsid) {
        long entry = vsids.find(vsid);
        Mem.i64(line, changes | vsid);
        Mem.i64(line + 8, entry);
        boolean ends = entry != 0 && (VsidEntry.gatewayMac(entry) != 0 || VsidEntry.terminatesHere(entry));
        Mem.i64(line + 16, ends ? VsidEntry.gatewayMac(entry) : NOBODY);
        Mem.i64(line + 24, ends ? VsidEntry.routerMac(entry) : NOBODY);
        Mem.i32(line + 32, entry == 0 ? 0 : VsidEntry.rdid(entry));
        Mem.i64(line + 40, counters.receivedAt(entry == 0 ? -1 : VsidEntry.countersIndex(entry)));
    }

    /** Address of the {@link VsidEntry}, where {@link #isForUs}. */
    static long entry(long line) {
        return Mem.i64(line + 8);
    }

    /** Whether the VSID is known, its subnet has its gateway here and a frame in it is for that one. */
    static boolean isForUs(long line, long destination) {
        return destination == Mem.i64(line + 16) || destination == Mem.i64(line + 24);
    }

    static int rdid(long line) {
        return Mem.i32(line + 32);
    }

    /** Counts a packet that the VSID has received; not while {@link WorkerCounters#isAside}. */
    static void count(long line, int bytes) {
        WorkerCounters.received(Mem.i64(line + 40), bytes);
    }
}
