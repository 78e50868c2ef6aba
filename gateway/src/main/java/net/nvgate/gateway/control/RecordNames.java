package net.nvgate.gateway.control;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Names of VMs that lookup records show, as bytes in pages: a million Strings would take more than the records' tables. Used by one
 * thread.
 *
 * <pre>
 *  handle = number of the first granule of 4 bytes
 *  used:  | length (u16) | UTF-8 | up to 3 unused bytes |      free:  | next free block of this size (i32) | ...
 * </pre>
 */
final class RecordNames {

    /** No name, as opposed to an empty one. */
    static final int NONE = 0;

    /** Longest name, in bytes of UTF-8. */
    static final int BYTES_MAX = 1022;

    private static final int GRANULE_SHIFT = 2;
    private static final int PAGE_SHIFT = 14;
    private static final int PAGE_GRANULES = 1 << PAGE_SHIFT;
    private static final int LENGTH_BYTES = 2;

    private final List<byte[]> pages = new ArrayList<>();

    /** First free block of each size in granules, 0 = none. */
    private final int[] free = new int[granules(BYTES_MAX) + 1];

    private int next = 1;

    static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    int add(String name) {
        byte[] bytes = utf8(name);
        if (bytes.length > BYTES_MAX) {
            throw new IllegalArgumentException("name of " + bytes.length + " bytes, at most " + BYTES_MAX);
        }
        int handle = allocate(granules(bytes.length));
        byte[] page = page(handle);
        int at = offset(handle);
        page[at] = (byte) (bytes.length >>> 8);
        page[at + 1] = (byte) bytes.length;
        System.arraycopy(bytes, 0, page, at + LENGTH_BYTES, bytes.length);
        return handle;
    }

    String get(int handle) {
        int at = offset(handle);
        byte[] page = page(handle);
        return new String(page, at + LENGTH_BYTES, length(page, at), StandardCharsets.UTF_8);
    }

    /** Whether a handle's name is this one. */
    boolean is(int handle, String name) {
        byte[] page = page(handle);
        int at = offset(handle) + LENGTH_BYTES;
        int length = length(page, at - LENGTH_BYTES);
        if (name.length() == length && isAscii(page, at, length)) {
            for (int i = 0; i < length; i++) {
                if (page[at + i] != name.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
        byte[] bytes = utf8(name);
        return Arrays.equals(page, at, at + length, bytes, 0, bytes.length);
    }

    private static boolean isAscii(byte[] page, int at, int length) {
        for (int i = at; i < at + length; i++) {
            if (page[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** The handle may be given to another name. */
    void remove(int handle) {
        release(handle, granules(length(page(handle), offset(handle))));
    }

    private int allocate(int granules) {
        int reused = free[granules];
        if (reused != NONE) {
            free[granules] = link(reused);
            return reused;
        }
        int left = PAGE_GRANULES - (next & PAGE_GRANULES - 1);
        if (left < granules) {
            release(next, left);
            next += left;
        }
        int handle = next;
        next += granules;
        if (handle >>> PAGE_SHIFT >= pages.size()) {
            pages.add(new byte[PAGE_GRANULES << GRANULE_SHIFT]);
        }
        return handle;
    }

    private void release(int handle, int granules) {
        byte[] page = page(handle);
        int at = offset(handle);
        for (int i = 0; i < Integer.BYTES; i++) {
            page[at + i] = (byte) (free[granules] >>> (8 * i));
        }
        free[granules] = handle;
    }

    private int link(int handle) {
        byte[] page = page(handle);
        int at = offset(handle);
        int link = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            link |= (page[at + i] & 0xff) << (8 * i);
        }
        return link;
    }

    private byte[] page(int handle) {
        return pages.get(handle >>> PAGE_SHIFT);
    }

    private static int offset(int handle) {
        return (handle & (PAGE_GRANULES - 1)) << GRANULE_SHIFT;
    }

    private static int length(byte[] page, int at) {
        return ((page[at] & 0xff) << 8) | (page[at + 1] & 0xff);
    }

    private static int granules(int bytes) {
        return (bytes + LENGTH_BYTES + 3) >>> GRANULE_SHIFT;
    }

    /** Bytes that all names take. */
    long bytes() {
        return (long) pages.size() * (PAGE_GRANULES << GRANULE_SHIFT);
    }
}
