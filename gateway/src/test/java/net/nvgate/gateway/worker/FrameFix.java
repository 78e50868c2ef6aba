package net.nvgate.gateway.worker;

/** Makes all checksums of a frame right that it finds a place for, in NVGRE and in ICMP errors, too; knows nothing of production code. */
final class FrameFix {

    private final byte[] frame;
    private final int length;

    private FrameFix(byte[] frame, int length) {
        this.frame = frame;
        this.length = length;
    }

    /** Changes the frame in place. */
    static byte[] fix(byte[] frame) {
        new FrameFix(frame, frame.length).ethernet(0, frame.length);
        return frame;
    }

    /** Makes lengths of the outer and of the NVGRE packet's inner IPv4 header fit the frame. */
    static byte[] fitLengths(byte[] frame) {
        for (int ip = 14; ip + 20 <= frame.length; ip += 28 + 14) {
            if (Wire.u16(frame, ip - 2) != 0x800 || frame[ip] >>> 4 != 4) {
                return frame;
            }
            frame[ip + 2] = (byte) ((frame.length - ip) >>> 8);
            frame[ip + 3] = (byte) (frame.length - ip);
            if (frame[ip + 9] != Wire.GRE) {
                return frame;
            }
        }
        return frame;
    }

    /** Whether every checksum in it is right; 0xffff is as good as 0. */
    static boolean isRight(byte[] frame) {
        byte[] fixed = fix(frame.clone());
        for (int i = 0; i < frame.length; i++) {
            boolean sameSum = i + 1 < frame.length && Wire.u16(frame, i) == 0xffff && Wire.u16(fixed, i) == 0;
            if (sameSum) {
                i++;
            } else if (frame[i] != fixed[i]) {
                return false;
            }
        }
        return true;
    }

    private void ethernet(int at, int end) {
        int type = at + 12;
        if (type + 2 <= end && u16(type) == 0x8100) {
            type += 4;
        }
        if (type + 2 > end) {
            return;
        }
        if (u16(type) == 0x800) {
            ipv4(type + 2, end, false);
        } else if (u16(type) == 0x86dd) {
            ipv6(type + 2, end);
        }
    }

    /** @param embedded in an ICMP error, where only the IP header is known to be whole */
    private void ipv4(int ip, int end, boolean embedded) {
        if (ip + 20 > end || frame[ip] >>> 4 != 4) {
            return;
        }
        int l4 = ip + (frame[ip] & 15) * 4;
        if (l4 < ip + 20 || l4 > end) {
            return;
        }
        put16(ip + 10, 0);
        put16(ip + 10, ~Wire.sum(frame, ip, l4 - ip, 0));
        int last = ip + u16(ip + 2);
        if (embedded || last > end || last < l4 || (u16(ip + 6) & 0x3fff) != 0) {
            return;
        }
        long pseudo = folded(Wire.sum(frame, ip + 12, 8, 0) + (frame[ip + 9] & 0xffL));
        l4(frame[ip + 9] & 0xff, l4, last, pseudo, false);
    }

    private void ipv6(int ip, int end) {
        if (ip + 40 > end || (frame[ip] & 0xf0) != 0x60 || ip + 40 + u16(ip + 4) > end) {
            return;
        }
        int last = ip + 40 + u16(ip + 4);
        int next = frame[ip + 6] & 0xff;
        int l4 = ip + 40;
        while (l4 + 8 <= last && (next == 0 || next == 43 || next == 60 || isAtomicFragment(next, l4))) {
            int words = next == Wire6.FRAGMENT ? 0 : frame[l4 + 1] & 0xff;
            next = frame[l4] & 0xff;
            l4 += 8 + words * 8;
        }
        if (l4 > last) {
            return;
        }
        long pseudo = folded(Wire.sum(frame, ip + 8, 32, 0) + (long) next);
        l4(next, l4, last, pseudo, true);
    }

    /** A fragment header on a packet that is whole (RFC 6946). */
    private boolean isAtomicFragment(int next, int at) {
        return next == Wire6.FRAGMENT && (u16(at + 2) & 0xfff9) == 0;
    }

    /** @param pseudo sum of the pseudo header without its length */
    private void l4(int protocol, int at, int end, long pseudo, boolean v6) {
        int field = switch (protocol) {
            case Wire.TCP -> at + 16;
            case Wire.UDP -> at + 6;
            case Wire.ICMP -> v6 ? -1 : at + 2;
            case Wire6.ICMPV6 -> v6 ? at + 2 : -1;
            default -> -1;
        };
        if (protocol == Wire.GRE) {
            gre(at, end);
        } else if (field >= 0 && at + (protocol == Wire.TCP ? 20 : 8) <= end) {
            if (protocol == Wire.ICMP) {
                embedded(at, end);
            }
            if (protocol == Wire.UDP && u16(field) == 0 && !v6) {
                return;
            }
            int covered = protocol == Wire.UDP ? u16(at + 4) : end - at;
            if (covered < 8 || covered > end - at) {
                // No checksum is right for a datagram whose length is wrong.
                return;
            }
            put16(field, 0);
            int sum = ~Wire.sum(frame, at, covered, protocol == Wire.ICMP ? 0 : folded(pseudo + covered)) & 0xffff;
            put16(field, sum == 0 && protocol == Wire.UDP ? 0xffff : sum);
        }
    }

    private void embedded(int icmp, int end) {
        int type = frame[icmp] & 0xff;
        if (type == 3 || type == 11 || type == 12) {
            ipv4(icmp + 8, end, true);
        }
    }

    private void gre(int at, int end) {
        if (at + 8 <= end && Wire.i32(frame, at) == 0x20006558) {
            ethernet(at + 8, end);
        }
    }

    private static long folded(long sum) {
        return (sum & 0xffff) + (sum >>> 16);
    }

    private int u16(int at) {
        return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }

    private void put16(int at, int value) {
        if (at + 2 <= length) {
            frame[at] = (byte) (value >>> 8);
            frame[at + 1] = (byte) value;
        }
    }
}
