package net.nvgate.gateway.export;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.route.TableSpace;
import net.nvgate.gateway.worker.SessionEvents;

/**
 * What was reported of each session when it was last reported, so that the next report has what came since.
 *
 * <pre>
 *  per session, 48 bytes, all i64:
 *   0 made at: whose numbers these are   8 reported at   16 packets out   24 bytes out   32 packets in   40 bytes in
 * </pre>
 */
final class Reported {

    private static final int BYTES = 48;
    private static final int REPORTED_AT = 8;
    private static final int PACKETS_OUT = 16;
    private static final int BYTES_OUT = 24;
    private static final int PACKETS_IN = 32;
    private static final int BYTES_IN = 40;

    private final long memory;

    /** Counters of a session since its last report; a session that never was has all of them. */
    record Since(long startMs, long packetsOut, long bytesOut, long packetsIn, long bytesIn) {

        boolean isEmpty() {
            return packetsOut == 0 && packetsIn == 0;
        }
    }

    Reported(TableSpace.Source memory, int sessionsMax) {
        this.memory = memory.allocate((long) BYTES * sessionsMax, Long.BYTES);
    }

    /** When a session that was made then was last reported, or made. */
    long lastMs(int item, long madeAtMs) {
        long at = at(item);
        return Mem.i64(at) == madeAtMs ? Mem.i64(at + REPORTED_AT) : madeAtMs;
    }

    /** What a record's session has counted since the last report, which is now. */
    Since report(long record) {
        long at = at(SessionEvents.item(record));
        long madeAtMs = SessionEvents.madeAtMs(record);
        if (Mem.i64(at) != madeAtMs) {
            Mem.zero(at, BYTES);
            Mem.i64(at, madeAtMs);
            Mem.i64(at + REPORTED_AT, madeAtMs);
        }
        long inbound = Session.other(record);
        Since since = new Since(
                Mem.i64(at + REPORTED_AT),
                move(at + PACKETS_OUT, Session.packets(record)),
                move(at + BYTES_OUT, Session.bytes(record)),
                move(at + PACKETS_IN, Session.packets(inbound)),
                move(at + BYTES_IN, Session.bytes(inbound)));
        Mem.i64(at + REPORTED_AT, SessionEvents.atMs(record));
        return since;
    }

    /** Counters of a living session are read while they move: none goes back. */
    private static long move(long at, long now) {
        long before = Mem.i64(at);
        long after = Math.max(before, now);
        Mem.i64(at, after);
        return after - before;
    }

    private long at(int item) {
        return memory + (long) BYTES * item;
    }
}
