package net.nvgate.gateway.dpdk;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches every access to packet memory in tests. {@link CheckedMemory} makes {@link Mem}, {@link Mbuf} and {@link Mempool} call it.
 * For the mbufs of a watched pool it throws unless:
 *
 * <ul>
 *   <li>an access lies in the mbuf's struct or in its buffer, and the mbuf is out of its pool;
 *   <li>a read is of bytes that were written since the mbuf left the pool: the packet that a test put there, or what the worker
 *       wrote; so nothing behind a packet's end is read, and nothing of an earlier packet is sent;
 *   <li>an mbuf goes back once.
 * </ul>
 *
 * Memory of no watched pool is not looked at. One thread works with a pool at a time.
 */
public final class MemoryGuard {

    private static volatile WatchedPool[] pools = {};
    private static volatile boolean installed;

    private MemoryGuard() {}

    static void installed() {
        installed = true;
    }

    /** Whether accesses are checked in this JVM. */
    public static boolean active() {
        return installed;
    }

    /** Begins to watch a pool, all of whose mbufs are in it. */
    public static synchronized void watch(Mempool pool) {
        if (!installed) {
            throw new IllegalStateException("memory is not checked in this JVM: Mem was loaded before CheckedMemory");
        }
        List<WatchedPool> all = new ArrayList<>(List.of(pools));
        all.add(WatchedPool.of(pool));
        pools = all.toArray(WatchedPool[]::new);
    }

    /** Before the pool is closed. */
    public static synchronized void unwatch(Mempool pool) {
        pools = List.of(pools).stream().filter(p -> p.pool() != pool.address()).toArray(WatchedPool[]::new);
    }

    /** Mbufs of a watched pool that are out of it. */
    public static int out(Mempool pool) {
        for (WatchedPool watched : pools) {
            if (watched.pool() == pool.address()) {
                return watched.outCount();
            }
        }
        throw new IllegalArgumentException(pool.name() + " is not watched");
    }

    /** What the packets that are out of a watched pool have in them. */
    public static List<byte[]> packets(Mempool pool) {
        for (WatchedPool watched : pools) {
            if (watched.pool() == pool.address()) {
                return watched.packets();
            }
        }
        return List.of();
    }

    /** Puts bytes into a packet: at once, and checked as a write. */
    public static void put(long address, byte[] bytes) {
        write(address, bytes.length);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, at(address, bytes.length), 0, bytes.length);
    }

    /** Takes bytes out of a packet: at once, and checked as a read. */
    public static byte[] get(long address, int length) {
        if (length > 0) {
            read(address, length);
        }
        return at(address, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** Called before each read. */
    public static void read(long address, long bytes) {
        for (WatchedPool pool : pools) {
            if (pool.contains(address, bytes)) {
                pool.read(address, (int) bytes);
            }
        }
    }

    /** Called before each write. */
    public static void write(long address, long bytes) {
        for (WatchedPool pool : pools) {
            if (pool.contains(address, bytes)) {
                pool.write(address, (int) bytes);
            }
        }
    }

    /** Called when an mbuf has left its pool. */
    public static void allocated(long mbuf) {
        for (WatchedPool pool : pools) {
            if (pool.contains(mbuf, 1)) {
                pool.allocated(mbuf);
            }
        }
    }

    /** Called before mbufs go back to their pools. */
    public static void freed(long array, int count) {
        for (int i = 0; i < count; i++) {
            for (long mbuf = Mem.i64(array + 8L * i); mbuf != 0; mbuf = Mbuf.next(mbuf)) {
                for (WatchedPool pool : pools) {
                    if (pool.contains(mbuf, 1)) {
                        pool.freed(mbuf);
                    }
                }
            }
        }
    }
}
