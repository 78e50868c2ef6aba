package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/** Options of an IPv4 header (RFC 791 §3.1), whose length has been checked. */
public final class Ipv4Options {

    private static final int END = 0;
    private static final int NOP = 1;
    private static final int LOOSE_ROUTE = 131;
    private static final int STRICT_ROUTE = 137;

    private Ipv4Options() {}

    /** Whether there is a source route that is not used up: its packet is to go on from its destination. */
    public static boolean hasOpenSourceRoute(long ip) {
        int headerLength = Ipv4.headerLength(ip);
        int i = Ipv4.MIN_LENGTH;
        while (i < headerLength) {
            int option = Mem.u8(ip + i);
            if (option == END) {
                return false;
            }
            if (option == NOP) {
                i++;
                continue;
            }
            int length = i + 1 < headerLength ? Mem.u8(ip + i + 1) : 0;
            if (length < 2 || i + length > headerLength) {
                return false;
            }
            boolean route = option == LOOSE_ROUTE || option == STRICT_ROUTE;
            if (route && length >= 3 && Mem.u8(ip + i + 2) <= length) {
                return true;
            }
            i += length;
        }
        return false;
    }
}
