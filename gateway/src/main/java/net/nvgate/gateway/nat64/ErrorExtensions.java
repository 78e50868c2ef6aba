package net.nvgate.gateway.nat64;

import net.nvgate.gateway.dpdk.Mem;

/**
 * Extensions behind the embedded packet of an ICMP error (RFC 4884 §7): of MPLS, interfaces and the like. A translated error keeps them
 * as they are. The embedded packet, whose length is counted in words of 4 bytes in ICMPv4 and of 8 in ICMPv6, is cut to fit its unit.
 *
 * <pre>
 *  before:       | headers | embedded packet           | extensions |
 *  after:   | other headers | embedded packet    | extensions |
 * </pre>
 */
final class ErrorExtensions {

    /** Where there are extensions, so much of the packet comes before them (RFC 4884 §3). */
    private static final int EMBEDDED_MIN = 128;

    private static final int HEADER = 4;
    private static final int VERSION = 2;
    private static final int UNITS_MAX = 255;

    private ErrorExtensions() {}

    /**
     * Bytes of extensions.
     *
     * @param embedded address of the embedded packet
     * @param embeddedBytes by the message's length field, 0 if it has none
     * @param bytes behind the ICMP header
     */
    static int bytes(long embedded, int embeddedBytes, int bytes) {
        boolean there = embeddedBytes >= EMBEDDED_MIN
                && bytes - embeddedBytes >= HEADER
                && Mem.u8(embedded + embeddedBytes) >>> 4 == VERSION;
        return there ? bytes - embeddedBytes : 0;
    }

    /**
     * Moves extensions to the end of what is kept of the embedded packet.
     *
     * @param at where they are
     * @param bytes of them
     * @param embedded where the translated embedded packet begins, below {@code at}
     * @param unit bytes that the new length field counts by
     * @param most bytes that both may have
     * @return bytes of the embedded packet that are kept; 0: the extensions cannot stay, and nothing was changed
     */
    static int move(long at, int bytes, long embedded, int unit, int most) {
        int room = Math.min(Math.min((int) (at - embedded), most - bytes), UNITS_MAX * unit);
        int kept = room & -unit;
        if (bytes == 0 || kept < EMBEDDED_MIN) {
            return 0;
        }
        for (int i = 0; i < bytes; i++) {
            Mem.u8(embedded + kept + i, Mem.u8(at + i));
        }
        return kept;
    }
}
