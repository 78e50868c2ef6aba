package net.nvgate.gateway.dpdk;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Raw memory by absolute address, for packets and tables that live outside the heap. All access goes through one static
 * segment and static final unaligned layouts, which C2 turns into single loads and stores.
 *
 * <p>Nothing is checked here: the caller has proved that the bytes are there. Plain names are host byte order, the
 * {@code Be} ones network byte order.
 */
public final class Mem {

    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfShort SHORT_BE = SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT_BE = INT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG_BE = LONG.withOrder(ByteOrder.BIG_ENDIAN);

    /** Aligned views for ordered and atomic access; coordinates are (segment, offset). */
    private static final VarHandle INT_HANDLE = ValueLayout.JAVA_INT.varHandle();

    private static final VarHandle LONG_HANDLE = ValueLayout.JAVA_LONG.varHandle();

    private Mem() {}

    /** Unsigned, 0..255. */
    public static int u8(long address) {
        return ALL.get(BYTE, address) & 0xff;
    }

    public static void u8(long address, int value) {
        ALL.set(BYTE, address, (byte) value);
    }

    /** Unsigned, 0..65535. */
    public static int u16(long address) {
        return ALL.get(SHORT, address) & 0xffff;
    }

    public static void u16(long address, int value) {
        ALL.set(SHORT, address, (short) value);
    }

    public static int u16Be(long address) {
        return ALL.get(SHORT_BE, address) & 0xffff;
    }

    public static void u16Be(long address, int value) {
        ALL.set(SHORT_BE, address, (short) value);
    }

    public static int i32(long address) {
        return ALL.get(INT, address);
    }

    public static void i32(long address, int value) {
        ALL.set(INT, address, value);
    }

    public static int i32Be(long address) {
        return ALL.get(INT_BE, address);
    }

    public static void i32Be(long address, int value) {
        ALL.set(INT_BE, address, value);
    }

    public static long i64(long address) {
        return ALL.get(LONG, address);
    }

    public static void i64(long address, long value) {
        ALL.set(LONG, address, value);
    }

    public static long i64Be(long address) {
        return ALL.get(LONG_BE, address);
    }

    public static void i64Be(long address, long value) {
        ALL.set(LONG_BE, address, value);
    }

    /** Aligned load; later loads and stores stay behind it. Pairs with {@link #i32Release}. */
    public static int i32Acquire(long address) {
        return (int) INT_HANDLE.getAcquire(ALL, address);
    }

    /** Aligned store; earlier loads and stores stay before it. */
    public static void i32Release(long address, int value) {
        INT_HANDLE.setRelease(ALL, address, value);
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
