package net.nvgate.gateway.dpdk;

import java.util.ArrayList;
import java.util.List;

/** Bits that a port's RX and TX capabilities and an mbuf's flags are made of (rte_ethdev.h, rte_mbuf_core.h). */
public final class Offloads {

    public static final long RX_IPV4_CHECKSUM = 1L << 1;
    public static final long RX_UDP_CHECKSUM = 1L << 2;
    public static final long RX_TCP_CHECKSUM = 1L << 3;
    public static final long RX_CHECKSUMS = RX_IPV4_CHECKSUM | RX_UDP_CHECKSUM | RX_TCP_CHECKSUM;
    public static final long RX_RSS_HASH = 1L << 19;

    public static final long TX_IPV4_CHECKSUM = 1L << 1;
    public static final long TX_UDP_CHECKSUM = 1L << 2;
    public static final long TX_TCP_CHECKSUM = 1L << 3;
    public static final long TX_CHECKSUMS = TX_IPV4_CHECKSUM | TX_UDP_CHECKSUM | TX_TCP_CHECKSUM;
    /** Checksum of the outer IPv4 header of a tunnel packet. */
    public static final long TX_OUTER_IPV4_CHECKSUM = 1L << 7;
    /**
     * Sent mbufs go back to their pool without a look at them: all must be of one pool and single. Ours are, but a
     * chained packet from a scattering PMD would leak, so it is not requested by default.
     */
    public static final long TX_FAST_FREE = 1L << 16;

    /** Mbuf flag: the PMD took the 802.1Q tag out of the packet into vlan_tci. */
    public static final long MBUF_RX_VLAN_STRIPPED = 1L << 6;

    public static final long MBUF_RX_IP_CHECKSUM_MASK = 1L << 4 | 1L << 7;
    public static final long MBUF_RX_IP_CHECKSUM_BAD = 1L << 4;
    public static final long MBUF_RX_IP_CHECKSUM_GOOD = 1L << 7;
    public static final long MBUF_RX_L4_CHECKSUM_MASK = 1L << 3 | 1L << 8;
    public static final long MBUF_RX_L4_CHECKSUM_BAD = 1L << 3;
    public static final long MBUF_RX_L4_CHECKSUM_GOOD = 1L << 8;

    /** Of an mbuf's packet type: the kind of tunnel that the PMD recognised, 0 = none. */
    public static final int PACKET_TYPE_TUNNEL_MASK = 0xf000;

    public static final long MBUF_TX_TCP_CHECKSUM = 1L << 52;
    public static final long MBUF_TX_UDP_CHECKSUM = 3L << 52;
    public static final long MBUF_TX_IP_CHECKSUM = 1L << 54;
    /** Goes with every MBUF_TX_ checksum request on an IPv4 packet. */
    public static final long MBUF_TX_IPV4 = 1L << 55;

    public static final long MBUF_TX_OUTER_IP_CHECKSUM = 1L << 58;
    public static final long MBUF_TX_OUTER_IPV4 = 1L << 59;
    public static final long MBUF_TX_TUNNEL_GRE = 2L << 45;

    /** The mbuf's data is in a buffer that is not its own: RTE_MBUF_F_EXTERNAL | RTE_MBUF_F_INDIRECT. */
    static final long MBUF_FOREIGN_BUFFER = 1L << 61 | 1L << 62;

    private Offloads() {}

    /** E.g. "ipv4-checksum udp-checksum"; for logs. */
    public static String describeTx(long offloads) {
        List<String> names = new ArrayList<>();
        add(names, offloads, TX_IPV4_CHECKSUM, "ipv4-checksum");
        add(names, offloads, TX_UDP_CHECKSUM, "udp-checksum");
        add(names, offloads, TX_TCP_CHECKSUM, "tcp-checksum");
        add(names, offloads, TX_OUTER_IPV4_CHECKSUM, "outer-ipv4-checksum");
        add(names, offloads, TX_FAST_FREE, "fast-free");
        return names.isEmpty() ? "none" : String.join(" ", names);
    }

    /** As {@link #describeTx}, for RX capabilities. */
    public static String describeRx(long offloads) {
        List<String> names = new ArrayList<>();
        add(names, offloads, RX_IPV4_CHECKSUM, "ipv4-checksum");
        add(names, offloads, RX_UDP_CHECKSUM, "udp-checksum");
        add(names, offloads, RX_TCP_CHECKSUM, "tcp-checksum");
        add(names, offloads, RX_RSS_HASH, "rss-hash");
        return names.isEmpty() ? "none" : String.join(" ", names);
    }

    private static void add(List<String> names, long offloads, long bit, String name) {
        if ((offloads & bit) != 0) {
            names.add(name);
        }
    }
}
