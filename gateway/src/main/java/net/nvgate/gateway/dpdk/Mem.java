package net.nvgate.gateway.dpdk;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import sun.misc.Unsafe;

/**
 * Raw memory by absolute address, for packets and tables that live outside the heap.
 *
 * <p>Plain access is by {@link Unsafe}, one machine instruction and one node of the compiler's graph. A segment's {@code get} ends as
 * the same instruction but costs C2 about 600 nodes on the way, of the 18,000 after which it inlines nothing more: a packet's path
 * has some 150 accesses, so that it was cut into many calls (JDK 25; 1.5 times the time per packet). Ordered access is rare and by
 * {@link VarHandle}. The flag {@code --sun-misc-unsafe-memory-access=allow} belongs to it, see gateway.jvm.
 *
 * <p>Nothing is checked here: the caller has proved that the bytes are there. Plain names are host byte order, the
 * {@code Be} ones network byte order. The host is little endian, as DPDK's supported machines here are.
 */
@SuppressWarnings("removal")
public final class Mem {

    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final Unsafe UNSAFE = unsafe();

    /** Aligned views for ordered and atomic access; coordinates are (segment, offset). */
    private static final VarHandle LONG_HANDLE = ValueLayout.JAVA_LONG.varHandle();

    private Mem() {}

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Unsigned, 0..255. */
    public static int u8(long address) {
        return UNSAFE.getByte(address) & 0xff;
    }

    public static void u8(long address, int value) {
        UNSAFE.putByte(address, (byte) value);
    }

    /** Unsigned, 0..65535. */
    public static int u16(long address) {
        return UNSAFE.getShort(address) & 0xffff;
    }

    public static void u16(long address, int value) {
        UNSAFE.putShort(address, (short) value);
    }

    public static int u16Be(long address) {
        return Integer.reverseBytes(UNSAFE.getChar(address)) >>> 16;
    }

    public static void u16Be(long address, int value) {
        UNSAFE.putShort(address, (short) (Integer.reverseBytes(value) >>> 16));
    }

    public static int i32(long address) {
        return UNSAFE.getInt(address);
    }

    public static void i32(long address, int value) {
        UNSAFE.putInt(address, value);
    }

    public static int i32Be(long address) {
        return Integer.reverseBytes(UNSAFE.getInt(address));
    }

    public static void i32Be(long address, int value) {
        UNSAFE.putInt(address, Integer.reverseBytes(value));
    }

    public static long i64(long address) {
        return UNSAFE.getLong(address);
    }

    public static void i64(long address, long value) {
        UNSAFE.putLong(address, value);
    }

    public static long i64Be(long address) {
        return Long.reverseBytes(UNSAFE.getLong(address));
    }

    public static void i64Be(long address, long value) {
        UNSAFE.putLong(address, Long.reverseBytes(value));
    }

    /** Aligned load; later loads and stores stay behind it. Pairs with {@link #i64Release}. */
    public static long i64Acquire(long address) {
        return (long) LONG_HANDLE.getAcquire(ALL, address);
    }

    /** Aligned store; earlier loads and stores stay before it. */
    public static void i64Release(long address, long value) {
        LONG_HANDLE.setRelease(ALL, address, value);
    }

    /** Aligned load that neither tears nor orders: for counters that another thread writes. */
    public static long i64Opaque(long address) {
        return (long) LONG_HANDLE.getOpaque(ALL, address);
    }

    /** Aligned store that neither tears nor orders: for counters with one writer. */
    public static void i64Opaque(long address, long value) {
        LONG_HANDLE.setOpaque(ALL, address, value);
    }

    public static void copy(long from, long to, long bytes) {
        MemorySegment.copy(ALL, from, ALL, to, bytes);
    }

    public static void zero(long address, long bytes) {
        ALL.asSlice(address, bytes).fill((byte) 0);
    }
}
