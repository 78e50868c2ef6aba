package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;

/**
 * Sessions that people want ended, from one other thread to the worker: a bounded ring of the keys of their outbound lines.
 *
 * <pre>
 *  0 read position (i64, a cache line)   64 written position (i64, a cache line)   128 keys, 16 bytes each
 * </pre>
 */
public final class SessionCommands {

    private static final int KEYS = 4096;
    private static final int KEY_SHIFT = 4;
    private static final long READ = 0;
    private static final long WRITTEN = 64;
    private static final long RING = 128;

    private final long memory;

    /** Zeroed memory of {@link #bytes} at a cache line. */
    SessionCommands(long memory) {
        this.memory = memory;
    }

    static long bytes() {
        return RING + ((long) KEYS << KEY_SHIFT);
    }

    /** One other thread: asks for the end of a session; false when the worker is behind. */
    public boolean end(long key0, long key1) {
        long written = Mem.i64(memory + WRITTEN);
        if (written - Mem.i64Acquire(memory + READ) == KEYS) {
            return false;
        }
        long at = key(written);
        Mem.i64(at, key0);
        Mem.i64(at + 8, key1);
        Mem.i64Release(memory + WRITTEN, written + 1);
        return true;
    }

    /** Any thread: whether the worker has done all that it was asked for. */
    public boolean isDone() {
        return Mem.i64Acquire(memory + READ) == Mem.i64Acquire(memory + WRITTEN);
    }

    /** Worker: does what it is asked for, at most {@code limit} times; how often. */
    int run(Sessions sessions, int limit) {
        long read = Mem.i64(memory + READ);
        long end = Math.min(Mem.i64Acquire(memory + WRITTEN), read + limit);
        int done = (int) (end - read);
        for (; read < end; read++) {
            sessions.end(Mem.i64(key(read)), Mem.i64(key(read) + 8));
        }
        Mem.i64Release(memory + READ, end);
        return done;
    }

    private long key(long position) {
        return memory + RING + ((position & (KEYS - 1)) << KEY_SHIFT);
    }
}
