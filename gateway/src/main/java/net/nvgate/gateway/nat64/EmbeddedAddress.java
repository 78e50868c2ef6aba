package net.nvgate.gateway.nat64;

/**
 * IPv6 addresses with an IPv4 address embedded (RFC 6052 §2.2). An IPv6 address is two longs, first byte on the wire highest.
 *
 * <pre>
 *  prefix  0        32   40   48   56   64  72   80   88   96   104      128
 *    32    | prefix | v4                | u  | suffix                     |
 *    40    | prefix      | v4 (24)      | u  |(8) | suffix                |
 *    48    | prefix           | v4 (16) | u  | (16)    | suffix           |
 *    56    | prefix                |(8) | u  |  v4 (24)     | suffix      |
 *    64    | prefix                     | u  |   v4 (32)         | suffix |
 *    96    | prefix                     | u  | prefix       |   v4 (32)   |
 * </pre>
 *
 * The octet u and the suffix are zero.
 */
public final class EmbeddedAddress {

    /** 64:ff9b::/96, for IPv4 addresses that are globally unique (RFC 6052 §2.1, §3.1). */
    public static final long WELL_KNOWN_HIGH = 0x0064_ff9b_0000_0000L;

    private static final long OCTET_U = 0xff00_0000_0000_0000L;

    private EmbeddedAddress() {}

    /** 32, 40, 48, 56, 64 or 96. */
    public static boolean isLength(int prefixLength) {
        return prefixLength == 96 || (prefixLength >= 32 && prefixLength <= 64 && (prefixLength & 7) == 0);
    }

    /** First half of the address of an IPv4 address. */
    public static long high(long prefixHigh, int prefixLength, int ipv4) {
        long v4 = ipv4 & 0xffffffffL;
        if (prefixLength >= 64) {
            return prefixHigh;
        }
        return (prefixHigh & (-1L << (64 - prefixLength))) | (v4 >>> (prefixLength - 32));
    }

    /** Second half of the address of an IPv4 address. */
    public static long low(long prefixLow, int prefixLength, int ipv4) {
        long v4 = ipv4 & 0xffffffffL;
        if (prefixLength == 96) {
            return (prefixLow & 0xffffffff_00000000L) | v4;
        }
        // The bits that did not fit before the octet u, left-aligned behind it.
        return (v4 << (88 - prefixLength)) & ~OCTET_U;
    }

    /** The IPv4 address in an address of the prefix; the suffix is not looked at. */
    public static int extract(long high, long low, int prefixLength) {
        if (prefixLength == 96) {
            return (int) low;
        }
        if (prefixLength == 64) {
            return (int) (low >>> 24);
        }
        int before = 64 - prefixLength;
        long first = high & ((1L << before) - 1);
        long rest = (low & ~OCTET_U) >>> (24 + before);
        return (int) (first << (32 - before) | rest);
    }

    /** Whether the octet u is zero, as it must be (RFC 6052 §2.2); a prefix of 96 bits has it in the prefix. */
    public static boolean isWellFormed(long low) {
        return (low & OCTET_U) == 0;
    }

    /** Whether a prefix is the well-known one. */
    public static boolean isWellKnown(long prefixHigh, long prefixLow) {
        return prefixHigh == WELL_KNOWN_HIGH && prefixLow >>> 32 == 0;
    }

    /**
     * Whether an IPv4 address is globally unique: none of the private, shared, link-local, documentation, benchmark and reserved
     * ones (RFC 6890). Others must not stand behind the well-known prefix.
     */
    public static boolean isGlobal(int ipv4) {
        return switch (ipv4 >>> 24) {
            case 0, 10, 127 -> false;
            case 100 -> !in(ipv4, 0x64400000, 10);
            case 169 -> !in(ipv4, 0xa9fe0000, 16);
            case 172 -> !in(ipv4, 0xac100000, 12);
            case 192 -> !in(ipv4, 0xc0000000, 24) && !in(ipv4, 0xc0000200, 24) && !in(ipv4, 0xc0a80000, 16);
            case 198 -> !in(ipv4, 0xc6120000, 15) && !in(ipv4, 0xc6336400, 24);
            case 203 -> !in(ipv4, 0xcb007100, 24);
            default -> ipv4 >>> 29 != 7;
        };
    }

    private static boolean in(int address, int prefix, int length) {
        return (address ^ prefix) >>> (32 - length) == 0;
    }
}
