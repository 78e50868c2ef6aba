package net.nvgate.gateway.alg;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowIndex;
import net.nvgate.gateway.flow.Slab;
import net.nvgate.gateway.flow.TenantShares;

/**
 * What is known of control connections that an ALG reads: where lines of the inside host begin, and by how much its sequence numbers
 * are shifted since a line became longer or shorter. As many as fit; one more is forwarded unread. Used by one worker.
 *
 * <p>A shift has a position: what the host sent up to it goes with the shift before, what comes after it with the one after. So a
 * retransmission is shifted as it was the first time.
 *
 * <pre>
 *  connection, 64 bytes:   0 session's address (i64)     16 position (i32)   20 shift before (i32)   24 shift after (i32)
 *                          8 = 1 (i64)                   28 number of line beginnings (i32)          32 the last 4 of them (i32)
 *                                                                                    48 domain (i32)
 * </pre>
 */
public final class ControlConnections {

    private static final int SHIFT = 6;
    private static final int LINES = 4;

    private final Slab slab;
    private final TenantShares shares = new TenantShares();
    private final FlowIndex index;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    public ControlConnections(long memory, int connectionsMax, long seed) {
        this.slab = new Slab(memory, SHIFT, connectionsMax);
        this.index = new FlowIndex(memory + ((long) connectionsMax << SHIFT), connectionsMax, memory, SHIFT, seed);
    }

    public static long bytes(int connectionsMax) {
        return ((long) connectionsMax << SHIFT) + FlowIndex.bytes(connectionsMax);
    }

    /** The connection of a session, 0 when there is none. */
    public long find(long session) {
        return index.find(index.hash(session, 1), session, 1);
    }

    /** Makes the connection of a tenant's session that has none; 0 when there is no room, or none for this tenant. */
    public long create(long session, int domain) {
        return shares.mayTake(domain, slab.capacity() - slab.used()) ? createAgain(session, domain) : 0;
    }

    /** As {@link #create}, whatever the tenant has: it had this one before a restart. */
    public long createAgain(long session, int domain) {
        int item = slab.allocate();
        if (item < 0) {
            return 0;
        }
        if (!index.insert(index.hash(session, 1), item)) {
            slab.free(item);
            return 0;
        }
        long connection = slab.address(item);
        Mem.i64(connection, session);
        Mem.i64(connection + 8, 1);
        Mem.i32(connection + 48, domain);
        shares.add(domain, 1);
        return connection;
    }

    /** Its session has ended. */
    public void remove(long session) {
        long connection = find(session);
        if (connection != 0) {
            int item = (int) ((connection - slab.address(0)) >>> SHIFT);
            index.remove(index.hash(session, 1), item);
            shares.add(Mem.i32(connection + 48), -1);
            slab.free(item);
        }
    }

    /** Copies what is known of a connection but whose it is: 32 bytes. */
    public static void save(long connection, long to) {
        Mem.copy(connection + 16, to, 32);
    }

    /** Sets what {@link #save} gave. */
    public static void restore(long connection, long from) {
        Mem.copy(from, connection + 16, 32);
    }

    public int used() {
        return slab.used();
    }

    /** Whether a line begins at a sequence number of the host; unknown is yes for the first bytes seen. */
    public static boolean isLineStart(long connection, int sequence) {
        int count = Mem.i32(connection + 28);
        for (int i = 0; i < Math.min(count, LINES); i++) {
            if (Mem.i32(connection + 32 + 4L * i) == sequence) {
                return true;
            }
        }
        return count == 0;
    }

    /** A line begins at a sequence number of the host. */
    public static void lineStart(long connection, int sequence) {
        int count = Mem.i32(connection + 28);
        if (count == 0 || !isLineStart(connection, sequence)) {
            Mem.i32(connection + 32 + 4L * (count % LINES), sequence);
            Mem.i32(connection + 28, count < LINES * 2 - 1 ? count + 1 : LINES);
        }
    }

    /** Shift of what the host sent at a sequence number. */
    public static int shift(long connection, int sequence) {
        boolean behind = sequence - Mem.i32(connection + 16) > 0;
        return behind ? Mem.i32(connection + 24) : Mem.i32(connection + 20);
    }

    /** What the host must be told of an acknowledgement, or an edge of SACK, of the other side. */
    public static int acknowledged(long connection, int acknowledgement) {
        int before = Mem.i32(connection + 20);
        boolean behind = acknowledgement - before - Mem.i32(connection + 16) > 0;
        return acknowledgement - (behind ? Mem.i32(connection + 24) : before);
    }

    /** Whether anything is shifted. */
    public static boolean isShifted(long connection) {
        return (Mem.i32(connection + 20) | Mem.i32(connection + 24)) != 0;
    }

    /** A segment of the host at a sequence number has become longer; one that was retransmitted is known. */
    public static void grew(long connection, int sequence, int bytes) {
        int before = Mem.i32(connection + 20);
        int after = Mem.i32(connection + 24);
        boolean first = before == 0 && after == 0;
        if (bytes != 0 && (first || sequence - Mem.i32(connection + 16) > 0)) {
            Mem.i32(connection + 16, sequence);
            Mem.i32(connection + 20, after);
            Mem.i32(connection + 24, after + bytes);
        }
    }
}
