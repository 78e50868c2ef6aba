package net.nvgate.gateway.fragment;

import net.nvgate.gateway.dpdk.Mem;

/**
 * A fragmented datagram on its way: what its first fragment said, and which parts of it were seen.
 *
 * <pre>
 *  0 key0 (i64)   16 ports of the first fragment (i32)   32 next + 1, previous + 1 in the share, by age (2 x i32)
 *  8 key1 (i64)   20 seen since, ms (i32)                40 held packets: first + 1, last + 1 (2 x i32)
 *                 24 share (i32)                         48 units of 8 bytes seen (i32)   56 held packets (u16)
 *                 28 next + 1 among the complete (i32)   52 units in all, 0 = not known (i32)   58 flags (u8)
 *                                                        60 new identification (u16)   62 unused
 * </pre>
 *
 * key0 and key1 are those of {@link #key1} and the addresses. The map of units seen, one bit each, lies elsewhere.
 */
public final class Datagram {

    static final int SHIFT = 6;
    /** The first fragment has come. */
    static final int FIRST = 1;
    /** Fragments overlapped: nothing of it goes on. */
    static final int BAD = 1 << 1;
    /** All of it was seen. */
    static final int COMPLETE = 1 << 2;
    /** It has a new identification. */
    static final int RENAMED = 1 << 3;

    private Datagram() {}

    /**
     * The second half of a key; the first is source and destination.
     *
     * @param id 16 bits of IPv4, 32 of IPv6
     */
    public static long key1(int id, int domain, int protocol) {
        return (long) id << 32 | (long) domain << 8 | protocol;
    }

    public static long key0(long datagram) {
        return Mem.i64(datagram);
    }

    static long key1(long datagram) {
        return Mem.i64(datagram + 8);
    }

    public static boolean hasKey1(long datagram, long key1) {
        return key1(datagram) == key1;
    }

    static void key(long datagram, long key0, long key1) {
        Mem.i64(datagram, key0);
        Mem.i64(datagram + 8, key1);
    }

    public static int ports(long datagram) {
        return Mem.i32(datagram + 16);
    }

    static void ports(long datagram, int ports) {
        Mem.i32(datagram + 16, ports);
    }

    static int sinceMs(long datagram) {
        return Mem.i32(datagram + 20);
    }

    static void sinceMs(long datagram, int ms) {
        Mem.i32(datagram + 20, ms);
    }

    static int share(long datagram) {
        return Mem.i32(datagram + 24);
    }

    static void share(long datagram, int share) {
        Mem.i32(datagram + 24, share);
    }

    static int nextComplete(long datagram) {
        return Mem.i32(datagram + 28) - 1;
    }

    static void nextComplete(long datagram, int number) {
        Mem.i32(datagram + 28, number + 1);
    }

    static int next(long datagram) {
        return Mem.i32(datagram + 32) - 1;
    }

    static void next(long datagram, int number) {
        Mem.i32(datagram + 32, number + 1);
    }

    static int previous(long datagram) {
        return Mem.i32(datagram + 36) - 1;
    }

    static void previous(long datagram, int number) {
        Mem.i32(datagram + 36, number + 1);
    }

    static int heldFirst(long datagram) {
        return Mem.i32(datagram + 40) - 1;
    }

    static void heldFirst(long datagram, int number) {
        Mem.i32(datagram + 40, number + 1);
    }

    static int heldLast(long datagram) {
        return Mem.i32(datagram + 44) - 1;
    }

    static void heldLast(long datagram, int number) {
        Mem.i32(datagram + 44, number + 1);
    }

    static int unitsSeen(long datagram) {
        return Mem.i32(datagram + 48);
    }

    static void unitsSeen(long datagram, int units) {
        Mem.i32(datagram + 48, units);
    }

    static int unitsInAll(long datagram) {
        return Mem.i32(datagram + 52);
    }

    static void unitsInAll(long datagram, int units) {
        Mem.i32(datagram + 52, units);
    }

    static int held(long datagram) {
        return Mem.u16(datagram + 56);
    }

    static void held(long datagram, int count) {
        Mem.u16(datagram + 56, count);
    }

    static boolean is(long datagram, int flag) {
        return (Mem.u8(datagram + 58) & flag) != 0;
    }

    static void mark(long datagram, int flag) {
        Mem.u8(datagram + 58, Mem.u8(datagram + 58) | flag);
    }

    /** The identification its fragments leave with, -1 when none was given to it yet. */
    public static int newId(long datagram) {
        return is(datagram, RENAMED) ? Mem.u16(datagram + 60) : -1;
    }

    public static void newId(long datagram, int id) {
        Mem.u16(datagram + 60, id);
        mark(datagram, RENAMED);
    }
}
