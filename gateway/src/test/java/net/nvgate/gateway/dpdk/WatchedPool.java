package net.nvgate.gateway.dpdk;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One pool under {@link MemoryGuard}: which mbufs are out, and which bytes of their buffers have been written since. */
final class WatchedPool {

    private static final int STRUCT_BYTES = 128;

    private final long pool;
    private final long low;
    private final long high;
    private final long stride;
    private final int bufferBytes;
    private final long[] mbufs;
    private final boolean[] out;
    private final long[][] written;
    private int outCount;

    private WatchedPool(long pool, long[] mbufs, int bufferBytes) {
        this.pool = pool;
        this.mbufs = mbufs;
        this.bufferBytes = bufferBytes;
        this.stride = mbufs[1] - mbufs[0];
        this.low = mbufs[0];
        this.high = mbufs[mbufs.length - 1] + STRUCT_BYTES + bufferBytes;
        this.out = new boolean[mbufs.length];
        this.written = new long[mbufs.length][((bufferBytes + 63) >>> 6) + 1];
    }

    static WatchedPool of(Mempool pool) {
        long array = TableMemory.allocate(8L * pool.size(), 64);
        if (!pool.allocate(array, pool.size())) {
            throw new IllegalStateException("mbufs of " + pool.name() + " are in use");
        }
        long[] mbufs = new long[pool.size()];
        for (int i = 0; i < mbufs.length; i++) {
            mbufs[i] = Mem.i64(array + 8L * i);
            long buffer = Mbuf.dataAddress(mbufs[i]) - Mbuf.headroom(mbufs[i]);
            if (buffer != mbufs[i] + STRUCT_BYTES) {
                throw new IllegalStateException("buffer is not behind its mbuf");
            }
        }
        Mempool.free(array, mbufs.length);
        TableMemory.free(array);
        Arrays.sort(mbufs);
        return new WatchedPool(pool.address(), mbufs, pool.dataRoom());
    }

    long pool() {
        return pool;
    }

    int outCount() {
        return outCount;
    }

    List<byte[]> packets() {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < mbufs.length; i++) {
            if (out[i]) {
                packets.add(MemorySegment.ofAddress(Mbuf.dataAddress(mbufs[i]))
                        .reinterpret(Mbuf.dataLength(mbufs[i]))
                        .toArray(ValueLayout.JAVA_BYTE));
            }
        }
        return packets;
    }

    boolean contains(long address, long bytes) {
        return address + bytes > low && address < high;
    }

    void read(long address, int bytes) {
        int index = index(address);
        int at = (int) (address - mbufs[index]) - STRUCT_BYTES;
        if (at < 0) {
            requireStruct(index, at, bytes, "read");
            return;
        }
        require(at + bytes <= bufferBytes, "read behind the buffer", index, at, bytes);
        require(out[index], "read of a packet that was given back", index, at, bytes);
        if (!allWritten(written[index], at, at + bytes)) {
            throw fault("read of bytes that nobody wrote", index, at, bytes);
        }
    }

    private static boolean allWritten(long[] bits, int from, int to) {
        for (int at = from; at < to; ) {
            int end = Math.min(to, (at | 63) + 1);
            long mask = mask(at, end);
            if ((bits[at >>> 6] & mask) != mask) {
                return false;
            }
            at = end;
        }
        return true;
    }

    /** Bits of one word for the bytes of one line of 64. */
    private static long mask(int from, int end) {
        return (-1L << from) & (-1L >>> (64 - (((end - 1) & 63) + 1)));
    }

    void write(long address, int bytes) {
        int index = index(address);
        int at = (int) (address - mbufs[index]) - STRUCT_BYTES;
        if (at < 0) {
            requireStruct(index, at, bytes, "write");
            return;
        }
        require(at + bytes <= bufferBytes, "write behind the buffer", index, at, bytes);
        require(out[index], "write to a packet that was given back", index, at, bytes);
        for (int from = at; from < at + bytes; ) {
            int end = Math.min(at + bytes, (from | 63) + 1);
            written[index][from >>> 6] |= mask(from, end);
            from = end;
        }
    }

    void allocated(long mbuf) {
        int index = index(mbuf);
        require(mbufs[index] == mbuf, "no mbuf", index, 0, 0);
        require(!out[index], "left the pool twice", index, 0, 0);
        out[index] = true;
        outCount++;
        Arrays.fill(written[index], 0);
    }

    void freed(long mbuf) {
        int index = index(mbuf);
        require(mbufs[index] == mbuf, "freed, but no mbuf", index, 0, 0);
        require(out[index], "freed twice", index, 0, 0);
        out[index] = false;
        outCount--;
    }

    private int index(long address) {
        int guess = (int) Math.min(Math.max(0, (address - low) / stride), mbufs.length - 1);
        if (mbufs[guess] <= address && (guess + 1 == mbufs.length || address < mbufs[guess + 1])) {
            return guess;
        }
        int found = Arrays.binarySearch(mbufs, address);
        return found >= 0 ? found : Math.max(0, -found - 2);
    }

    /** The struct itself is read and written while the mbuf is in the pool, too: by {@link Mbuf#reset}, and by who looks. */
    private void requireStruct(int index, int at, int bytes, String what) {
        require(at >= -STRUCT_BYTES && at + bytes <= 0, what + " across the mbuf's edge", index, at, bytes);
    }

    private void require(boolean holds, String what, int index, int at, int bytes) {
        if (!holds) {
            throw fault(what, index, at, bytes);
        }
    }

    private AssertionError fault(String what, int index, int at, int bytes) {
        return new AssertionError(what + ": " + bytes + " bytes at " + at + " of the buffer of mbuf " + index
                + ", whose data begin at " + Mbuf.headroom(mbufs[index]) + " and are "
                + Mbuf.dataLength(mbufs[index]) + " long");
    }
}
