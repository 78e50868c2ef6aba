package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;

/**
 * Sessions that people want ended, from one other thread to the worker: a bounded ring of their numbers and stamps, see
 * {@link net.nvgate.gateway.flow.FlowTable}. One that has ended meanwhile, whoever has its place, is passed over.
 *
 * <pre>
 *  0 read position (i64)   8 ended (i64)   64 written position (i64)
 *  128 item (i64), stamp (i64) each
 * </pre>
 */
public final class SessionCommands {

    private static final int SESSIONS_MAX = 4096;
    private static final int ENTRY_SHIFT = 4;
    private static final long READ = 0;
    private static final long WRITTEN = 64;
    private static final long ENDED = 8;
    private static final long RING = 128;

    private final long memory;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    SessionCommands(long memory) {
        this.memory = memory;
    }

    static long bytes() {
        return RING + ((long) SESSIONS_MAX << ENTRY_SHIFT);
    }

    /** One other thread: asks for the end of a session; false when the worker is behind. */
    public boolean end(int item, long stamp) {
        long written = Mem.i64(memory + WRITTEN);
        if (written - Mem.i64Acquire(memory + READ) == SESSIONS_MAX) {
            return false;
        }
        long at = entry(written);
        Mem.i64(at, item);
        Mem.i64(at + 8, stamp);
        Mem.i64Release(memory + WRITTEN, written + 1);
        return true;
    }

    /** Any thread: whether the worker has done all that it was asked for. */
    public boolean isDone() {
        return Mem.i64Acquire(memory + READ) == Mem.i64Acquire(memory + WRITTEN);
    }

    /** Any thread: sessions that were ended so since the start; of all that were asked for once {@link #isDone}. */
    public long ended() {
        return Mem.i64Opaque(memory + ENDED);
    }

    /** Worker: does what it is asked for, at most {@code limit} times; how often. */
    int run(Sessions sessions, int limit) {
        long read = Mem.i64(memory + READ);
        long end = Math.min(Mem.i64Acquire(memory + WRITTEN), read + limit);
        int done = (int) (end - read);
        long ended = Mem.i64(memory + ENDED);
        for (; read < end; read++) {
            ended += sessions.end((int) Mem.i64(entry(read)), Mem.i64(entry(read) + 8)) ? 1 : 0;
        }
        Mem.i64Opaque(memory + ENDED, ended);
        Mem.i64Release(memory + READ, end);
        return done;
    }

    private long entry(long position) {
        return memory + RING + ((position & (SESSIONS_MAX - 1)) << ENTRY_SHIFT);
    }
}
