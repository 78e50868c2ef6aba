package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * The chain of extension headers of an IPv6 packet (RFC 8200 §4), walked once and kept as one long:
 *
 * <pre>
 *  63      41        40               39 .. 24                  23 .. 16     15 .. 0
 * +---------+----------------+-------------------------------+------------+-------------------------------+
 * | 0       | later fragment | offset of the fragment header | protocol   | offset of what the chain ends |
 * |         |                | from the IPv6 header, 0: none | at its end | with, from the IPv6 header    |
 * +---------+----------------+-------------------------------+------------+-------------------------------+
 * negative: {@link #TRUNCATED} or {@link #TOO_LONG}
 * </pre>
 *
 * The walk ends at the first header that is none of its own: a transport header, ESP, "no next header", or one it does not know.
 * Behind the fragment header of a later fragment (offset not 0) lies the middle of something, so the walk ends there, too.
 */
public final class Ipv6Chain {

    /** A header goes beyond the packet. */
    public static final long TRUNCATED = -1;
    /** More than {@link #HEADERS_MAX} headers: whoever sends that wants to cost us time (RFC 8504 §5.3 allows a limit). */
    public static final long TOO_LONG = -2;

    public static final int HEADERS_MAX = 8;
    public static final int FRAGMENT_LENGTH = 8;

    private static final int MOBILITY = 135;
    private static final int HOST_IDENTITY = 139;
    private static final int SHIM6 = 140;
    private static final long LATER_FRAGMENT = 1L << 40;

    private Ipv6Chain() {}

    /**
     * Walks the chain.
     *
     * @param ip address of the IPv6 header
     * @param length bytes of the packet that are there, at least 40
     */
    public static long walk(long ip, int length) {
        int protocol = Ipv6.nextHeader(ip);
        int at = Ipv6.LENGTH;
        long fragment = 0;
        for (int headers = 0; isExtension(protocol); headers++) {
            if (headers == HEADERS_MAX) {
                return TOO_LONG;
            }
            if (length - at < 8) {
                return TRUNCATED;
            }
            long header = ip + at;
            if (protocol == Ipv6.FRAGMENT) {
                fragment = (long) at << 24;
                protocol = Mem.u8(header);
                at += FRAGMENT_LENGTH;
                if (fragmentOffset(header) != 0) {
                    return LATER_FRAGMENT | fragment | (long) protocol << 16 | at;
                }
                continue;
            }
            int words = Mem.u8(header + 1);
            int bytes = protocol == Ipv6.AUTHENTICATION ? (words + 2) << 2 : (words + 1) << 3;
            if (bytes > length - at) {
                return TRUNCATED;
            }
            protocol = Mem.u8(header);
            at += bytes;
        }
        return fragment | (long) protocol << 16 | at;
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case Ipv6.HOP_BY_HOP,
                    Ipv6.ROUTING,
                    Ipv6.FRAGMENT,
                    Ipv6.AUTHENTICATION,
                    Ipv6.DESTINATION_OPTIONS,
                    MOBILITY,
                    HOST_IDENTITY,
                    SHIM6 -> true;
            default -> false;
        };
    }

    public static boolean isWrong(long chain) {
        return chain < 0;
    }

    /** What the chain ends with, e.g. {@link Ipv4#TCP} or {@link Ipv6#ICMPV6}. */
    public static int protocol(long chain) {
        return (int) (chain >>> 16) & 0xff;
    }

    /** Where it begins, bytes from the IPv6 header; up to the packet's length, so that nothing may be there. */
    public static int offset(long chain) {
        return (int) chain & 0xffff;
    }

    /** Where the fragment header is, bytes from the IPv6 header; 0 = there is none. */
    public static int fragmentHeader(long chain) {
        return (int) (chain >>> 24) & 0xffff;
    }

    /** There is a fragment header; it may say that the packet is whole (RFC 6946). */
    public static boolean hasFragmentHeader(long chain) {
        return fragmentHeader(chain) != 0;
    }

    /** A fragment without the transport header. */
    public static boolean isLaterFragment(long chain) {
        return (chain & LATER_FRAGMENT) != 0;
    }

    /** Of a fragment header, bytes. */
    public static int fragmentOffset(long header) {
        return Mem.u16Be(header + 2) & 0xfff8;
    }

    public static boolean moreFragments(long header) {
        return (Mem.u16Be(header + 2) & 1) != 0;
    }

    public static int fragmentId(long header) {
        return Mem.i32Be(header + 4);
    }
}
