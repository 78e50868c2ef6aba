package net.nvgate.gateway.alg;

import net.nvgate.gateway.dpdk.Mem;

/** Reads addresses as text without allocating: dotted IPv4, IPv6 of RFC 4291 §2.2. Of one worker. */
final class AddressText {

    private final int[] groups = new int[8];
    private int ipv4;
    private long high;
    private long low;

    int ipv4() {
        return ipv4;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** Four numbers of 0..255. */
    boolean parseIpv4(long text, int length) {
        int value = 0;
        int parts = 0;
        int digits = 0;
        int part = 0;
        for (int i = 0; i <= length; i++) {
            int c = i == length ? '.' : Mem.u8(text + i);
            if (c == '.') {
                if (digits == 0 || part > 255 || parts == 4) {
                    return false;
                }
                value = value << 8 | part;
                parts++;
                digits = 0;
                part = 0;
            } else if (c >= '0' && c <= '9' && digits < 3) {
                part = part * 10 + c - '0';
                digits++;
            } else {
                return false;
            }
        }
        ipv4 = value;
        return parts == 4;
    }

    /** Hexadecimal groups, one run of zeros left out as "::", the last two groups perhaps as dotted IPv4. */
    boolean parseIpv6(long text, int length) {
        int count = 0;
        int gap = -1;
        int i = 0;
        if (length >= 2 && Mem.u8(text) == ':' && Mem.u8(text + 1) == ':') {
            gap = 0;
            i = 2;
        }
        while (i < length) {
            int start = i;
            int group = 0;
            while (i < length && hex(Mem.u8(text + i)) >= 0 && i - start < 5) {
                group = group << 4 | hex(Mem.u8(text + i));
                i++;
            }
            if (i < length && Mem.u8(text + i) == '.') {
                if (count > 6 || !parseIpv4(text + start, length - start)) {
                    return false;
                }
                groups[count++] = ipv4 >>> 16;
                groups[count++] = ipv4 & 0xffff;
                break;
            }
            if (i == start || i - start > 4 || count == 8) {
                return false;
            }
            groups[count++] = group;
            if (i == length) {
                break;
            }
            boolean doubled = i + 1 < length && Mem.u8(text + i + 1) == ':';
            if (Mem.u8(text + i) != ':' || (doubled && gap >= 0) || (!doubled && i + 1 == length)) {
                return false;
            }
            gap = doubled ? count : gap;
            i += doubled ? 2 : 1;
        }
        return assemble(count, gap);
    }

    private boolean assemble(int count, int gap) {
        if (gap < 0 ? count != 8 : count > 7) {
            return false;
        }
        int zeros = 8 - count;
        high = 0;
        low = 0;
        for (int i = 0; i < 8; i++) {
            int group;
            if (gap < 0 || i < gap) {
                group = groups[i];
            } else {
                group = i < gap + zeros ? 0 : groups[i - zeros];
            }
            if (i < 4) {
                high = high << 16 | group;
            } else {
                low = low << 16 | group;
            }
        }
        return true;
    }

    private static int hex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 32;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
