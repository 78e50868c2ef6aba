package net.nvgate.gateway.worker;

import net.nvgate.gateway.dpdk.Mem;
import net.nvgate.gateway.packet.Checksum;
import net.nvgate.gateway.packet.Icmpv6;
import net.nvgate.gateway.packet.Ipv6;
import net.nvgate.gateway.packet.Ipv6Chain;
import net.nvgate.gateway.route.Nptv6Table;

/**
 * Prefix translation (RFC 6296): stateless, both ways, and such that every checksum stays right.
 *
 * <pre>
 *  prefix of 48 bits or less    | prefix ... | 16 bits: adjusted | interface identifier                  |
 *  prefix of 49 to 64 bits      | prefix ..........              | first 16 bits that are not ffff: adj. |
 *  0                                        48                  64                                     128
 * </pre>
 *
 * What is added to a word is the difference of the prefixes' sums; of the two values of one's complement zero, ffff and 0, a sum is
 * always written as 0, so that what was ffff could not come back: those addresses are not mapped. A pair of equal prefixes leaves every
 * packet as it is: so a tenant's own prefix is routed.
 */
final class Nptv6 {

    private Nptv6() {}

    /** The difference that goes into a word on the way from one prefix to the other. */
    private static int adjustment(long fromHigh, long toHigh) {
        return Checksum.delta64(toHigh, fromHigh);
    }

    /**
     * Translates an address.
     *
     * @param at where its 16 bytes are
     * @return false, and nothing is changed, when it has no counterpart
     */
    private static boolean translate(long at, long pair, long fromHigh, long toHigh) {
        if (fromHigh == toHigh) {
            return true;
        }
        int word = word(at, Nptv6Table.prefixLength(pair));
        if (word < 0) {
            return false;
        }
        int sum = Checksum.add(Mem.u16Be(at + word), adjustment(fromHigh, toHigh));
        long mask = Nptv6Table.mask(pair);
        Mem.i64Be(at, (Mem.i64Be(at) & ~mask) | (toHigh & mask));
        Mem.u16Be(at + word, sum == 0xffff ? 0 : sum);
        return true;
    }

    /** Offset of the word to adjust, -1 = none. */
    private static int word(long at, int prefixLength) {
        if (prefixLength <= 48) {
            return Mem.u16Be(at + 6) == 0xffff ? -1 : 6;
        }
        for (int word = 8; word < 16; word += 2) {
            if (Mem.u16Be(at + word) != 0xffff) {
                return Mem.i64(at + 8) == 0 ? -1 : word;
            }
        }
        return -1;
    }

    /** Gives the source of a packet from inside its outside form; false when it has none. */
    static boolean outbound(long ip, long pair) {
        return translate(ip + Ipv6.SOURCE_OFFSET, pair, Nptv6Table.insideHigh(pair), Nptv6Table.outsideHigh(pair));
    }

    /** Gives a source that {@link #outbound} has changed its inside form again. */
    static void takeBack(long ip, long pair) {
        translate(ip + Ipv6.SOURCE_OFFSET, pair, Nptv6Table.outsideHigh(pair), Nptv6Table.insideHigh(pair));
    }

    /** Gives the destination of a packet from outside its inside form; false when it has none. */
    static boolean inbound(long ip, long pair) {
        return translate(ip + Ipv6.DESTINATION_OFFSET, pair, Nptv6Table.outsideHigh(pair), Nptv6Table.insideHigh(pair));
    }

    /**
     * An ICMPv6 error from inside: the packet in it went to the inside address and comes back with the outside one (RFC 6296 §5.2). Its
     * sum stays the same, and so does the checksum of the error.
     */
    static void outboundError(long ip, int length, long pair) {
        long embedded = embedded(ip, length);
        if (embedded != 0 && has(Ipv6.destinationHigh(embedded), Nptv6Table.insideHigh(pair), pair)) {
            translate(
                    embedded + Ipv6.DESTINATION_OFFSET,
                    pair,
                    Nptv6Table.insideHigh(pair),
                    Nptv6Table.outsideHigh(pair));
        }
    }

    /** An ICMPv6 error from outside: the packet in it left with the outside address. */
    static void inboundError(long ip, int length, long pair) {
        long embedded = embedded(ip, length);
        if (embedded != 0 && has(Ipv6.sourceHigh(embedded), Nptv6Table.outsideHigh(pair), pair)) {
            translate(embedded + Ipv6.SOURCE_OFFSET, pair, Nptv6Table.outsideHigh(pair), Nptv6Table.insideHigh(pair));
        }
    }

    private static boolean has(long high, long prefix, long pair) {
        return ((high ^ prefix) & Nptv6Table.mask(pair)) == 0;
    }

    /** The IPv6 header in an ICMPv6 error, 0 if the packet is no error or has no whole one. */
    private static long embedded(long ip, int length) {
        long chain = Ipv6Chain.walk(ip, length);
        int offset = Ipv6Chain.offset(chain);
        boolean error = !Ipv6Chain.isWrong(chain)
                && Ipv6Chain.protocol(chain) == Ipv6.ICMPV6
                && !Ipv6Chain.isLaterFragment(chain)
                && length - offset >= Icmpv6.LENGTH + Ipv6.LENGTH
                && Icmpv6.isError(Icmpv6.type(ip + offset));
        return error ? ip + offset + Icmpv6.LENGTH : 0;
    }
}
