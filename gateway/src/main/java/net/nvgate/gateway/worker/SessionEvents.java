package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.flow.FlowTable;
import net.nvgate.gateway.flow.Session;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.route.TableSpace;

/**
 * From a worker to the thread that exports: sessions made and ended, each with a copy of both its lines, and when each session was made.
 * There is one only where somebody exports. A full ring costs a counter and no more.
 *
 * <pre>
 *  memory   read position (i64, a cache line)   written position (i64)   not told (i64)
 *  RING     records, 256 bytes:
 *             0 the session, see {@link Session}                     144 made at, ms (i64)
 *           128 kind (i32)   132 item: number of the session (i32)   152 IPv6 inside address (2 x i64, 0 = IPv4)
 *           136 at, ms (i64)                                         168 IPv6 remote address (2 x i64, 0 = IPv4)
 *  starts   per session: made at, ms (i64)
 * </pre>
 *
 * Times are on the worker's clock, see {@link Worker#nowMs}.
 */
public final class SessionEvents {

    public static final int RECORDS = 1 << 15;
    /** Bytes of a record. */
    public static final int RECORD = 256;

    public static final int MADE = 1;
    /** By its timer. */
    public static final int EXPIRED = 2;
    /** By policy, an administrator, or because another one needed its place. */
    public static final int CUT = 3;

    private static final int RECORD_SHIFT = 8;
    private static final int ALIGNMENT = 128;
    private static final int READ = 0;
    private static final int WRITTEN = 64;
    private static final int NOT_TOLD = 72;
    private static final int RING = 128;
    private static final int KIND = 128;
    private static final int ITEM = 132;
    private static final int AT = 136;
    private static final int MADE_AT = 144;
    private static final int INSIDE = 152;
    private static final int REMOTE = 168;

    private final long memory;
    private final long starts;
    private final FlowTable flows;
    private final InsideHosts hosts;
    private final WorkerClock clock;
    private final boolean tellsMade;

    /** @param tellsMade also what is made, not only what ends */
    SessionEvents(TableSpace.Source source, FlowTable flows, InsideHosts hosts, WorkerClock clock, boolean tellsMade) {
        this.memory = source.allocate(RING + ((long) RECORDS << RECORD_SHIFT), ALIGNMENT);
        this.starts = source.allocate(8L * flows.capacity(), ALIGNMENT);
        this.flows = flows;
        this.hosts = hosts;
        this.clock = clock;
        this.tellsMade = tellsMade;
    }

    /** Worker: a session has been made, by its outbound line. */
    void made(long session) {
        Mem.i64(starts + 8L * flows.item(session), clock.ms());
        if (tellsMade) {
            tell(session, MADE);
        }
    }

    /** Worker: a session goes on that was made before a restart; whoever had to be told of it was. */
    void goesOn(long session, long madeAtMs) {
        Mem.i64(starts + 8L * flows.item(session), madeAtMs);
    }

    /** Worker: a session is about to end, by its outbound line. */
    void ended(long session, boolean expired) {
        tell(session, expired ? EXPIRED : CUT);
    }

    private void tell(long session, int kind) {
        long written = Mem.i64(memory + WRITTEN);
        if (written - Mem.i64Acquire(memory + READ) == RECORDS) {
            Mem.i64Opaque(memory + NOT_TOLD, Mem.i64(memory + NOT_TOLD) + 1);
            return;
        }
        long record = record(written);
        int item = flows.item(session);
        Mem.copy(session, record, 2L * Session.LINE);
        Mem.i32(record + KIND, kind);
        Mem.i32(record + ITEM, item);
        Mem.i64(record + AT, clock.ms());
        Mem.i64(record + MADE_AT, Mem.i64(starts + 8L * item));
        long key0 = Session.key0(session);
        hosts(record, FlowKey.source(key0), FlowKey.destination(key0), hosts);
        Mem.i64Release(memory + WRITTEN, written + 1);
    }

    private static void hosts(long record, int inside, int remote, InsideHosts hosts) {
        boolean handle = InsideHosts.isHandle(inside);
        Mem.i64(record + INSIDE, hosts.highOf(inside));
        Mem.i64(record + INSIDE + 8, hosts.lowOf(inside));
        Mem.i64(record + REMOTE, handle ? hosts.remoteHigh(inside, remote) : 0);
        Mem.i64(record + REMOTE + 8, handle ? hosts.remoteLow(inside, remote) : 0);
    }

    /** One other thread: address of the next record, 0 when there is none; good until {@link #taken}. */
    public long next() {
        long read = Mem.i64(memory + READ);
        return read == Mem.i64Acquire(memory + WRITTEN) ? 0 : record(read);
    }

    /** The same thread: gives the record of {@link #next} back. */
    public void taken() {
        Mem.i64Release(memory + READ, Mem.i64(memory + READ) + 1);
    }

    /** Any thread: what was not told because the other thread was behind. */
    public long notTold() {
        return Mem.i64Opaque(memory + NOT_TOLD);
    }

    /** Sessions there is room for. */
    public int sessionsMax() {
        return flows.capacity();
    }

    /**
     * One other thread: copies a session that lives to a record of the caller's, kind 0. It only reads, and the worker does not know: what was
     * changing hands is left out.
     *
     * @param record {@link #RECORD} bytes at a multiple of 128
     * @param nowMs on the worker's clock
     * @return false when there is no such session
     */
    public boolean copy(int item, long record, long nowMs) {
        if (!flows.copy(item, record)) {
            return false;
        }
        Mem.i32(record + KIND, 0);
        Mem.i32(record + ITEM, item);
        Mem.i64(record + AT, nowMs);
        Mem.i64(record + MADE_AT, Mem.i64Opaque(starts + 8L * item));
        long key0 = Session.key0(record);
        hosts(record, FlowKey.source(key0), FlowKey.destination(key0), hosts);
        return flows.isStill(item, record);
    }

    /** Any thread: when a session was made, of whatever session has the place now. */
    public long madeAtMs(int item) {
        return Mem.i64Opaque(starts + 8L * item);
    }

    /** Sessions that were ever in use: {@link #copy} finds none from this number on. */
    public int touched() {
        return flows.touched();
    }

    private long record(long position) {
        return memory + RING + ((position & (RECORDS - 1)) << RECORD_SHIFT);
    }

    /** Of a record: {@link #MADE}, {@link #EXPIRED} or {@link #CUT}; 0 = it lives. */
    public static int kind(long record) {
        return Mem.i32(record + KIND);
    }

    public static int item(long record) {
        return Mem.i32(record + ITEM);
    }

    public static long atMs(long record) {
        return Mem.i64(record + AT);
    }

    /** When the record's session was made. */
    public static long madeAtMs(long record) {
        return Mem.i64(record + MADE_AT);
    }

    /** First half of the inside host's IPv6 address, 0 for one of IPv4. */
    public static long insideHigh(long record) {
        return Mem.i64(record + INSIDE);
    }

    public static long insideLow(long record) {
        return Mem.i64(record + INSIDE + 8);
    }

    /** First half of the address by which an IPv6 host knows the remote one. */
    public static long remoteHigh(long record) {
        return Mem.i64(record + REMOTE);
    }

    public static long remoteLow(long record) {
        return Mem.i64(record + REMOTE + 8);
    }
}
