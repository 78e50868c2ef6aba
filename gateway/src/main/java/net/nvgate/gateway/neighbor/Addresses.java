package net.nvgate.gateway.neighbor;

import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;

/**
 * Addresses of both families as two words, as the neighbour table and the channel have them: an IPv4 address is mapped into
 * ::ffff:0:0/96 (RFC 4291 §2.5.5.2), which no packet carries.
 */
public final class Addresses {

    private static final long MAPPED = 0xffff_0000_0000L;

    private Addresses() {}

    /** The second word of an IPv4 address; its first one is 0. */
    public static long mapped(int address) {
        return MAPPED | Integer.toUnsignedLong(address);
    }

    public static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    static long high(IpAddress address) {
        return address instanceof Ipv6Address v6 ? v6.high() : 0;
    }

    static long low(IpAddress address) {
        return switch (address) {
            case Ipv4Address v4 -> mapped(v4.value());
            case Ipv6Address v6 -> v6.low();
        };
    }

    static IpAddress of(long high, long low) {
        return isIpv4(high, low) ? new Ipv4Address((int) low) : new Ipv6Address(high, low);
    }
}
