package net.nvgate.gateway.bench;

import java.util.SplittableRandom;
import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.dpdk.TableMemory;

/**
 * Packets to be sent one after another, again and again, as they are.
 *
 * <pre>
 *  each 128 bytes:  0 bytes of the frame (i32)   8 its first 104 bytes, which hold all headers; behind them it is zero
 * </pre>
 */
final class PacketList implements AutoCloseable {

    /** Bytes of a frame that are kept. */
    static final int KEPT = 104;

    static final int PACKET = 8;
    private static final int STRIDE = 128;
    private static final int ALIGN = 64;

    private final long memory;
    private final int size;

    PacketList(int size) {
        this.size = size;
        this.memory = TableMemory.allocate(Math.max(1L, (long) STRIDE * size), ALIGN);
    }

    int size() {
        return size;
    }

    /** Address of packet {@code i}: length, packet. */
    long at(int i) {
        return memory + (long) STRIDE * i;
    }

    /** Address of the bytes of packet {@code i}, for a writer. */
    long packet(int i) {
        return at(i) + PACKET;
    }

    void length(int i, int bytes) {
        Mem.i32(at(i), bytes);
    }

    static int length(long at) {
        return Mem.i32(at);
    }

    /** Puts them in another order, the same for the same seed: sessions are not met in the order in which they were made. */
    void shuffle(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = size - 1; i > 0; i--) {
            long a = at(i);
            long b = at(random.nextInt(i + 1));
            for (int at = 0; at < PACKET + KEPT; at += 8) {
                long word = Mem.i64(a + at);
                Mem.i64(a + at, Mem.i64(b + at));
                Mem.i64(b + at, word);
            }
        }
    }

    @Override
    public void close() {
        TableMemory.free(memory);
    }
}
