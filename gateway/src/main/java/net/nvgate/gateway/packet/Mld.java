package net.nvgate.gateway.packet;

import net.nvgate.gateway.dpdk.Mem;

/**
 * Multicast listener discovery, version 2 (RFC 3810), by which switches learn that we want the packets of a group. Addresses are pairs of
 * host-order longs.
 *
 * <pre>
 * report:  IPv6 header | hop-by-hop: router alert | 143, 0, checksum, 0, records: 1 | type, 0, 0 | group (16)
 *          40          | 8                        | 8                               | 4          |
 * </pre>
 */
public final class Mld {

    /** Record that answers a query: "I listen to all sources of the group". */
    public static final int MODE_IS_EXCLUDE = 2;
    /** Record of one's own accord: "from now on I do". */
    public static final int CHANGE_TO_EXCLUDE = 4;

    /** Bytes of a report of one group. */
    public static final int REPORT_LENGTH = Ipv6.LENGTH + 8 + 28;

    private static final int QUERY = 130;
    private static final int REPORT = 143;
    private static final int QUERY_LENGTH = 24;
    /** Second half of ff02::16, all MLDv2-capable routers. */
    private static final long ROUTERS_LOW = 0x16;

    private Mld() {}

    /**
     * Whether a packet is a query, valid by §6.2: from a link-local address, with hop limit 1, router alert and a right checksum.
     *
     * @param length bytes of the packet
     */
    public static boolean isQuery(long ip, int length) {
        if (Ipv6.nextHeader(ip) != Ipv6.HOP_BY_HOP
                || Ipv6.hopLimit(ip) != 1
                || !Ipv6.isLinkLocal(Ipv6.sourceHigh(ip))) {
            return false;
        }
        long chain = Ipv6Chain.walk(ip, length);
        int offset = Ipv6Chain.offset(chain);
        return !Ipv6Chain.isWrong(chain)
                && Ipv6Chain.protocol(chain) == Ipv6.ICMPV6
                && !Ipv6Chain.hasFragmentHeader(chain)
                && length - offset >= QUERY_LENGTH
                && Icmpv6.type(ip + offset) == QUERY
                && Icmpv6.checksumIsRight(ip, ip + offset, length - offset);
    }

    /**
     * Writes a whole report of one group, from the link-local address of a MAC.
     *
     * @param record {@link #MODE_IS_EXCLUDE} or {@link #CHANGE_TO_EXCLUDE}
     */
    public static void writeReport(long ip, long mac, int record, long groupHigh, long groupLow) {
        int payload = REPORT_LENGTH - Ipv6.LENGTH;
        Ipv6.write(
                ip,
                0,
                0,
                payload,
                Ipv6.HOP_BY_HOP,
                1,
                Ipv6.LINK_LOCAL_HIGH,
                Ipv6.interfaceId(mac),
                Ipv6.LINK_MULTICAST_HIGH,
                ROUTERS_LOW);
        long options = ip + Ipv6.LENGTH;
        // ICMPv6 follows; router alert for MLD (RFC 2711), two bytes of padding.
        Mem.i32Be(options, Ipv6.ICMPV6 << 24 | 0x0502);
        Mem.i32Be(options + 4, 0x0100);
        long message = options + 8;
        Icmpv6.typeAndCode(message, REPORT, 0);
        Mem.i32Be(message + 4, 1);
        Mem.i32Be(message + 8, record << 24);
        Mem.i64Be(message + 12, groupHigh);
        Mem.i64Be(message + 20, groupLow);
        Icmpv6.fillChecksum(ip, message, payload - 8);
    }
}
