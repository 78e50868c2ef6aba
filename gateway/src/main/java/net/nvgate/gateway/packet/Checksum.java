package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * The Internet checksum (RFC 1071) and its incremental update (RFC 1624, equation 3).
 *
 * <p>A <em>delta</em> is the folded one's-complement sum {@code ~old + new} of the words that change, 0..0xffff. Deltas add up,
 * so one delta can carry an address, a port and a TTL; it is computed once per session and applied to every packet.
 */
public final class Checksum {

    /** Delta of an IPv4 header whose TTL goes down by one: {@code ~0x0100 + 0x0000} in the word TTL, protocol. */
    public static final int TTL_DECREMENT = 0xfeff;

    private Checksum() {}

    /** Folds a sum of up to 2^16 words to 16 bits with end-around carry. */
    public static int fold(long sum) {
        long s = (sum & 0xffffffffL) + (sum >>> 32);
        s = (s & 0xffff) + (s >>> 16);
        s = (s & 0xffff) + (s >>> 16);
        s = (s & 0xffff) + (s >>> 16);
        return (int) s;
    }

    /** Folds a sum that fits 31 bits. */
    public static int fold(int sum) {
        int s = (sum & 0xffff) + (sum >>> 16);
        return (s & 0xffff) + (s >>> 16);
    }

    public static int delta16(int oldWord, int newWord) {
        return fold((~oldWord & 0xffff) + (newWord & 0xffff));
    }

    public static int delta32(int oldWord, int newWord) {
        return fold((~oldWord >>> 16) + (~oldWord & 0xffff) + (newWord >>> 16) + (newWord & 0xffff));
    }

    /** For half an IPv6 address. */
    public static int delta64(long oldWord, long newWord) {
        return add(delta32((int) (oldWord >>> 32), (int) (newWord >>> 32)), delta32((int) oldWord, (int) newWord));
    }

    /** The delta of two independent changes. */
    public static int add(int deltaA, int deltaB) {
        return fold(deltaA + deltaB);
    }

    /** The checksum field after a change; not for UDP, which has a value of its own for "none". */
    public static int apply(int checksum, int delta) {
        // One carry is enough for two summands.
        int sum = (~checksum & 0xffff) + delta;
        return ~(sum + (sum >>> 16)) & 0xffff;
    }

    /** As {@link #apply}, and a UDP checksum stays "none" (0) or is sent as 0xffff when it comes out as 0 (RFC 768). */
    public static int applyUdp(int checksum, int delta) {
        if (checksum == 0) {
            return 0;
        }
        int updated = apply(checksum, delta);
        return updated == 0 ? 0xffff : updated;
    }

    /**
     * As {@link #apply}, for ICMP over IPv4, whose message may be all zeros: its checksum is 0xffff, where the update says 0. To all
     * other messages' receivers 0xffff is as right as 0.
     */
    public static int applyIcmp(int checksum, int delta) {
        int updated = apply(checksum, delta);
        return updated == 0 ? 0xffff : updated;
    }

    /** Unfolded one's-complement sum of bytes, big endian words, an odd last byte padded with zero; length 0..65535. */
    public static long sum(long address, int length) {
        long sum = 0;
        int i = 0;
        for (; i + 4 <= length; i += 4) {
            sum += Mem.i32Be(address + i) & 0xffffffffL;
        }
        if (i + 2 <= length) {
            sum += Mem.u16Be(address + i);
            i += 2;
        }
        if (i < length) {
            sum += (long) Mem.u8(address + i) << 8;
        }
        return sum;
    }

    /** The checksum of bytes whose own checksum field is zero, or 0 for bytes that carry a right one. */
    public static int of(long address, int length) {
        return ~fold(sum(address, length)) & 0xffff;
    }

    /** The sum of the TCP and UDP pseudo header (RFC 9293 §3.1). */
    public static long pseudoHeader(int source, int destination, int protocol, int length) {
        return (source & 0xffffffffL) + (destination & 0xffffffffL) + protocol + length;
    }
}
