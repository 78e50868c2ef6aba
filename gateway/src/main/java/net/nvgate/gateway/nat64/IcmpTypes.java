package net.nvgate.gateway.nat64;

import net.nvgate.gateway.packet.Icmp;
import net.nvgate.gateway.packet.Icmpv6;

/**
 * Which ICMPv4 message an ICMPv6 message becomes and the other way (RFC 7915 §4.2, §5.2). Types and codes are one int,
 * {@code type << 8 | code}.
 */
public final class IcmpTypes {

    /** There is none: the message is dropped. */
    public static final int NONE = -1;

    /** RFC 1191 §7.1: MTUs of routers that do not say theirs. */
    private static final int[] PLATEAUS = {65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68};

    /** Pointer of ICMPv4 by pointer of ICMPv6, RFC 7915 figure 6. */
    private static final int[] POINTERS_TO_4 = {
        0, 1, NONE, NONE, 2, 2, 9, 8, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 16, 16, 16, 16,
        16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16
    };
    /** Pointer of ICMPv6 by pointer of ICMPv4, RFC 7915 figure 3. */
    private static final int[] POINTERS_TO_6 = {
        0, 1, 4, 4, NONE, NONE, NONE, NONE, 7, 6, NONE, NONE, 8, 8, 8, 8, 24, 24, 24, 24
    };

    private IcmpTypes() {}

    /** Type and code of ICMPv6 for one of ICMPv4. */
    public static int toV6(int type, int code) {
        return switch (type) {
            case Icmp.ECHO_REQUEST -> Icmpv6.ECHO_REQUEST << 8;
            case Icmp.ECHO_REPLY -> Icmpv6.ECHO_REPLY << 8;
            case Icmp.UNREACHABLE -> unreachableToV6(code);
            case Icmp.TIME_EXCEEDED -> Icmpv6.TIME_EXCEEDED << 8 | code;
            case Icmp.PARAMETER_PROBLEM -> code == 0 || code == 2 ? Icmpv6.PARAMETER_PROBLEM << 8 : NONE;
            default -> NONE;
        };
    }

    private static int unreachableToV6(int code) {
        return switch (code) {
            case 2 -> Icmpv6.PARAMETER_PROBLEM << 8 | 1;
            case 3 -> Icmpv6.UNREACHABLE << 8 | Icmpv6.CODE_PORT;
            case Icmp.CODE_FRAGMENTATION_NEEDED -> Icmpv6.TOO_BIG << 8;
            case 9, 10, 13, 15 -> Icmpv6.UNREACHABLE << 8 | Icmpv6.CODE_PROHIBITED;
            case 0, 1, 5, 6, 7, 8, 11, 12 -> Icmpv6.UNREACHABLE << 8 | Icmpv6.CODE_NO_ROUTE;
            default -> NONE;
        };
    }

    /** Type and code of ICMPv4 for one of ICMPv6. */
    public static int toV4(int type, int code) {
        return switch (type) {
            case Icmpv6.ECHO_REQUEST -> Icmp.ECHO_REQUEST << 8;
            case Icmpv6.ECHO_REPLY -> Icmp.ECHO_REPLY << 8;
            case Icmpv6.UNREACHABLE ->
                switch (code) {
                    case 0, 2, 3 -> Icmp.UNREACHABLE << 8 | Icmp.CODE_HOST;
                    case 1 -> Icmp.UNREACHABLE << 8 | 10;
                    case 4 -> Icmp.UNREACHABLE << 8 | 3;
                    default -> NONE;
                };
            case Icmpv6.TOO_BIG -> Icmp.UNREACHABLE << 8 | Icmp.CODE_FRAGMENTATION_NEEDED;
            case Icmpv6.TIME_EXCEEDED -> Icmp.TIME_EXCEEDED << 8 | code;
            case Icmpv6.PARAMETER_PROBLEM ->
                switch (code) {
                    case 0 -> Icmp.PARAMETER_PROBLEM << 8;
                    case 1 -> Icmp.UNREACHABLE << 8 | 2;
                    default -> NONE;
                };
            default -> NONE;
        };
    }

    /** Pointer of a parameter problem in IPv6 for one in IPv4, {@link #NONE} where there is no such field. */
    public static int pointerToV6(int pointer) {
        return pointer >= 0 && pointer < POINTERS_TO_6.length ? POINTERS_TO_6[pointer] : NONE;
    }

    /** Pointer of a parameter problem in IPv4 for one in IPv6, {@link #NONE} where there is no such field. */
    public static int pointerToV4(int pointer) {
        return pointer >= 0 && pointer < POINTERS_TO_4.length ? POINTERS_TO_4[pointer] : NONE;
    }

    /** Whether the word behind the checksum is a pointer into the embedded packet. */
    public static boolean hasPointer(int v4TypeAndCode) {
        return v4TypeAndCode >>> 8 == Icmp.PARAMETER_PROBLEM;
    }

    /** The MTU that an old router meant, which says 0: the next plateau below the size of the packet that did not fit. */
    public static int plateauBelow(int totalLength) {
        for (int plateau : PLATEAUS) {
            if (plateau < totalLength) {
                return plateau;
            }
        }
        return PLATEAUS[PLATEAUS.length - 1];
    }
}
